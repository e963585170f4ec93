#include "base/fixed.h"

#include <array>

namespace tact {
namespace {

__extension__ using U128 = unsigned __int128;
__extension__ using I128 = __int128;

constexpr std::uint64_t kOneQ63 = 1ULL << 63;

constexpr std::uint64_t sqrt_u128(U128 value) {
  std::uint64_t root = 0;
  for (int bit = 63; bit >= 0; --bit) {
    const std::uint64_t candidate = root | 1ULL << bit;
    if (U128{candidate} * candidate <= value) root = candidate;
  }
  return root;
}

// roots[k] = 2^(2^-k) in Q62, by taking square roots of 2 again and again.
constexpr std::array<std::uint64_t, 17> make_roots() {
  std::array<std::uint64_t, 17> roots{};
  roots[0] = 1ULL << 63;  // 2 in Q62
  for (std::size_t k = 1; k < roots.size(); ++k) roots[k] = sqrt_u128(U128{roots[k - 1]} << 62);
  return roots;
}
constexpr auto kRoots = make_roots();

// table[i] = 2^(i / 2^(8·(group+1))) in Q62
constexpr std::array<std::uint64_t, 256> make_table(std::size_t group) {
  std::array<std::uint64_t, 256> table{};
  for (std::size_t i = 0; i < 256; ++i) {
    std::uint64_t product = 1ULL << 62;
    for (std::size_t bit = 0; bit < 8; ++bit) {
      if ((i >> bit & 1U) != 0) {
        product = static_cast<std::uint64_t>(U128{product} * kRoots[8 * (group + 1) - bit] >> 62);
      }
    }
    table[i] = product;
  }
  return table;
}
constexpr auto kHigh = make_table(0);
constexpr auto kMiddle = make_table(1);
constexpr std::uint64_t kLn2Q32 = 2977044472ULL;  // ln 2 · 2^32, rounded
constexpr std::int64_t kLog2EQ32 = 6196328019LL;  // log2 e · 2^32, rounded

// 2^exponent in Q32 for a Q32 exponent; 0 below -32, saturated above 30.
std::uint64_t exp2_q32(std::int64_t exponent_q32) {
  const std::int64_t whole = exponent_q32 >> 32;
  const auto fraction = static_cast<std::uint32_t>(exponent_q32 & 0xFFFFFFFF);
  if (whole < -32) return 0;
  if (whole > 30) return kOneQ63 - 1;
  const std::uint64_t mantissa = exp2_fraction_q32(fraction);
  return whole >= 0 ? mantissa << whole : mantissa >> -whole;
}

}  // namespace

std::uint64_t exp2_fraction_q32(std::uint32_t fraction) {
  // f = a/2^8 + b/2^16 + r/2^32 with r < 2^16: the last factor is 1 + r·ln2/2^32 up to 2^-33.
  const std::uint64_t high = kHigh[fraction >> 24];
  const std::uint64_t middle = kMiddle[fraction >> 16 & 0xFF];
  const std::uint64_t low = (1ULL << 62) + ((fraction & 0xFFFF) * kLn2Q32 >> 2);
  const auto product = static_cast<std::uint64_t>(U128{high} * middle >> 62);
  return static_cast<std::uint64_t>(U128{product} * low >> 92);
}

std::uint64_t decay_q32(Duration age, Duration half_life) {
  if (age.count() <= 0) return 1ULL << 32;
  if (half_life.count() <= 0 || age.count() / half_life.count() >= 32) return 0;
  const auto exponent =
      static_cast<std::int64_t>((U128(static_cast<std::uint64_t>(age.count())) << 32) /
                                static_cast<std::uint64_t>(half_life.count()));
  return exp2_q32(-exponent);
}

Probability logistic(Points log_odds) {
  const auto exponent = static_cast<std::int64_t>(-I128{log_odds.milli} * kLog2EQ32 / 1000);
  const std::uint64_t odds_against = exp2_q32(exponent);
  const U128 one = U128{1} << 32;
  return {static_cast<std::int32_t>((one * 1'000'000 + (one + odds_against) / 2) /
                                    (one + odds_against))};
}

Points log_odds(Probability p) {
  const std::int32_t wanted = p.ppm < 1 ? 1 : p.ppm > 999'999 ? 999'999 : p.ppm;
  std::int32_t low = -14'000;
  std::int32_t high = 14'000;
  while (low < high) {
    const std::int32_t middle = low + (high - low) / 2;
    if (logistic({middle}).ppm >= wanted) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return {low};
}

}  // namespace tact
