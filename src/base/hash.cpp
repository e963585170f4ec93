#include "base/hash.h"

#include <sodium.h>
#define XXH_INLINE_ALL  // the streaming state needs its full definition
#include <xxhash.h>

#include <vector>

namespace tact {
namespace {

void require_sodium() {
  static const bool ready = sodium_init() >= 0;
  CHECK(ready);
}

template <std::size_t N>
std::array<std::uint8_t, N> keyed_hash(const std::array<std::uint8_t, 32>& key,
                                       std::string_view purpose, std::string_view message) {
  require_sodium();
  std::array<std::uint8_t, N> out{};
  crypto_generichash_state state;
  crypto_generichash_init(&state, key.data(), key.size(), N);
  const auto add = [&state](std::string_view bytes) {
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()),
                              bytes.size());
  };
  add(purpose);
  add(std::string_view("\0", 1));
  add(message);
  crypto_generichash_final(&state, out.data(), N);
  return out;
}

std::uint32_t fnv_unit(std::uint32_t hash, std::uint32_t unit) { return (hash ^ unit) * 16777619U; }

}  // namespace

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

struct Hash64Stream::State {
  XXH3_state_t hash;
};

Hash64Stream::Hash64Stream() : state_(std::make_unique<State>()) {
  XXH3_64bits_reset(&state_->hash);
}

Hash64Stream::~Hash64Stream() = default;

void Hash64Stream::add(std::string_view bytes) {
  XXH3_64bits_update(&state_->hash, bytes.data(), bytes.size());
}

std::uint64_t Hash64Stream::value() const { return XXH3_64bits_digest(&state_->hash); }

Sum128& Sum128::operator+=(const Sum128& other) {
  const std::uint64_t before = low;
  low += other.low;
  high += other.high + (low < before ? 1 : 0);
  return *this;
}

Sum128& Sum128::operator-=(const Sum128& other) {
  const std::uint64_t before = low;
  low -= other.low;
  high -= other.high + (low > before ? 1 : 0);
  return *this;
}

Sum128 hash128(std::string_view first, std::string_view second) {
  XXH3_state_t state;
  XXH3_128bits_reset(&state);
  XXH3_128bits_update(&state, first.data(), first.size());
  XXH3_128bits_update(&state, second.data(), second.size());
  const XXH128_hash_t hash = XXH3_128bits_digest(&state);
  return {hash.low64, hash.high64};
}

std::uint32_t fnv1a32_utf16(std::string_view utf8) {
  std::uint32_t hash = 2166136261U;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<std::uint8_t>(utf8[i]);
    const int length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (int k = 1; k < length && i + static_cast<std::size_t>(k) < utf8.size(); ++k) {
      code = code << 6 | (static_cast<std::uint8_t>(utf8[i + static_cast<std::size_t>(k)]) & 0x3FU);
    }
    i += static_cast<std::size_t>(length);
    if (code >= 0x10000) {  // a surrogate pair, as JavaScript's charCodeAt sees it
      hash = fnv_unit(hash, 0xD800 + ((code - 0x10000) >> 10));
      hash = fnv_unit(hash, 0xDC00 + ((code - 0x10000) & 0x3FF));
    } else {
      hash = fnv_unit(hash, code);
    }
  }
  return hash;
}

ContentHash content_hash(std::string_view bytes) {
  require_sodium();
  ContentHash hash;
  crypto_generichash(hash.bytes.data(), hash.bytes.size(),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr,
                     0);
  return hash;
}

InstallKey InstallKey::generate() {
  require_sodium();
  InstallKey key;
  randombytes_buf(key.key_.data(), key.key_.size());
  return key;
}

Result<InstallKey> InstallKey::from_hex(std::string_view hex) {
  require_sodium();
  InstallKey key;
  std::size_t size = 0;
  if (hex.size() != 64 ||
      sodium_hex2bin(key.key_.data(), key.key_.size(), hex.data(), hex.size(), nullptr, &size,
                     nullptr) != 0 ||
      size != 32) {
    return make_error(ErrorCode::kInvalid, "the install key must be 64 hex digits");
  }
  return key;
}

std::string InstallKey::to_hex() const { return tact::to_hex(key_.data(), key_.size()); }

VisitorId InstallKey::visitor_id(std::string_view kind, std::string_view external_id) const {
  return VisitorId{keyed_hash<16>(key_, kind, external_id)};
}

std::string InstallKey::pseudonym(std::string_view kind, std::string_view external_id) const {
  const auto hash = keyed_hash<16>(key_, kind, external_id);
  return tact::to_hex(hash.data(), hash.size());
}

std::uint64_t InstallKey::decision_mac(Partition partition, Offset offset,
                                       const VisitorId& visitor) const {
  std::string message(1, static_cast<char>(partition.value));
  for (int shift = 56; shift >= 0; shift -= 8) {
    message += static_cast<char>(offset.value >> shift & 0xFF);
  }
  message.append(reinterpret_cast<const char*>(visitor.bytes.data()), visitor.bytes.size());
  const auto hash = keyed_hash<16>(key_, "decision", message);
  std::uint64_t mac = 0;
  for (int i = 0; i < 8; ++i) mac = mac << 8 | hash[static_cast<std::size_t>(i)];
  return mac;
}

std::string InstallKey::derive_token(std::string_view purpose) const {
  return pseudonym("token", purpose);
}

std::string random_token(std::size_t bytes) {
  require_sodium();
  std::vector<std::uint8_t> buffer(bytes);
  randombytes_buf(buffer.data(), buffer.size());
  return to_hex(buffer.data(), buffer.size());
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace tact
