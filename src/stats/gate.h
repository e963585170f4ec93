// No interval, p-value or verdict before every arm has enough visitors with a non-zero outcome, and
// more of them where a few large amounts make most of it and the split is uneven. Until then the
// report says "not enough data yet" and when to expect it.
//
// Why 50: with few buyers in the small arm a sample variance is too small too often. Welch at 95/5
// covers 80-90 % below 3,000 controls, and the confidence sequence raises false alarms in 52 % of
// A/A runs; behind this gate 94.2-94.7 %, and at most 3 %.
//
// Why more: an interval errs by the skewness of the difference of means, one end by
// 0.11 × skewness at 95 % (Hall 1992, section 2.6; Cao and Politis 2002 for two samples). Arms of
// equal size cancel it; with n_s visitors in the smaller and r n_s in the larger arm it is
//   g (1 - 1/r) / sqrt((1 + 1/r) n_s),
// with g the skewness of one visitor's outcome. g is of all arms together, because a small arm
// that happens to have no large amount yet looks even; and without third moments it is taken as
// nonzero sqrt(n) / e^1.5, with e = (sum x)^2 / sum x^2 the number of equal amounts that would vary
// as much: right where all who buy spend alike and where amounts are log-normal, 5 to 37 % above
// the truth on CDNOW and Hillstrom.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "stats/moments.h"

namespace tact::stats {

inline constexpr std::int64_t kGateNonzeroVisitors = 50;
// Of the difference of means, at most: for two-sided intervals and everything always-valid, and for
// one-sided intervals for one look (docs/decisions/0011-uneven-money-waits.md).
inline constexpr double kGateSkewness = 0.30;
inline constexpr double kGateSkewnessOneSided = 0.09;

struct ArmShortfall {
  std::size_t arm = 0;       // index into the counts given
  std::int64_t have = 0;     // visitors with a non-zero outcome
  std::int64_t missing = 0;  // > 0
  // Further time at the arm's rate so far; absent when that rate is 0 or no time has passed.
  std::optional<double> expected_s;
  bool uneven = false;  // more than `required` are asked for
};

struct GateReport {
  bool open = false;                  // every arm has enough
  std::vector<ArmShortfall> lacking;  // in the order of the arms; empty when open
  // Until the slowest arm is there; 0 when open, absent when any lacking arm's time is unknown.
  std::optional<double> expected_s;
};

// nonzero[i]: SampleMoments::nonzero of arm i, all arms including control. elapsed_s: seconds since
// the first exposure. kInvalid: no arm, a negative count, elapsed_s negative or not finite, or
// required < 1. O(arms). For counts of events; for outcomes see below.
Result<GateReport> check_gate(std::span<const std::int64_t> nonzero, double elapsed_s,
                              std::int64_t required = kGateNonzeroVisitors);

// The same for outcomes, control first, every other arm compared with it: in the smaller arm of
// each pair as many more as keep the skewness of their difference at `skewness`. Where an outcome
// is negative as well (refunds), e falls and the gate asks for more than is needed; sums that
// cancel keep it closed. kInvalid: as above, sums that are not finite, skewness not above 0.
Result<GateReport> check_gate(std::span<const SampleMoments> arms, double elapsed_s,
                              double skewness = kGateSkewness);

}  // namespace tact::stats
