#include "base/blake2b.h"

#include <bit>
#include <cstddef>
#include <cstring>
#include <utility>

namespace tact {
namespace {

constexpr std::size_t kBlock = 128, kWords = 16;
using State = std::array<std::uint64_t, 8>;
using Block = std::array<std::uint64_t, kWords>;

// RFC 7693, 2.6 and 2.7.
constexpr State kStart = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                          0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                          0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
constexpr std::uint64_t kParameters = 0x01010020;  // depth 1, fanout 1, no key, 32 bytes
constexpr std::array<std::array<std::uint8_t, kWords>, 10> kOrder = {
    {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
     {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
     {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
     {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
     {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
     {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
     {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
     {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
     {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
     {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}}};

[[gnu::always_inline]] inline void mix(std::uint64_t& a, std::uint64_t& b, std::uint64_t& c,
                                       std::uint64_t& d, std::uint64_t x, std::uint64_t y) {
  a += b + x;
  d = std::rotr(d ^ a, 32);
  c += d;
  b = std::rotr(b ^ c, 24);
  a += b + y;
  d = std::rotr(d ^ a, 16);
  c += d;
  b = std::rotr(b ^ c, 63);
}

// The order of words is known when this is compiled: every round is code of its own.
template <std::size_t kRound>
[[gnu::always_inline]] inline void round(std::array<std::uint64_t, kWords>& v, const Block& m) {
  constexpr auto& s = kOrder[kRound % kOrder.size()];
  mix(v[0], v[4], v[8], v[12], m[s[0]], m[s[1]]);
  mix(v[1], v[5], v[9], v[13], m[s[2]], m[s[3]]);
  mix(v[2], v[6], v[10], v[14], m[s[4]], m[s[5]]);
  mix(v[3], v[7], v[11], v[15], m[s[6]], m[s[7]]);
  mix(v[0], v[5], v[10], v[15], m[s[8]], m[s[9]]);
  mix(v[1], v[6], v[11], v[12], m[s[10]], m[s[11]]);
  mix(v[2], v[7], v[8], v[13], m[s[12]], m[s[13]]);
  mix(v[3], v[4], v[9], v[14], m[s[14]], m[s[15]]);
}

std::uint64_t little_endian(std::uint64_t word) {
  return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

// `so_far`: bytes with this block.
void compress(State& h, const char* block, std::uint64_t so_far, bool last) {
  Block m;
  std::memcpy(m.data(), block, kBlock);
  for (std::uint64_t& word : m) word = little_endian(word);
  std::array<std::uint64_t, kWords> v;
  for (std::size_t i = 0; i < h.size(); ++i) {
    v[i] = h[i];
    v[i + h.size()] = kStart[i];
  }
  v[12] ^= so_far;
  if (last) v[14] = ~v[14];
  [&]<std::size_t... kRound>(std::index_sequence<kRound...>) {
    (round<kRound>(v, m), ...);
  }(std::make_index_sequence<12>());
  for (std::size_t i = 0; i < h.size(); ++i) h[i] ^= v[i] ^ v[i + h.size()];
}

}  // namespace

std::array<std::uint8_t, 32> blake2b_256(std::string_view bytes) {
  State h = kStart;
  h[0] ^= kParameters;
  std::size_t at = 0;
  for (; bytes.size() - at > kBlock; at += kBlock) {
    compress(h, bytes.data() + at, at + kBlock, false);
  }
  std::array<char, kBlock> end{};
  bytes.copy(end.data(), kBlock, at);
  compress(h, end.data(), bytes.size(), true);
  std::array<std::uint8_t, 32> digest;
  for (std::size_t i = 0; i < digest.size() / sizeof(h[0]); ++i) h[i] = little_endian(h[i]);
  std::memcpy(digest.data(), h.data(), digest.size());
  return digest;
}

}  // namespace tact
