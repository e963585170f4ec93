// What is known of one outcome in one arm: one-pass, mergeable sums, and the summary that every
// test in this module starts from.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace tact::stats {

// Sums over visitors of one outcome x (visitor = unit; x in the outcome's unit, e.g. orders, or
// cents). Merging is + of each member: commutative always, associative bit for bit as long as the
// sums are whole numbers below 2^53 (count money in minor units), else up to rounding.
struct SampleMoments {
  std::int64_t n = 0;        // visitors
  double sum = 0.0;          // sum of x
  double sum_squares = 0.0;  // sum of x^2
  std::int64_t nonzero = 0;  // visitors with x != 0; what the gate counts

  void add(double x);  // one visitor; x must be finite. O(1)
  SampleMoments& operator+=(const SampleMoments& other);
  friend SampleMoments operator+(SampleMoments a, const SampleMoments& b) { return a += b; }
  friend bool operator==(const SampleMoments&, const SampleMoments&) = default;
};

enum class OutcomeKind {
  kMean,        // any real outcome; variance divides by n - 1
  kProportion,  // x is 0 or 1; variance p (1 - p) divides by n
};

// The mean of one arm and its spread. Other estimators (adjusted means, ratio metrics) may fill it
// themselves: the tests read these alone.
struct ArmSummary {
  std::int64_t n = 0;     // visitors
  double mean = 0.0;      // outcome per visitor
  double variance = 0.0;  // of one visitor's outcome
  double hidden = 0.0;    // where rounding hides the variance, which is 0 then: what it may be

  double variance_of_mean() const { return variance / static_cast<double>(n); }
  // In a comparison with `other`, which varies: then an arm whose variance is hidden counts with
  // what that may be, for it need not be small beside the other's. Where both are hidden nothing is
  // known to vary, and it stays 0.
  double variance_of_mean_beside(const ArmSummary& other) const {
    const bool unknown = variance == 0.0 && other.variance > 0.0;
    return (unknown ? hidden : variance) / static_cast<double>(n);
  }
};

// kInvalid for sums no sample can have: negative counts, nonzero > n, sums without visitors,
// non-finite sums, sum^2 > nonzero * sum_squares (Cauchy-Schwarz), and for kProportion anything
// but sum = sum_squares = nonzero. kInvalid for n < 2 (no variance). O(1).
//
// Cancellation: n * sum_squares - sum^2 is formed with twice the digits of a double, so whole
// sums below 2^53 give a correctly rounded variance. Other sums carry the rounding of n additions;
// a variance below n * 2^-52 * mean square cannot be told from rounding and is reported as 0,
// with that bound in `hidden`.
// For a coefficient of variation under 1e-4, shift the outcome by a constant first.
Result<ArmSummary> summarize(const SampleMoments& moments, OutcomeKind kind);

// kInvalid unless n >= 2, mean and variance finite, variance >= 0.
Status check_arm(const ArmSummary& arm);

}  // namespace tact::stats
