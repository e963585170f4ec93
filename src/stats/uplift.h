// Does a score find those whom a treatment persuades? Uplift and Qini curves from a randomised
// comparison, with bootstrap intervals.
// Sources: Radcliffe (2007), "Using control groups to target on predicted lift"; Gutierrez &
// Gérardy (2017); Hanley & MacGibbon (2006) for the Poisson bootstrap.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "base/result.h"
#include "stats/inference.h"

namespace tact::stats {

struct ScoredOutcome {
  double score = 0.0;    // larger: treated first
  bool treated = false;  // by a random draw that did not look at the score
  double outcome = 0.0;  // 0/1, or money
};

struct UpliftOptions {
  double alpha = 0.05;
  int points = 10;       // of the curve, 1 to 1000, evenly over the visitors
  int resamples = 1000;  // 100 to 100,000
  std::uint64_t seed = 1;
  // Between two points of the curve are at least so many visitors of each arm, so that nothing can
  // be had of fewer by subtraction; points that would be closer are left out, all but the last.
  std::int64_t step_min = 0;
  std::stop_token stop;  // looked at before each resample
};

struct UpliftPoint {
  double fraction = 0.0;  // of all visitors, best scores first; a tie is not torn apart
  double gain = 0.0;      // outcome gained per visitor if this fraction is treated (Qini curve)
  Interval interval;      // of the gain, pointwise
};

struct Area {
  double estimate = 0.0;
  Interval interval;  // percentiles of the bootstrap
};

// With the best k visitors by score, of them n_t treated with outcomes y_t, n_c and y_c of control:
//   Qini curve    g(k) = (y_t - y_c n_t / n_c) / (all treated)
//   uplift curve  u(k) = (y_t / n_t - y_c / n_c) * k / (all)
// both 0 as long as an arm is missing, straight between the ends of ties. Outcome per visitor.
struct UpliftReport {
  std::vector<UpliftPoint> curve;
  Area qini;            // area between g and the straight line to its end: 0 for a random order
  Area auuc;            // area under u; half the effect for a random order
  Area effect;          // u at the end: the average effect
  bool enough = false;  // both arms have 50 visitors as gate.h counts them, whatever the shape
};

// kInvalid: an arm without visitors, anything not finite, options out of range; kUnavailable once
// asked to stop. Deterministic for a seed. O(n log n + n * resamples): 64,000 visitors, 10,000
// resamples: about 5 s.
Result<UpliftReport> evaluate_uplift(std::span<const ScoredOutcome> rows,
                                     const UpliftOptions& options = {});

}  // namespace tact::stats
