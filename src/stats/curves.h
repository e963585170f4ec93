// Who is still there, or has not bought again yet, so many days after? Kaplan-Meier curves by arm
// from counts per day, their difference at a horizon, and the mean time up to one (days to the next
// full-price order, say). Sources: Kaplan & Meier (1958); Greenwood (1926); Kalbfleisch & Prentice
// (1980) for the log-log interval; Royston & Parmar (2013) for the restricted mean.
#pragma once

#include <cstdint>
#include <vector>

#include "stats/welch.h"

namespace tact::stats {

// Of one arm. Day d counts from each visitor's own start, 0 the day itself. Everybody is counted
// once: at the day of their event, or at the last day they were observed through without one.
// Merging is + of each day: exact.
struct SurvivalCounts {
  std::vector<std::int64_t> events;    // [d]: event on day d
  std::vector<std::int64_t> censored;  // [d]: seen through day d, no event until its end

  // day >= 0 and < kMostDays, else ignored and false. Amortised O(1).
  bool add(int day, bool event);
  SurvivalCounts& operator+=(const SurvivalCounts& other);
  // As if nobody had been observed beyond `day`, >= 0: who was is without an event until its end.
  SurvivalCounts observed_through(int day) const;
  static constexpr int kMostDays = 36'525;
};

struct SurvivalPoint {
  int day = 0;
  std::int64_t at_risk = 0;  // without an event before this day and observed through it, or event
  double survival = 1.0;     // P(no event up to the end of this day)
  double standard_error = 0.0;  // Greenwood
  // Log-log at level 1 - alpha, within [0, 1]; where nobody or everybody has had the event, the
  // exact binomial one for as many as are at risk, so that no data never looks like certainty.
  Interval interval;
};

// One point a day, from 0 to the last day with somebody at risk. kInvalid: a negative count, more
// than kMostDays days, nobody at all, alpha outside (0, 0.5). O(days).
Result<std::vector<SurvivalPoint>> kaplan_meier(const SurvivalCounts& counts, double alpha = 0.05);

// S(day) of treatment - S(day) of control, at the end of `day`; normal (df infinite). For a share
// of those who *have* come back or bought again, the sign is the other one. Swapping the arms (and
// kGreater with kLess) flips signs bit for bit. Ask the gate with the arms' events first.
// kInvalid: as kaplan_meier, an arm nobody of whom has been observed that long while some are left,
// or no spread in either arm. O(days).
Result<Difference> survival_difference(const SurvivalCounts& treatment,
                                       const SurvivalCounts& control, int day, double alpha = 0.05,
                                       Alternative alternative = Alternative::kTwoSided);

struct RestrictedMean {
  double days = 0.0;  // E min(day of the event, horizon): whole days from the start
  double standard_error = 0.0;
  Interval interval;  // level 1 - alpha, normal, within [0, horizon]
};

// `horizon` >= 1 days; somebody must be at risk on its last day (horizon - 1), or nobody be left.
// Without any spread the interval is the sum of the curve's own. Errors as above.
Result<RestrictedMean> restricted_mean(const SurvivalCounts& counts, int horizon,
                                       double alpha = 0.05);
Result<Difference> restricted_mean_difference(const SurvivalCounts& treatment,
                                              const SurvivalCounts& control, int horizon,
                                              double alpha = 0.05,
                                              Alternative alternative = Alternative::kTwoSided);

}  // namespace tact::stats
