#include "stats/planner.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "stats/internal/mixing.h"
#include "stats/internal/shares.h"
#include "stats/normal.h"

namespace tact::stats {
namespace {

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

Status check_plan(const ExperimentPlan& plan, int outcomes) {
  TACT_TRY(check_alpha(plan.alpha));
  if (!(plan.power > plan.alpha && plan.power < 1.0)) {
    return invalid("power must lie between alpha and 1");
  }
  if (outcomes < 1 || outcomes > 1000) return invalid("outcomes must be 1 to 1000");
  if (plan.shares.size() < 2 || plan.shares.size() > 1000) {
    return invalid("arms must be 2 to 1000, with control");
  }
  double total = 0.0;
  for (const double share : plan.shares) {
    if (!(share > 0.0 && share < 1.0)) return invalid("a share must lie between 0 and 1");
    total += share;
  }
  if (std::fabs(total - 1.0) > 1e-6) return invalid("the shares do not add up to 1");
  bool somebody = false;
  for (const std::int64_t exposures : plan.daily_exposures) {
    if (exposures < 0) return invalid("a day's exposures are negative");
    somebody = somebody || exposures > 0;
  }
  if (!somebody) return invalid("the history has no exposure");
  if (!(plan.window_days >= 0.0) || !std::isfinite(plan.window_days)) {
    return invalid("the window must be 0 or more days");
  }
  if (plan.days_max < 1 || plan.days_max > 36'525) return invalid("days_max must be 1 to 36,525");
  return internal::check_sequence({plan.alpha, plan.tuning_visitors, plan.alternative});
}

Status check_history(const OutcomeHistory& outcome) {
  if (!std::isfinite(outcome.mean)) return invalid("the history's mean is not finite");
  if (outcome.kind == OutcomeKind::kProportion) {
    if (outcome.mean > 0.0 && outcome.mean < 1.0) return ok();
    return invalid("a rate must lie strictly between 0 and 1");
  }
  if (!(outcome.standard_deviation > 0.0) || !std::isfinite(outcome.standard_deviation)) {
    return invalid("the standard deviation must be positive");
  }
  if (outcome.nonzero_share > 0.0 && outcome.nonzero_share <= 1.0) return ok();
  return invalid("the share of visitors with an outcome must lie above 0 and is at most 1");
}

// The comparison that takes longest: control with the smallest other arm.
struct Slowest {
  double control_share = 0.0;
  double other_share = 0.0;
  SequenceOptions options;  // alpha of this one comparison
  double power_z = 0.0;

  double tail() const {
    return options.alternative == Alternative::kTwoSided ? options.alpha / 2.0 : options.alpha;
  }
};

Slowest slowest(const ExperimentPlan& plan, int outcomes) {
  Slowest c;
  c.control_share = plan.shares[0];
  c.other_share = *std::min_element(plan.shares.begin() + 1, plan.shares.end());
  const double comparisons = static_cast<double>(plan.shares.size() - 1) * outcomes;
  c.options = {plan.alpha / comparisons, plan.tuning_visitors, plan.alternative};
  c.power_z = normal_critical(1.0 - plan.power);
  return c;
}

// Whether `visitors` in all arms find the effect with the power asked for, at `critical`.
bool finds(const Slowest& c, const OutcomeHistory& outcome, double effect, double visitors,
           double critical) {
  const double controls = visitors * c.control_share;
  const double others = visitors * c.other_share;
  if (outcome.kind == OutcomeKind::kProportion) {
    const internal::TwoShares shares{outcome.mean, outcome.mean + effect, controls, others};
    const double spread = shares.spread(critical, effect > 0.0 ? 1.0 : -1.0);
    return std::fabs(effect) >= critical * shares.standard_error() + c.power_z * spread;
  }
  const double error = outcome.standard_deviation * std::sqrt(1.0 / controls + 1.0 / others);
  return std::fabs(effect) >= (critical + c.power_z) * error;
}

double fixed_needs(const Slowest& c) { return normal_critical(c.tail()); }

double always_valid_needs(const Slowest& c, double visitors) {
  const double compared = visitors * (c.control_share + c.other_share);
  return sequence_critical(compared, c.options).value_or(1e300);
}

// As history has it, in both arms.
bool gate_open(const Slowest& c, const OutcomeHistory& outcome, double visitors) {
  const bool shares = outcome.kind == OutcomeKind::kProportion;
  const double square = shares ? outcome.mean
                               : outcome.mean * outcome.mean +
                                     outcome.standard_deviation * outcome.standard_deviation;
  SampleMoments arms[2];
  for (const bool other : {false, true}) {
    const double n = visitors * (other ? c.other_share : c.control_share);
    arms[other] = {static_cast<std::int64_t>(n), n * outcome.mean, n * square,
                   static_cast<std::int64_t>(n * (shares ? outcome.mean : outcome.nonzero_share))};
  }
  const auto gate = check_gate(arms, outcome.kind, 0.0);
  return gate.has_value() && gate->open;
}

// Visitors whose window has closed by the end of `day`.
double closed_by(const ExperimentPlan& plan, int day) {
  const double whole = std::ceil(plan.window_days);
  double visitors = 0.0;
  const auto days = plan.daily_exposures.size();
  for (int d = 0; d < day - whole; ++d) {
    visitors += static_cast<double>(plan.daily_exposures[static_cast<std::size_t>(d) % days]);
  }
  return visitors;
}

Status check_effect(const ExperimentPlan& plan, const OutcomeHistory& outcome, double effect) {
  if (!std::isfinite(effect) || effect == 0.0 ||
      (plan.alternative == Alternative::kGreater && effect < 0.0) ||
      (plan.alternative == Alternative::kLess && effect > 0.0)) {
    return invalid("the effect must be finite, not 0, and on the side that is tested");
  }
  const double rate = outcome.mean + effect;
  if (outcome.kind == OutcomeKind::kProportion && !(rate > 0.0 && rate < 1.0)) {
    return invalid("the effect leads to a rate outside 0 to 1");
  }
  return ok();
}

// The smallest effect found, by bisection; absent where no rate is far enough.
std::optional<double> smallest_effect(const Slowest& c, const OutcomeHistory& outcome,
                                      double visitors, double critical) {
  const double sign = c.options.alternative == Alternative::kLess ? -1.0 : 1.0;
  const auto enough = [&](double size) {
    return finds(c, outcome, sign * size, visitors, critical);
  };
  double high = sign > 0.0 ? 1.0 - outcome.mean : outcome.mean;
  if (outcome.kind != OutcomeKind::kProportion) {
    high = outcome.standard_deviation;
    while (!enough(high) && std::isfinite(high)) high *= 2.0;
  }
  if (!enough(high)) return std::nullopt;
  double low = 0.0;
  for (int step = 0; step < 60; ++step) {
    const double middle = 0.5 * (low + high);
    (enough(middle) ? high : low) = middle;
  }
  return sign * high;
}

}  // namespace

Result<OutcomeHistory> history_of(const SampleMoments& moments, OutcomeKind kind) {
  TACT_ASSIGN(const ArmSummary summary, summarize(moments, kind));
  if (!(summary.variance > 0.0)) return invalid("the outcome does not vary");
  return OutcomeHistory{kind, summary.mean, std::sqrt(summary.variance),
                        static_cast<double>(moments.nonzero) / static_cast<double>(moments.n)};
}

Result<DaysNeeded> days_needed(const ExperimentPlan& plan, const OutcomeHistory& outcome,
                               double effect, int outcomes) {
  TACT_TRY(check_plan(plan, outcomes));
  TACT_TRY(check_history(outcome));
  TACT_TRY(check_effect(plan, outcome, effect));
  const Slowest comparison = slowest(plan, outcomes);
  const int window = static_cast<int>(std::min(std::ceil(plan.window_days), 1e6));
  DaysNeeded needed;
  double visitors = 0.0;
  for (int day = 1; day + window <= plan.days_max && !needed.always_valid; ++day) {
    visitors += static_cast<double>(
        plan.daily_exposures[static_cast<std::size_t>(day - 1) % plan.daily_exposures.size()]);
    if (!gate_open(comparison, outcome, visitors)) continue;
    const int last = day + window;
    if (!needed.gate) needed.gate = last;
    const auto found = [&](double critical) {
      return finds(comparison, outcome, effect, visitors, critical);
    };
    if (!needed.fixed && found(fixed_needs(comparison))) needed.fixed = last;
    if (found(always_valid_needs(comparison, visitors))) needed.always_valid = last;
  }
  return needed;
}

Result<DetectableEffect> detectable_on_day(const ExperimentPlan& plan,
                                           const OutcomeHistory& outcome, int day, int outcomes) {
  TACT_TRY(check_plan(plan, outcomes));
  TACT_TRY(check_history(outcome));
  if (day < 1 || day > 36'525) return invalid("a day must be 1 to 36,525");
  const Slowest comparison = slowest(plan, outcomes);
  const double visitors = closed_by(plan, day);
  DetectableEffect effect;
  if (!gate_open(comparison, outcome, visitors)) return effect;
  effect.fixed = smallest_effect(comparison, outcome, visitors, fixed_needs(comparison));
  effect.always_valid =
      smallest_effect(comparison, outcome, visitors, always_valid_needs(comparison, visitors));
  return effect;
}

}  // namespace tact::stats
