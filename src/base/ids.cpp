#include "base/ids.h"

#include <cstring>

namespace tact {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford
constexpr std::size_t kDecisionBytes = 17;
constexpr std::size_t kDecisionDigits = 28;  // ⌈17 · 8 / 5⌉

bool read_hex(std::string_view text, std::uint8_t* out, std::size_t size) {
  if (text.size() != size * 2) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t digit = kHex.find(text[i]);
    if (digit == std::string_view::npos) return false;
    out[i / 2] = static_cast<std::uint8_t>((i % 2 == 0) ? digit << 4 : (out[i / 2] | digit));
  }
  return true;
}

template <typename Id>
std::optional<Id> parse_prefixed_hex(std::string_view text, std::string_view prefix) {
  Id id;
  if (!text.starts_with(prefix) ||
      !read_hex(text.substr(prefix.size()), id.bytes.data(), id.bytes.size())) {
    return std::nullopt;
  }
  return id;
}

void put_u64(std::uint8_t* out, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
}

std::uint64_t get_u64(const std::uint8_t* in) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | in[i];
  return value;
}

}  // namespace

std::string to_hex(const std::uint8_t* data, std::size_t size) {
  std::string out;
  out.reserve(size * 2);
  for (std::size_t i = 0; i < size; ++i) {
    out += kHex[data[i] >> 4];
    out += kHex[data[i] & 15];
  }
  return out;
}

std::string VisitorId::to_text() const { return "v_" + to_hex(bytes.data(), bytes.size()); }

std::optional<VisitorId> VisitorId::parse(std::string_view text) {
  return parse_prefixed_hex<VisitorId>(text, "v_");
}

std::size_t VisitorIdHash::operator()(const VisitorId& id) const {
  std::size_t hash = 0;  // the id is already a hash; any eight bytes of it will do
  std::memcpy(&hash, id.bytes.data() + 8, sizeof hash);
  return hash;
}

std::string ContentHash::to_text() const { return "b2:" + to_hex(bytes.data(), bytes.size()); }

std::optional<ContentHash> ContentHash::parse(std::string_view text) {
  return parse_prefixed_hex<ContentHash>(text, "b2:");
}

std::string DecisionId::to_text() const {
  std::array<std::uint8_t, kDecisionBytes> raw{};
  raw[0] = partition.value;
  put_u64(raw.data() + 1, offset.value);
  put_u64(raw.data() + 9, mac);
  std::string out = "d_";
  out.reserve(out.size() + kDecisionDigits);
  unsigned pending = 0;  // its last `bits` bits are not written yet
  unsigned bits = 0;
  for (const std::uint8_t byte : raw) {
    pending = pending << 8 | byte;
    for (bits += 8; bits >= 5; bits -= 5) out += kBase32[pending >> (bits - 5) & 31U];
  }
  if (bits > 0) out += kBase32[pending << (5 - bits) & 31U];
  return out;
}

std::optional<DecisionId> DecisionId::parse(std::string_view text) {
  if (!text.starts_with("d_") || text.size() != 2 + kDecisionDigits) return std::nullopt;
  std::array<std::uint8_t, kDecisionBytes + 1> raw{};
  for (std::size_t digit = 0; digit < kDecisionDigits; ++digit) {
    const std::size_t five = kBase32.find(text[digit + 2]);
    if (five == std::string_view::npos) return std::nullopt;
    for (std::size_t i = 0; i < 5; ++i) {
      const std::size_t bit = digit * 5 + i;
      if ((five >> (4 - i) & 1U) != 0)
        raw[bit / 8] |= static_cast<std::uint8_t>(1U << (7 - bit % 8));
    }
  }
  if (raw[kDecisionBytes] != 0) return std::nullopt;  // one id has one spelling
  return DecisionId{Partition{raw[0]}, Offset{get_u64(raw.data() + 1)}, get_u64(raw.data() + 9)};
}

}  // namespace tact
