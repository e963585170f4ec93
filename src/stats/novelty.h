// Does the effect fade? Some effects are of the new alone, and a month's average hides it.
// Two questions, because visitors of one week are others than those of the next, but everybody has
// a first and a second week after their own exposure.
#pragma once

#include <optional>
#include <span>

#include "stats/ratio.h"
#include "stats/welch.h"

namespace tact::stats {

enum class NoveltyVerdict {
  kFades,     // the later, the nearer to 0 (or beyond)
  kGrows,     // the later, the further from 0
  kNotClear,  // no change that cannot be chance
};

struct EffectChange {
  double estimate = 0.0;        // see below
  double standard_error = 0.0;  // > 0
  Interval interval;            // level 1 - alpha
  PValue p;                     // of "no change"
  double early = 0.0;           // the effect at the beginning
  double late = 0.0;            // the effect at the end
  NoveltyVerdict verdict = NoveltyVerdict::kNotClear;
};

// One period (a week) of exposures: visitors first exposed then, with their outcomes. `at` is the
// period's time in any unit (its number).
struct PeriodArms {
  double at = 0.0;
  ArmSummary treatment;
  ArmSummary control;
};

// By calendar: the trend of the periods' effects, treatment - control, by least squares weighted by
// precision (1 / se^2, taken as known); `estimate` is the change of the effect per unit of `at`,
// `early` and `late` lie on the line at the first and last period. Periods with fewer than two
// visitors in an arm, or none that vary, are left out. Swapping the arms flips signs bit for bit.
// kInvalid: fewer than two different times left, alpha outside (0, 0.5), not finite. O(periods).
Result<EffectChange> effect_by_calendar(std::span<const PeriodArms> periods, double alpha = 0.05);

// By time since exposure, for the same visitors: outcomes of an early part (y of the sums: the
// first week, say) and of a late part (z) of the same length, of visitors who have been observed
// through both. Mergeable; product_sum is of early * late.
struct EarlyLate {
  SampleMoments early;
  SecondSums late;

  void add(double early_outcome, double late_outcome);  // one visitor. O(1)
  EarlyLate& operator+=(const EarlyLate& other);
};

// `estimate` is the late effect less the early one, by Welch's test on each visitor's late - early,
// which takes care that a visitor's parts go together. Swapping the arms flips signs bit for bit.
// kInvalid as centered_sums and welch_difference. O(1).
Result<EffectChange> effect_since_exposure(const EarlyLate& treatment, const EarlyLate& control,
                                           double alpha = 0.05);

}  // namespace tact::stats
