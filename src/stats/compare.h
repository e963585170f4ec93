// Everything one comparison of two arms says, in one call: the difference and the lift at one fixed
// time, the same for looking every day, and, labelled as such, what other tools print.
#pragma once

#include <optional>

#include "stats/fieller.h"
#include "stats/inference.h"
#include "stats/moments.h"
#include "stats/sequential.h"
#include "stats/welch.h"

namespace tact::stats {

// Relative lift as most tools print it: delta method, which takes the lift for normal. It covers
// 81 % where Fieller covers 94 %, and its sequence gives 31 % false alarms; for comparison only.
struct DeltaLift {
  double estimate = 0.0;  // (treatment - control) / |control|
  double standard_error = 0.0;
  double df = 0.0;  // Welch's, of the absolute difference
  Interval interval;
  PValue p;
};

// kInvalid as welch_difference, or a control whose mean is 0. O(1).
Result<DeltaLift> delta_lift(const ArmSummary& treatment, const ArmSummary& control,
                             double alpha = 0.05, Alternative alternative = Alternative::kTwoSided);

// The lifts not rejected at `critical` standard errors of treatment - ratio * control, on the side
// of the alternative: kGreater bounds the lift from below, kLess from above, kTwoSided both
// (lift_by_inversion). One-sided sets are bounded only where the two-sided set at the same critical
// value is; otherwise kWholeLine, which is never too narrow. O(1).
Result<LiftSet> lift_on_side(const ArmSummary& treatment, const ArmSummary& control,
                             double critical, Alternative alternative);

struct CompareOptions {
  double alpha = 0.05;
  Alternative alternative = Alternative::kTwoSided;
  std::optional<double> tuning_visitors =
      5000.0;  // N* of sequential.h; absent: no always-valid part
};

struct Comparison {
  Difference difference;
  LiftSet lift;                    // Fieller's set; one-sided by inversion
  std::optional<DeltaLift> delta;  // absent where the control's mean is 0
  std::optional<SequentialDifference> sequence;
  std::optional<LiftSet> sequence_lift;  // by inversion of the sequence, on the same side
};

// kInvalid as welch_difference and sequential_difference. Swapping the arms (and kGreater with
// kLess) flips the signs of both differences bit for bit. O(1), about 3 us.
Result<Comparison> compare(const ArmSummary& treatment, const ArmSummary& control,
                           const CompareOptions& options = {});

// At least so many visitors had a non-zero outcome (Cauchy-Schwarz), for gate.h where nobody
// counted them: ceil(sum^2 / sum_squares). 0 without outcomes.
std::int64_t nonzero_at_least(double sum, double sum_squares);

}  // namespace tact::stats
