// No interval, p-value or verdict before every arm has enough visitors with a non-zero outcome.
// Until then the report says "not enough data yet" and when to expect it.
//
// Why: with few buyers in the small arm a sample variance is too small too often. Welch at 95/5
// covers 80-90 % below 3,000 controls, and the confidence sequence raises false alarms in 52 % of
// A/A runs; behind this gate 94.2-94.7 %, and at most 3 %.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"

namespace tact::stats {

inline constexpr std::int64_t kGateNonzeroVisitors = 50;

struct ArmShortfall {
  std::size_t arm = 0;       // index into the counts given
  std::int64_t have = 0;     // visitors with a non-zero outcome
  std::int64_t missing = 0;  // > 0
  // Further time at the arm's rate so far; absent when that rate is 0 or no time has passed.
  std::optional<double> expected_s;
};

struct GateReport {
  bool open = false;                  // every arm has enough
  std::vector<ArmShortfall> lacking;  // in the order of the arms; empty when open
  // Until the slowest arm is there; 0 when open, absent when any lacking arm's time is unknown.
  std::optional<double> expected_s;
};

// nonzero[i]: SampleMoments::nonzero of arm i, all arms including control. elapsed_s: seconds since
// the first exposure. kInvalid: no arm, a negative count, elapsed_s negative or not finite, or
// required < 1. O(arms).
Result<GateReport> check_gate(std::span<const std::int64_t> nonzero, double elapsed_s,
                              std::int64_t required = kGateNonzeroVisitors);

}  // namespace tact::stats
