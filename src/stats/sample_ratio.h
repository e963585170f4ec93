// Did the visitors split as the weights say? A mismatch means that assignment, exposure or logging
// treats the arms differently; then no comparison of them can be trusted.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "stats/inference.h"

namespace tact::stats {

// For both tests: counts[i] >= 0 visitors of arm i, cumulative; weights[i] >= 0 its planned share
// on any scale. Arms of weight 0 take no part: neither their count nor a degree of freedom. They
// are not forgotten, though: look at `visitors_in_zero_weight_arms`.
// kInvalid: spans of different length, a negative count, a negative or non-finite weight, fewer
// than two arms with a positive weight. O(arms).

// For one look at a fixed time: Pearson's chi-squared.
struct ChiSquaredRatio {
  double statistic = 0.0;
  int df = 0;  // arms with a positive weight, less one
  PValue p;    // 1 without visitors
  std::int64_t visitors_in_zero_weight_arms = 0;
};
Result<ChiSquaredRatio> chi_squared_sample_ratio(std::span<const std::int64_t> counts,
                                                 std::span<const double> weights);

// For looking every day: Dirichlet-multinomial martingale (Lindon & Malek 2022, "Anytime-valid
// inference for multinomial count data", arXiv 2011.03567). The Bayes factor of a Dirichlet
// alternative centred on the planned split against the planned split itself; its inverse is an
// always-valid p-value. It depends on the counts only: however many looks they took, the evidence
// at the end is the same. Weights must stay as they are: start anew when the allocation changes.
inline constexpr double kSampleRatioConcentration = 10'000.0;

struct SequentialRatio {
  double log_evidence = 0.0;  // natural log of the Bayes factor at these counts; may be < 0
  PValue p;                   // running minimum over the looks so far: false alarms over all
                              // looks together happen with probability <= the threshold
  std::int64_t visitors_in_zero_weight_arms = 0;
};

// `log10_p_so_far` is p.log10_p of the look before (0 at the first). concentration > 0 is the
// prior's weight in visitors: larger reacts to smaller mismatches, later.
// kInvalid also for a log10_p_so_far above 0 or NaN. log_evidence is off by at most
// about 1e-12, or 1e-12 of itself where that is more, whatever the counts.
Result<SequentialRatio> sequential_sample_ratio(std::span<const std::int64_t> counts,
                                                std::span<const double> weights,
                                                double log10_p_so_far = 0.0,
                                                double concentration = kSampleRatioConcentration);

// The same question of many groups at once: every segment, every trigger of exposure. A split that
// is right in total can be wrong in each of two browsers.
struct RatioGroup {
  std::vector<std::int64_t> counts;  // by arm
  std::vector<double> weights;
};

struct RatioFamily {
  // By group, in the order given; absent where fewer than kFewestExpected visitors are expected in
  // an arm of positive weight: too few to say anything. Below kManyExpected p is not chi-squared's,
  // whose tail is too light for a twelfth of 5 % where 10 are expected, but the binomial's, exact:
  // each arm against the others, times their number when they are more than two.
  std::vector<std::optional<ChiSquaredRatio>> groups;
  std::vector<double> log10_p_adjusted;  // Holm over the groups that are there; 0 for the others
  std::optional<std::size_t> worst;      // the group with the smallest p; absent if none is there
  double log10_p = 0.0;                  // of "every group splits as planned": the worst, adjusted
  std::int64_t visitors_in_zero_weight_arms = 0;  // of all groups
};
inline constexpr double kFewestExpected = 5.0;
inline constexpr double kManyExpected = 1'000.0;

// For one look at a fixed time. For daily looks adjust each group's running minimum by holm().
// kInvalid as chi_squared_sample_ratio; `where` is the index of the group. O(groups * arms).
Result<RatioFamily> sample_ratio_family(std::span<const RatioGroup> groups);

}  // namespace tact::stats
