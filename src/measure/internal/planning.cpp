#include "measure/internal/planning.h"

#include <algorithm>
#include <cmath>

#include "stats/planner.h"

namespace tact::internal {
namespace {

// Less is no history: a week-end is missing, or a rate is not known within a third.
constexpr Day kFewestDays = 7;
constexpr std::int64_t kFewestOutcomes = 10;
constexpr int kTenYears = 3650;
// A table has no days; its planner's day is this part of its units.
constexpr std::int64_t kPartsOfTable = 100;

double rounded(double x) {  // to two digits
  if (x == 0.0 || !std::isfinite(x)) return x;
  const double step = std::pow(10.0, std::floor(std::log10(std::fabs(x))) - 1.0);
  return step >= 1.0 ? std::round(x / step) * step : std::round(x / step) / std::round(1.0 / step);
}

bool waits(const Findings& report) {
  return std::any_of(report.verdicts.begin(), report.verdicts.end(), [](const ArmVerdict& arm) {
    return arm.verdict == Verdict::kNotEnoughData || arm.verdict == Verdict::kNotClear;
  });
}

// A block's units, spread evenly over its days: single days may not be told apart. Days since the
// last block count as empty once they are more than the longest block took.
std::vector<std::int64_t> pace(const Given& given) {
  std::vector<std::int64_t> daily;
  Day longest = 0;
  for (const Block& block : given.cut.everybody) {
    std::int64_t units = 0;
    for (std::size_t arm = 0; arm < given.arms(); ++arm) {
      units += exposed(given, {}, {&block, 1}, arm).units;
    }
    const std::int64_t length = block.end - block.begin;
    longest = std::max(longest, block.end - block.begin);
    for (std::int64_t day = 0; day < length; ++day) {
      daily.push_back(units * (day + 1) / length - units * day / length);
    }
  }
  if (daily.empty()) return daily;
  const Day quiet = day_of(given.options.now) - given.cut.everybody.back().end - longest;
  if (quiet > 0) daily.resize(daily.size() + static_cast<std::size_t>(quiet), 0);
  return daily;
}

// Control's behind the gate; before it all arms' together, which tells nothing of their difference.
MetricSums history(const Given& given, const MetricFinding& primary) {
  MetricSums sums;
  const std::size_t arms = primary.lacking.empty() ? 1 : given.arms();
  for (std::size_t arm = 0; arm < arms; ++arm) {
    sums += closed_sums(given, {}, given.cut.everybody, arm, primary.metric);
  }
  return sums;
}

std::optional<stats::OutcomeHistory> outcome_of(const Metric& metric, const MetricSums& sums) {
  if (sums.nonzero < kFewestOutcomes) return std::nullopt;
  const auto summary = summary_of(metric, sums);
  if (!summary.has_value() || !(summary->variance > 0.0) || summary->mean == 0.0)
    return std::nullopt;
  stats::OutcomeHistory outcome;
  if (metric.kind == MetricKind::kProportion) outcome.kind = stats::OutcomeKind::kProportion;
  outcome.mean = summary->mean;
  outcome.standard_deviation = std::sqrt(summary->variance);
  const stats::SampleMoments moments = sums.outcome();
  std::int64_t counted = sums.nonzero;  // by the gate
  if (counted_as(metric, {&moments, 1}) == stats::OutcomeKind::kProportion) {
    counted = std::min(counted, sums.units - counted);
  }
  outcome.nonzero_share = static_cast<double>(counted) / static_cast<double>(sums.units);
  return outcome;
}

std::vector<double> shares_of(const Findings& report) {
  std::vector<double> shares;
  const auto all = static_cast<double>(report.units());
  for (const std::int64_t units : report.exposed) {
    if (units == 0) return {};
    shares.push_back(static_cast<double>(units) / all);
  }
  return shares;
}

// The planner's day (1: the first day of the first block is over) as a time, rounded as seen from
// now.
Time time_of(const Given& given, int day) {
  const Day today = day_of(given.options.now);
  const Day ahead = given.cut.everybody.front().begin + day - today;
  if (ahead <= 0) return given.options.now;
  return start_of(today + static_cast<Day>(rounded(ahead)));
}

int planner_day(const Given& given, Time at) {
  const Day day = day_of(at) - given.cut.everybody.front().begin;
  return std::clamp(static_cast<int>(day), 1, kTenYears);
}

class Ahead {
 public:
  Ahead(const Given& given, const MetricFinding& primary, const stats::OutcomeHistory& outcome,
        stats::ExperimentPlan plan)
      : given_(given), primary_(primary), outcome_(outcome), plan_(std::move(plan)) {}

  // Of closed units, as they are.
  Status put_detectable_now(Planning& out) const {
    std::int64_t closed = 0;
    for (const ArmCounts& arm : primary_.arms) closed += arm.units;
    stats::ExperimentPlan now = plan_;
    now.daily_exposures = {closed};
    now.window_days = 0.0;
    return put_detectable(now, 1, out);
  }

  Status put_days(Planning& out) const {
    TACT_ASSIGN(const auto needed, stats::days_needed(plan_, outcome_, worthwhile(out)));
    const int told_from = primary_.lacking.empty() ? 1 : open_from(needed);
    if (!primary_.lacking.empty() && needed.gate) {
      out.ready = time_of(given_, told_from);
      TACT_TRY(put_detectable(plan_, told_from, out));
    }
    if (needed.fixed) out.worthwhile_at_fixed = time_of(given_, std::max(*needed.fixed, told_from));
    if (needed.always_valid)
      out.worthwhile_at = time_of(given_, std::max(*needed.always_valid, told_from));
    return ok();
  }

  Status put_units(Planning& out) const {
    stats::ExperimentPlan plan = plan_;
    const std::int64_t part =
        std::max<std::int64_t>(1, plan_.daily_exposures.front() / kPartsOfTable);
    plan.daily_exposures = {part};
    plan.days_max = 36'525;
    TACT_ASSIGN(const auto needed, stats::days_needed(plan, outcome_, worthwhile(out)));
    if (needed.always_valid) {
      const auto units = static_cast<double>(*needed.always_valid) * static_cast<double>(part);
      out.worthwhile_units = static_cast<std::int64_t>(rounded(units));
    }
    return ok();
  }

 private:
  // Of a rate the way to 0 or 1 that is there.
  double worthwhile(const Planning& out) const {
    const bool fits =
        outcome_.kind != stats::OutcomeKind::kProportion || outcome_.mean + out.worthwhile < 1.0;
    return fits ? out.worthwhile : -out.worthwhile;
  }
  // The later of two dates: of who has reached the goal in each arm so far, and of the rate.
  int open_from(const stats::DaysNeeded& needed) const {
    const int expected = primary_.expected_at ? planner_day(given_, *primary_.expected_at) : 1;
    return std::max(expected, needed.gate.value_or(1));
  }
  Status put_detectable(const stats::ExperimentPlan& plan, int day, Planning& out) const {
    TACT_ASSIGN(const auto effect, stats::detectable_on_day(plan, outcome_, day));
    if (effect.always_valid) out.detectable = rounded(*effect.always_valid);
    if (effect.fixed) out.detectable_fixed = rounded(*effect.fixed);
    return ok();
  }

  const Given& given_;
  const MetricFinding& primary_;
  const stats::OutcomeHistory& outcome_;
  stats::ExperimentPlan plan_;
};

double window_days(const Metric& metric) {
  return static_cast<double>(metric.within.count()) / static_cast<double>(days(1).count());
}

// False without enough history, or where the planner refuses.
bool fill(const Given& given, const Findings& report, Planning& out) {
  const MetricFinding& primary = *report.primary();
  const auto outcome = outcome_of(report.metric(primary), history(given, primary));
  stats::ExperimentPlan plan;
  plan.shares = shares_of(report);
  plan.daily_exposures = pace(given);
  plan.alpha = given.options.alpha;
  plan.power = kPlanningPower;
  plan.days_max = kTenYears;
  if (!outcome || plan.shares.empty()) return false;
  out.worthwhile = rounded(kSmallestEffect * std::fabs(outcome->mean));
  if (!out.dated) {
    plan.daily_exposures = {report.units()};
    const Ahead ahead(given, primary, *outcome, std::move(plan));
    return ahead.put_detectable_now(out).has_value() && ahead.put_units(out).has_value();
  }
  const auto& blocks = given.cut.everybody;
  if (blocks.back().end - blocks.front().begin < kFewestDays) return false;
  plan.window_days = window_days(report.metric(primary));
  out.per_day = rounded(static_cast<double>(report.units()) /
                        static_cast<double>(plan.daily_exposures.size()));
  const Ahead ahead(given, primary, *outcome, std::move(plan));
  if (primary.lacking.empty() && !ahead.put_detectable_now(out).has_value()) return false;
  return ahead.put_days(out).has_value();
}

}  // namespace

std::optional<Planning> plan_ahead(const Given& given, const Findings& report) {
  const MetricFinding* primary = report.primary();
  if (primary == nullptr || !waits(report) || given.clusters != nullptr || report.units() == 0)
    return std::nullopt;
  Planning out;
  out.dated = !given.options.one_look;
  if (!out.dated && !primary->lacking.empty()) return std::nullopt;  // there is nothing to come
  out.enough = fill(given, report, out);
  if (!out.enough) {
    Planning empty;
    empty.dated = out.dated;
    empty.says = say_planning(report, empty, given.options.now);
    return empty;
  }
  out.says = say_planning(report, out, given.options.now);
  return out;
}

}  // namespace tact::internal
