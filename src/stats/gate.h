// No interval, p-value or verdict before every arm has enough visitors with a non-zero outcome (of
// a share, with the rarer of both), and more of them where a few large amounts make most of it and
// the split is uneven. Until then the report says "not enough data yet" and when to expect it.
//
// Why 50: with few buyers in the small arm a sample variance is too small too often. Welch at 95/5
// covers 80-90 % below 3,000 controls, and the confidence sequence raises false alarms in 52 % of
// A/A runs; behind this gate 94.2-94.7 %, and at most 3 %. A share varies by whichever is rarer,
// who has the outcome or who has not: at 99 % and 95/5 the sequence raised false alarms in 46 % of
// A/A runs behind a gate that counted the former.
//
// Why more: an interval errs by the skewness of the difference of means, one end by
// 0.11 x skewness at 95 % (Hall 1992, section 2.6; Cao and Politis 2002 for two samples). Arms of
// equal size cancel it. With b buyers in the smaller of two arms and r < 1 its size over the
// larger's, it is
//   sqrt(u^3 / b) (1 - r) / sqrt(1 + r),   u = nonzero sum x^2 / (sum x)^2:
// u amounts vary like one of as many equal ones. u is of all arms together, because a small arm
// that happens to have no large amount yet looks even. Without third moments u^3 / b stands for the
// squared skewness of the smaller arm's mean: right where all who buy spend alike and where amounts
// are log-normal, its root 5 to 37 % too high on CDNOW and Hillstrom. b is counted at the rate of
// all arms, too: a gate that asks the small arm for b of its own lets through the samples that
// happen to have more. Where 50 are enough by this, 50 it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "stats/moments.h"

namespace tact::stats {

inline constexpr std::int64_t kGateNonzeroVisitors = 50;
// Of the difference of means, at most: for two-sided intervals and everything always-valid, and for
// one-sided intervals for one look (docs/decisions/0011-uneven-money-waits.md).
inline constexpr double kGateSkewness = 0.25;
inline constexpr double kGateSkewnessOneSided = 0.10;

struct ArmShortfall {
  std::size_t arm = 0;       // index into the counts given
  std::int64_t have = 0;     // visitors with a non-zero outcome, or without (below)
  std::int64_t missing = 0;  // > 0
  // Further time at the arm's rate so far; absent when that rate is 0 or no time has passed.
  std::optional<double> expected_s;
  bool uneven = false;   // more than `required` are asked for
  bool without = false;  // of a share: those without the outcome are the rarer, and are asked for
};

struct GateReport {
  bool open = false;                  // every arm has enough
  std::vector<ArmShortfall> lacking;  // in the order of the arms; empty when open
  // Until the slowest arm is there; 0 when open, absent when any lacking arm's time is unknown.
  std::optional<double> expected_s;
};

// counts[i]: of arm i, all arms including control. elapsed_s: seconds since the first exposure.
// kInvalid: no arm, a negative count, elapsed_s negative or not finite, or required < 1. O(arms).
// For counts of events; for outcomes see below.
Result<GateReport> check_gate(std::span<const std::int64_t> counts, double elapsed_s,
                              std::int64_t required = kGateNonzeroVisitors);

// For check_gate() where only their number counts, not the shape of amounts.
inline constexpr double kAnySkewness = std::numeric_limits<double>::infinity();

// The same for outcomes, control first, every other arm compared with it: in the smaller arm of
// each pair as many more as keep the skewness of their difference at `skewness`. Of kProportion the
// rarer of who has the outcome (`nonzero`) and who has not, arm by arm. Where an outcome is
// negative as well (refunds), u rises and the gate asks for more than is needed; sums that cancel
// keep it closed. kInvalid: as above, sums that are not finite, nonzero > n, skewness not above 0.
Result<GateReport> check_gate(std::span<const SampleMoments> arms, OutcomeKind kind,
                              double elapsed_s, double skewness = kGateSkewness);

// kProportion where every amount of all arms is 0 or 1, whatever the outcome is called: a goal that
// nobody reaches twice is a share. O(arms).
OutcomeKind kind_seen(std::span<const SampleMoments> arms);

}  // namespace tact::stats
