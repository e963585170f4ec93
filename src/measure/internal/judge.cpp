#include "measure/internal/judge.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "measure/internal/words.h"
#include "stats/gate.h"
#include "stats/sample_ratio.h"
#include "stats/sequential.h"
#include "stats/welch.h"

namespace tact::internal {
namespace {

constexpr double kLeastExpectedVisitors = 5.0;  // Cochran's rule for the chi-squared test

double seconds(Duration duration) { return static_cast<double>(duration.count()) / 1e3; }

Estimate around(double estimate, const stats::Interval& interval) {
  return {estimate, interval.lower, interval.upper};
}

// Empty where nothing varies in either arm: then there is no standard error.
Result<std::optional<Effect>> measure_effect(const stats::SampleMoments& shown,
                                             const stats::SampleMoments& held_back, double alpha) {
  TACT_ASSIGN(const auto treatment, stats::summarize(shown, stats::OutcomeKind::kMean));
  TACT_ASSIGN(const auto control, stats::summarize(held_back, stats::OutcomeKind::kMean));
  if (treatment.variance == 0.0 && control.variance == 0.0) return std::optional<Effect>();
  stats::SequenceOptions sequence;
  sequence.alpha = alpha;
  TACT_ASSIGN(const auto always, stats::sequential_difference(treatment, control, sequence));
  TACT_ASSIGN(const auto fixed, stats::welch_difference(treatment, control, alpha));
  Effect effect;
  effect.difference = around(always.estimate, always.interval);
  effect.log10_p = always.p.log10_p;
  effect.fixed = around(fixed.estimate, fixed.interval);
  effect.fixed_log10_p = fixed.p.log10_p;
  TACT_ASSIGN(effect.lift, stats::sequential_lift(treatment, control, sequence));
  TACT_ASSIGN(effect.fixed_lift, stats::fieller_lift(treatment, control, alpha));
  const auto n = static_cast<double>(treatment.n);
  effect.incremental = {effect.difference.estimate * n, effect.difference.low * n,
                        effect.difference.high * n};
  return std::optional<Effect>(effect);
}

// Closed visitors come in at the pace of exposures, one window later. While no closed visitor of an
// arm has reached the goal, the younger ones tell the pace; they too have to close.
Result<std::optional<Time>> when_open(const GoalReport& goal, const stats::GateReport& gate,
                                      const Time first, Time now) {
  std::optional<double> expected = gate.expected_s;
  if (!expected) {
    const std::array<std::int64_t, 2> so_far = {
        goal.shown.reached + goal.shown.provisional_reached,
        goal.held_back.reached + goal.held_back.provisional_reached};
    TACT_ASSIGN(const auto all, stats::check_gate(so_far, std::max(0.0, seconds(now - first))));
    if (all.expected_s) expected = *all.expected_s + seconds(goal.within);
  }
  constexpr double kCentury = 3.2e9;
  if (!expected || *expected > kCentury) return std::optional<Time>();
  return std::optional<Time>(now + Duration(static_cast<std::int64_t>(*expected * 1e3)));
}

// Experiment::goals holds the primary one first, then the others in the playbook's order; an
// Expectation holds the index in the playbook.
std::size_t place_of(const Experiment& experiment, int playbook_goal) {
  const int primary = experiment.expect ? experiment.expect.goal : 0;
  if (playbook_goal == primary) return 0;
  return static_cast<std::size_t>(playbook_goal < primary ? playbook_goal + 1 : playbook_goal);
}

}  // namespace

SampleRatio check_ratio(std::int64_t shown, std::int64_t held_back, Probability hold_back) {
  SampleRatio ratio;
  const std::int32_t parts = hold_back.ppm / 100;  // of 10,000, as assign/ draws
  ratio.planned = parts / 1e4;
  const auto all = static_cast<double>(shown + held_back);
  if (all > 0.0) ratio.observed = static_cast<double>(held_back) / all;
  if (all * std::min(ratio.planned, 1.0 - ratio.planned) < kLeastExpectedVisitors) return ratio;
  const std::array<std::int64_t, 2> counts = {shown, held_back};
  const std::array<double, 2> weights = {1.0 - ratio.planned, ratio.planned};
  const auto test = stats::chi_squared_sample_ratio(counts, weights);
  if (!test.has_value()) return ratio;
  ratio.checked = true;
  ratio.log10_p = test->p.log10_p;
  ratio.failed = ratio.log10_p < std::log10(kSampleRatioAlpha);
  return ratio;
}

Result<GoalReport> measure_goal(const WatchedGoal& watched, const GoalSums& sums,
                                const std::optional<Time>& first, bool blocked,
                                const ReportOptions& options) {
  GoalReport goal;
  goal.goal = watched.goal.id;
  goal.says = watched.goal.says;
  goal.within = watched.goal.within;
  goal.shown = sums.shown.counts;
  goal.held_back = sums.held_back.counts;
  const std::array<std::int64_t, 2> reached = {goal.shown.reached, goal.held_back.reached};
  const double elapsed =
      first ? std::max(0.0, seconds(options.now - *first - watched.goal.within)) : 0.0;
  TACT_ASSIGN(const auto gate, stats::check_gate(reached, elapsed));
  for (const stats::ArmShortfall& arm : gate.lacking) {
    goal.lacking.push_back({arm.arm == 0, arm.have, arm.missing});
  }
  if (!gate.open) {
    if (first) {
      TACT_ASSIGN(goal.expected_at, when_open(goal, gate, *first, options.now));
    }
    return goal;
  }
  if (blocked) return goal;
  TACT_ASSIGN(goal.effect,
              measure_effect(sums.shown.outcomes, sums.held_back.outcomes, options.alpha));
  const std::array<std::int64_t, 2> paid = {sums.shown.value.nonzero, sums.held_back.value.nonzero};
  TACT_ASSIGN(const auto value_gate, stats::check_gate(paid, elapsed));
  if (watched.goal.value_from_total && value_gate.open) {
    TACT_ASSIGN(goal.value, measure_effect(sums.shown.value, sums.held_back.value, options.alpha));
  }
  return goal;
}

void judge(MomentReport& report) {
  const GoalReport* primary = report.primary();
  if (primary == nullptr || report.ratio.failed || report.ratio.planned <= 0.0) {
    report.verdict = Verdict::kCannotBeJudged;
    return;
  }
  if (!primary->lacking.empty()) {
    report.verdict = Verdict::kNotEnoughData;
    return;
  }
  if (!primary->effect) {
    report.verdict = Verdict::kCannotBeJudged;
    return;
  }
  const Estimate& difference = primary->effect->difference;
  const double margin = kSmallestEffect * primary->held_back.rate();
  report.smallest_effect = margin;
  const bool more = report.hypothesis.more;
  if (difference.low >= -margin && difference.high <= margin) {
    report.verdict = Verdict::kNoEffect;
  } else if (difference.low > 0.0) {
    report.verdict = more ? Verdict::kHelps : Verdict::kHurts;
  } else if (difference.high < 0.0) {
    report.verdict = more ? Verdict::kHurts : Verdict::kHelps;
  } else {
    report.verdict = Verdict::kNotClear;
    return;
  }
  if (report.hypothesis.stated) report.hypothesis.held = report.verdict == Verdict::kHelps;
}

Result<MomentReport> report_sums(const FactSums& sums, const Experiment& experiment,
                                 Probability hold_back, const ReportOptions& options) {
  MomentReport report;
  report.moment = experiment.moment;
  report.need = experiment.need;
  report.because = experiment.because;
  report.first_exposure = sums.first;
  report.last_exposure = sums.last;
  report.crossovers_shown = sums.crossovers_shown;
  report.crossovers_held_back = sums.crossovers_held_back;
  report.simulated_visitors = sums.simulated;
  report.left_out_simulated = sums.left_out_simulated;
  report.data_hash = sums.data_hash;
  report.ratio = check_ratio(sums.shown, sums.held_back, hold_back);
  for (std::size_t i = 0; i < experiment.goals.size(); ++i) {
    TACT_ASSIGN(GoalReport goal, measure_goal(experiment.goals[i], sums.goals[i], sums.first,
                                              report.ratio.failed, options));
    report.goals.push_back(std::move(goal));
  }
  report.hypothesis.stated = static_cast<bool>(experiment.expect);
  if (experiment.expect) report.hypothesis.more = experiment.expect.more;
  if (!experiment.goals.empty()) report.hypothesis.goal = experiment.goals.front().goal.id;
  if (experiment.not_at_the_cost_of) {
    const std::size_t place = place_of(experiment, experiment.not_at_the_cost_of.goal);
    if (place < report.goals.size()) {
      report.cost = CostWatch{experiment.not_at_the_cost_of.more, place};
    }
  }
  judge(report);
  put_into_words(report, options.now);
  return report;
}

}  // namespace tact::internal
