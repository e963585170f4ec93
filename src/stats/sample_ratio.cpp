#include "stats/sample_ratio.h"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/log1p.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "stats/adjust.h"
#include "stats/chi_squared.h"
#include "stats/internal/boost_policy.h"

namespace tact::stats {
namespace {

struct Totals {
  double weight = 0.0;
  double visitors = 0.0;  // in arms with a positive weight
  int arms = 0;           // with a positive weight
  std::int64_t visitors_elsewhere = 0;
};

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

Result<Totals> add_up(std::span<const std::int64_t> counts, std::span<const double> weights) {
  if (counts.size() != weights.size()) return invalid("as many weights as counts are needed");
  Totals totals;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] < 0) return invalid("a count is negative");
    if (!std::isfinite(weights[i]) || weights[i] < 0.0) {
      return invalid("a weight is negative or not finite");
    }
    if (weights[i] == 0.0) {
      if (__builtin_add_overflow(totals.visitors_elsewhere, counts[i],
                                 &totals.visitors_elsewhere)) {
        return invalid("the counts overflow");
      }
      continue;
    }
    totals.weight += weights[i];
    totals.visitors += static_cast<double>(counts[i]);
    totals.arms += 1;
  }
  if (totals.arms < 2) return invalid("fewer than two arms have a positive weight");
  if (!std::isfinite(totals.weight)) return invalid("the weights overflow");
  return totals;
}

// Visitors expected in the smallest arm of positive weight. Valid counts and weights only.
double fewest_expected(std::span<const std::int64_t> counts, std::span<const double> weights) {
  double visitors = 0.0;
  double total = 0.0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (weights[i] == 0.0) continue;
    visitors += static_cast<double>(counts[i]);
    total += weights[i];
    least = std::min(least, weights[i]);
  }
  return visitors * (least / total);
}

// log10 of the probability of a count as far off as this or further, twice the smaller tail of the
// binomial: never more false alarms than it says. NaN where a double cannot hold the tail.
double exact_log10_p(double count, double visitors, double share) {
  const internal::NoThrowPolicy policy;
  const double below =
      count >= visitors ? 1.0 : boost::math::ibetac(count + 1.0, visitors - count, share, policy);
  const double above =
      count <= 0.0 ? 1.0 : boost::math::ibeta(count, visitors - count + 1.0, share, policy);
  const double p = std::min(1.0, 2.0 * std::min(below, above));
  return p > 1e-290 ? std::log10(p) : std::numeric_limits<double>::quiet_NaN();
}

// Each arm against the others, the worst one times the number of arms (two arms are one question).
PValue exact_p(std::span<const std::int64_t> counts, std::span<const double> weights,
               const PValue& otherwise) {
  const Totals totals = *add_up(counts, weights);
  double worst = 0.0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (weights[i] == 0.0) continue;
    const double log10_p =
        exact_log10_p(static_cast<double>(counts[i]), totals.visitors, weights[i] / totals.weight);
    if (std::isnan(log10_p)) return otherwise;
    worst = std::min(worst, log10_p);
  }
  const double questions = totals.arms == 2 ? 1.0 : totals.arms;
  const double log10_p = std::min(0.0, worst + std::log10(questions));
  return {std::pow(10.0, log10_p), log10_p};
}

// Not std::lgamma, which writes the global `signgam`: a data race.
double log_gamma(double x) { return boost::math::lgamma(x, internal::NoThrowPolicy()); }

// What Stirling's formula leaves of log-gamma (DLMF 5.11.1):
// log G(z) = (z - 1/2) log z - z + log(2 pi) / 2 + this.
double beyond_stirling(double z) {
  constexpr double kHalfLogTwoPi = 0.91893853320467274178;
  if (z < 16.0) return log_gamma(z) - ((z - 0.5) * std::log(z) - z + kHalfLogTwoPi);
  const double y = 1.0 / z, yy = y * y;
  return y * (1.0 / 12 - yy * (1.0 / 360 - yy * (1.0 / 1260 - yy * (1.0 / 1680 - yy / 1188))));
}

// (1 + e) log(1 + e) - e, e >= -1.
double divergence(double e) {
  if (e <= -1.0) return 1.0;
  if (std::fabs(e) > 0.5) return (1.0 + e) * std::log1p(e) - e;
  return (1.0 + e) * boost::math::log1pmx(e, internal::NoThrowPolicy()) + e * e;
}

// log(1 + count / prior)
double log_growth(double count, double prior) {
  return count > prior ? std::log(prior + count) - std::log(prior) : std::log1p(count / prior);
}

// count - n * weight / total, where the weights' quotient would be off by a rounding of n.
double excess_of(double count, double n, double weight, double total) {
  int exponent = 0;
  total = std::frexp(total, &exponent);
  weight = std::ldexp(weight, -exponent);
  const double product = n * weight;
  return (std::fma(count, total, -product) - std::fma(n, weight, -product)) / total;
}

// log of  G(k) / G(k + n) * prod_i G(k w_i + c_i) / (G(k w_i) w_i^c_i),  G = gamma, k the
// concentration. With Stirling's formula in each place the large terms are, exactly, (k + n) w_i
// divergence(e_i), e_i the arm's excess over (k + n) w_i: nothing of the size of n log n is left to
// cancel.
double log_evidence_of(std::span<const std::int64_t> counts, std::span<const double> weights,
                       const Totals& totals, double concentration) {
  const double n = totals.visitors;
  const double all = concentration + n;
  constexpr double kLeast = std::numeric_limits<double>::min();
  double sum =
      0.5 * log_growth(n, concentration) + beyond_stirling(concentration) - beyond_stirling(all);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (weights[i] == 0.0) continue;
    const double share = std::max(weights[i] / totals.weight, kLeast);
    const auto count = static_cast<double>(counts[i]);
    const double prior = std::max(concentration * share, kLeast);
    const double excess = excess_of(count, n, weights[i], totals.weight);
    sum += all * share * divergence(excess / (all * share));
    sum -= 0.5 * log_growth(count, prior);
    if (counts[i] > 0) sum += beyond_stirling(prior + count) - beyond_stirling(prior);
  }
  return sum;
}

}  // namespace

Result<ChiSquaredRatio> chi_squared_sample_ratio(std::span<const std::int64_t> counts,
                                                 std::span<const double> weights) {
  TACT_ASSIGN(const Totals totals, add_up(counts, weights));
  ChiSquaredRatio result;
  result.df = totals.arms - 1;
  result.visitors_in_zero_weight_arms = totals.visitors_elsewhere;
  if (totals.visitors == 0.0) return result;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (weights[i] == 0.0) continue;
    const double expected = totals.visitors * (weights[i] / totals.weight);
    const double excess = static_cast<double>(counts[i]) - expected;
    result.statistic += excess * excess / expected;
  }
  result.p = chi_squared_p_value(result.statistic, result.df);
  return result;
}

Result<SequentialRatio> sequential_sample_ratio(std::span<const std::int64_t> counts,
                                                std::span<const double> weights,
                                                double log10_p_so_far, double concentration) {
  TACT_ASSIGN(const Totals totals, add_up(counts, weights));
  if (!(log10_p_so_far <= 0.0)) return invalid("a p-value so far above 1");
  if (!(concentration > 0.0) || !std::isfinite(concentration)) {
    return invalid("the concentration must be positive");
  }
  SequentialRatio result;
  result.visitors_in_zero_weight_arms = totals.visitors_elsewhere;
  const double log_evidence = log_evidence_of(counts, weights, totals, concentration);
  result.log_evidence = log_evidence;
  result.p = p_from_log(-log_evidence);
  if (log10_p_so_far < result.p.log10_p) {
    result.p = PValue{std::pow(10.0, log10_p_so_far), log10_p_so_far};
  }
  return result;
}

Result<RatioFamily> sample_ratio_family(std::span<const RatioGroup> groups) {
  RatioFamily family;
  family.groups.resize(groups.size());
  family.log10_p_adjusted.resize(groups.size());
  std::vector<double> log10_p;
  std::vector<std::size_t> tested;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto& [counts, weights] = groups[i];
    auto ratio = chi_squared_sample_ratio(counts, weights);
    if (!ratio) {
      Error error = ratio.error();
      error.where = std::to_string(i);
      return error;
    }
    family.visitors_in_zero_weight_arms += ratio->visitors_in_zero_weight_arms;
    const double fewest = fewest_expected(counts, weights);
    if (!(fewest >= kFewestExpected)) continue;
    if (fewest < kManyExpected) ratio->p = exact_p(counts, weights, ratio->p);
    log10_p.push_back(ratio->p.log10_p);
    tested.push_back(i);
    if (!family.worst || ratio->p.log10_p < family.groups[*family.worst]->p.log10_p) {
      family.worst = i;
    }
    family.groups[i] = *ratio;
  }
  TACT_ASSIGN(const std::vector<double> adjusted, holm(log10_p));
  for (std::size_t k = 0; k < tested.size(); ++k) family.log10_p_adjusted[tested[k]] = adjusted[k];
  if (family.worst) family.log10_p = family.log10_p_adjusted[*family.worst];
  return family;
}

}  // namespace tact::stats
