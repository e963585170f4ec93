#include "stats/shrinkage.h"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>

#include "stats/internal/boost_policy.h"

namespace tact::stats {
namespace {

// People are neither all-or-nothing nor exactly alike, whatever a small sample makes of them.
constexpr double kLeastWeight = 1.0;
constexpr double kMostWeight = 500.0;
// Where almost nobody was tried twice, nothing is known of how people differ.
constexpr std::uint64_t kEnoughPairs = 200;
constexpr double kUsualWeight = 20.0;

std::uint64_t pairs(std::uint64_t n) { return n == 0 ? 0 : n * (n - 1); }

// How people differ is itself known only by and by. One standard error more of it (that of equal
// people, mean (1 − mean) √(2 / pairs)) and the variance of the mean keep intervals honest
// meanwhile.
double weight_of(const RateSums& sums, double mean) {
  if (sums.trial_pairs < kEnoughPairs) return kUsualWeight;
  const auto of_pairs = static_cast<double>(sums.trial_pairs);
  const double second = static_cast<double>(sums.hit_pairs) / of_pairs;
  const double first = static_cast<double>(sums.mixed_pairs) / of_pairs;
  const double single = mean * (1.0 - mean);
  const double between = std::max(second - first * first, 0.0) + single * std::sqrt(2.0 / of_pairs);
  const auto trials = static_cast<double>(sums.trials);
  const double variance = between + (single * trials + between * of_pairs) / (trials * trials);
  return std::clamp(single / variance - 1.0, kLeastWeight, kMostWeight);
}

}  // namespace

void RateSums::add(std::uint64_t n, std::uint64_t k) {
  trials += n;
  hits += k;
  trial_pairs += pairs(n);
  hit_pairs += pairs(k);
  mixed_pairs += n == 0 ? 0 : k * (n - 1);
}

void RateSums::remove(std::uint64_t n, std::uint64_t k) {
  trials -= n;
  hits -= k;
  trial_pairs -= pairs(n);
  hit_pairs -= pairs(k);
  mixed_pairs -= n == 0 ? 0 : k * (n - 1);
}

void RateSums::merge(const RateSums& other) {
  trials += other.trials;
  hits += other.hits;
  trial_pairs += other.trial_pairs;
  hit_pairs += other.hit_pairs;
  mixed_pairs += other.mixed_pairs;
}

std::optional<PopulationRate> population_rate(const RateSums& sums) {
  const bool possible = sums.hits <= sums.trials && sums.hit_pairs <= sums.mixed_pairs &&
                        sums.mixed_pairs <= sums.trial_pairs;
  if (!possible || sums.trials < kEnoughTrials) return std::nullopt;
  // Half a hit and half a miss more: nobody so far is not never.
  const double mean =
      (static_cast<double>(sums.hits) + 0.5) / (static_cast<double>(sums.trials) + 1.0);
  return PopulationRate{mean, weight_of(sums, mean)};
}

Result<ShrunkRate> shrink(std::uint64_t n, std::uint64_t k, const PopulationRate& prior,
                          double alpha) {
  TACT_TRY(check_alpha(alpha));
  const bool is_prior = prior.mean > 0.0 && prior.mean < 1.0 && prior.weight > 0.0 &&
                        prior.weight <= 1e15;  // beyond, the beta distribution is lost
  if (k > n || !is_prior)
    return make_error(ErrorCode::kInvalid, "no share anybody can have, or no prior");
  const double hits = prior.mean * prior.weight + static_cast<double>(k);
  const double misses = (1.0 - prior.mean) * prior.weight + static_cast<double>(n - k);
  const auto at = [&](double tail) {
    return boost::math::ibeta_inv(hits, misses, tail, internal::NoThrowPolicy());
  };
  return ShrunkRate{hits / (hits + misses), {at(alpha / 2.0), at(1.0 - alpha / 2.0)}};
}

}  // namespace tact::stats
