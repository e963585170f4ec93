// How often one person does something, of whom little is known: their own share, drawn towards
// everybody's by as much as people are alike (empirical Bayes, beta-binomial).
#pragma once

#include <cstdint>
#include <optional>

#include "stats/inference.h"

namespace tact::stats {

// What is kept over people: whole numbers, so that adding, taking away and merging are exact.
struct RateSums {
  std::uint64_t trials = 0, hits = 0;            // Σ n, Σ k
  std::uint64_t trial_pairs = 0, hit_pairs = 0;  // Σ n (n − 1), Σ k (k − 1)
  std::uint64_t mixed_pairs = 0;                 // Σ k (n − 1)
  bool operator==(const RateSums&) const = default;

  void add(std::uint64_t n, std::uint64_t k);     // one person; 0 ≤ k ≤ n < 2^32
  void remove(std::uint64_t n, std::uint64_t k);  // one that was added with just these
  void merge(const RateSums& other);
};

// People's rates are Beta(mean · weight, (1 − mean) · weight): `weight` trials of one's own say as
// much as everybody else's do.
struct PopulationRate {
  double mean = 0.0;
  double weight = 0.0;
};

inline constexpr std::uint64_t kEnoughTrials = 200;  // fewer tell nothing about people in general

// By the method of moments: E k (k − 1) = n (n − 1) E p², E k (n − 1) = n (n − 1) E p, so that the
// same weights stand on both and their errors cancel. nullopt below kEnoughTrials, and where the
// sums are none that people can have.
std::optional<PopulationRate> population_rate(const RateSums& sums);

struct ShrunkRate {
  double rate = 0.0;  // the posterior mean
  Interval interval;  // of the person's true rate, 1 − alpha, equal tails
};

// Of somebody who did it k of n times. kInvalid for k > n, a prior that is none (or of a weight
// above 10^15), or a bad alpha. The interval takes the prior as known: it is honest over people,
// not for one chosen by hand.
Result<ShrunkRate> shrink(std::uint64_t n, std::uint64_t k, const PopulationRate& prior,
                          double alpha = 0.05);

}  // namespace tact::stats
