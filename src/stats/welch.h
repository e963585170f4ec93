// Difference of two means, treatment - control, with unequal variances: for one look at a fixed
// time. For looking every day use sequential.h. Ask gate.h first.
// Source: Welch (1947), Satterthwaite (1946).
#pragma once

#include "stats/inference.h"
#include "stats/moments.h"

namespace tact::stats {

struct Difference {
  double estimate = 0.0;        // treatment - control, outcome per visitor
  double standard_error = 0.0;  // of the estimate, > 0
  double df = 0.0;              // Welch-Satterthwaite; a proportion counts as n - 1, too
  Interval interval;            // level 1 - alpha
  PValue p;                     // of "no difference"
};

// Swapping the arms (and kGreater with kLess) gives the same bits with the signs flipped.
// kInvalid: alpha outside (0, 0.5), an arm check_arm() refuses, or no variance in either arm.
// O(1).
Result<Difference> welch_difference(const ArmSummary& treatment, const ArmSummary& control,
                                    double alpha = 0.05,
                                    Alternative alternative = Alternative::kTwoSided);

// What welch_difference computes before any distribution enters; same errors, except for alpha.
// `interval` and `p` are left at their defaults.
Result<Difference> difference_of_means(const ArmSummary& treatment, const ArmSummary& control);

// estimate ± half_width, open at the side the alternative does not look at.
Interval interval_around(double estimate, double half_width, Alternative alternative);

}  // namespace tact::stats
