// Integer mathematics for the pure core. glibc's exp, log and pow give different last bits on
// different CPUs; these give the same everywhere, so that state = fold(history) on any machine.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace tact {

// 2^(fraction / 2^32) in Q32: 2^32 … 2^33-1. Error < 2 units in the last place of Q31.
std::uint64_t exp2_fraction_q32(std::uint32_t fraction);

// strength / half-life: 2^(-age / half_life) in Q32; 0 after 32 half-lives. Ages below 0 count as
// 0.
std::uint64_t decay_q32(Duration age, Duration half_life);

// Log-odds in thousandths, probabilities in millionths: what intents are computed in.
struct Points {
  std::int32_t milli = 0;
  auto operator<=>(const Points&) const = default;
};
struct Probability {
  std::int32_t ppm = 0;  // 0 … 1,000,000
  auto operator<=>(const Probability&) const = default;
  double as_double() const { return ppm / 1e6; }  // for printing only
  int percent() const { return (ppm + 5'000) / 10'000; }
};
Probability logistic(Points log_odds);  // 1 / (1 + e^-x)
Points log_odds(Probability p);  // the least x with logistic(x) ≥ p; p clamped to [1, 999999] ppm

}  // namespace tact
