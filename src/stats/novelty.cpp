#include "stats/novelty.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "stats/internal/possible.h"
#include "stats/normal.h"

namespace tact::stats {
namespace {

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

NoveltyVerdict verdict_of(const EffectChange& change) {
  if (change.interval.contains(0.0)) return NoveltyVerdict::kNotClear;
  return std::fabs(change.late) < std::fabs(change.early) ? NoveltyVerdict::kFades
                                                          : NoveltyVerdict::kGrows;
}

struct Effect {
  double at = 0.0;
  double estimate = 0.0;
  double standard_error = 0.0;
};

// The periods that can be measured.
Result<std::vector<Effect>> effects_of(std::span<const PeriodArms> periods) {
  std::vector<Effect> effects;
  for (const PeriodArms& period : periods) {
    if (!std::isfinite(period.at)) return invalid("a period's time is not finite");
    if (!internal::is_possible(period.treatment) || !internal::is_possible(period.control)) {
      return invalid("a count, mean or variance is negative or not finite");
    }
    const auto difference = difference_of_means(period.treatment, period.control);
    if (!difference) continue;
    effects.push_back({period.at, difference->estimate, difference->standard_error});
  }
  return effects;
}

// level + slope * (at - center), by least squares weighted by precision.
struct Line {
  double center = 0.0;
  double level = 0.0;
  double slope = 0.0;
  double slope_error = 0.0;

  double operator()(double at) const { return level + slope * (at - center); }
};

Line fit_line(const std::vector<Effect>& effects) {
  double least = effects[0].standard_error;  // weights are relative to the most precise effect
  for (const Effect& e : effects) least = std::min(least, e.standard_error);
  const auto weight = [&](const Effect& e) {
    return (least / e.standard_error) * (least / e.standard_error);
  };
  Line line;
  double weights = 0.0;
  for (const Effect& e : effects) {
    weights += weight(e);
    line.center += weight(e) * e.at;
    line.level += weight(e) * e.estimate;
  }
  line.center /= weights;
  line.level /= weights;
  double squares = 0.0;
  for (const Effect& e : effects) {
    const double off = e.at - line.center;
    squares += weight(e) * off * off;
    line.slope += weight(e) * off * (e.estimate - line.level);
  }
  line.slope /= squares;
  line.slope_error = least / std::sqrt(squares);
  return line;
}

// The outcome of the late part less the early one, of each visitor.
Result<ArmSummary> summarize_change(const EarlyLate& arm) {
  TACT_ASSIGN(const CenteredSums sums, centered_sums(arm.early, arm.late));
  const auto n = static_cast<double>(arm.early.n);
  ArmSummary summary{arm.early.n, (arm.late.sum - arm.early.sum) / n, 0.0};
  const double whole = sums.yy + sums.zz;
  const double squares = whole - 2.0 * sums.yz;
  // Parts that go together wholly leave nothing but rounding.
  if (squares > 1e-12 * whole) summary.variance = squares / (n - 1.0);
  return summary;
}

}  // namespace

Result<EffectChange> effect_by_calendar(std::span<const PeriodArms> periods, double alpha) {
  TACT_TRY(check_alpha(alpha));
  TACT_ASSIGN(const std::vector<Effect> effects, effects_of(periods));
  const auto [first, last] = std::minmax_element(
      effects.begin(), effects.end(), [](const Effect& a, const Effect& b) { return a.at < b.at; });
  if (effects.empty() || !(last->at > first->at)) {
    return invalid("not enough data yet: a trend needs two periods that can be measured");
  }
  const Line line = fit_line(effects);
  EffectChange change;
  change.estimate = line.slope;
  change.standard_error = line.slope_error;
  change.early = line(first->at);
  change.late = line(last->at);
  if (!std::isfinite(change.early) || !std::isfinite(change.late) ||
      !std::isfinite(change.standard_error) || !(change.standard_error > 0.0)) {
    return invalid("the effects or times are out of a double's range");
  }
  change.interval =
      interval_around(change.estimate, normal_critical(alpha / 2.0) * change.standard_error,
                      Alternative::kTwoSided);
  change.p = normal_p_value(change.estimate / change.standard_error);
  change.verdict = verdict_of(change);
  return change;
}

void EarlyLate::add(double early_outcome, double late_outcome) {
  early.add(early_outcome);
  late.add(early_outcome, late_outcome);
}

EarlyLate& EarlyLate::operator+=(const EarlyLate& other) {
  early += other.early;
  late += other.late;
  return *this;
}

Result<EffectChange> effect_since_exposure(const EarlyLate& treatment, const EarlyLate& control,
                                           double alpha) {
  TACT_ASSIGN(const ArmSummary t, summarize_change(treatment));
  TACT_ASSIGN(const ArmSummary c, summarize_change(control));
  TACT_ASSIGN(const Difference difference, welch_difference(t, c, alpha));
  EffectChange change;
  change.estimate = difference.estimate;
  change.standard_error = difference.standard_error;
  change.interval = difference.interval;
  change.p = difference.p;
  change.early = treatment.early.sum / static_cast<double>(treatment.early.n) -
                 control.early.sum / static_cast<double>(control.early.n);
  change.late = treatment.late.sum / static_cast<double>(treatment.early.n) -
                control.late.sum / static_cast<double>(control.early.n);
  change.verdict = verdict_of(change);
  return change;
}

}  // namespace tact::stats
