#include "measure/internal/effects.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "measure/internal/uneven.h"
#include "measure/internal/words.h"
#include "stats/clustered_lift.h"
#include "stats/sequential.h"
#include "stats/welch.h"

namespace tact::internal {
namespace {

double seconds(Duration duration) { return static_cast<double>(duration.count()) / 1e3; }

stats::SequenceOptions sequence_at(double alpha) {
  stats::SequenceOptions options;
  options.alpha = alpha;
  return options;
}

std::vector<MetricSums> sums_so_far(const Given& given, std::size_t metric, bool closed) {
  std::vector<MetricSums> arms(given.arms());
  for (const Block& block : given.cut.everybody) {
    if (closed && !is_closed(block, given.plan.metrics[metric], given.options.now)) break;
    each_day(given, block, [&](const DaySums& day) {
      for (std::size_t arm = 0; arm < arms.size(); ++arm) {
        arms[arm] += day.everybody(given.plan, arm, metric);
      }
    });
  }
  return arms;
}

// Closed units come in at the pace of exposures, one window later. While no closed unit of an arm
// has reached the goal, the younger ones tell the pace; they too have to close. A whole day, and
// from units that are shown alone: of fewer the date would tell how many did what.
Result<std::optional<Time>> when_open(const Given& given, std::size_t metric) {
  constexpr double kCentury = 3.2e9;
  if (given.options.one_look || given.cut.everybody.empty()) return std::optional<Time>();
  const Metric& of = given.plan.metrics[metric];
  const Time today = start_of(day_of(given.options.now));
  const double age = seconds(today - start_of(given.cut.everybody.front().begin));
  for (const bool closed : {true, false}) {
    const double window = seconds(of.within);
    const double elapsed = std::max(0.0, closed ? age - window : age);
    TACT_ASSIGN(const auto gate, gate_of(of, sums_so_far(given, metric, closed), elapsed));
    if (!gate.expected_s) continue;
    const double left = *gate.expected_s + (closed ? 0.0 : window);
    if (left > kCentury) break;
    const Time open = today + Duration(static_cast<std::int64_t>(left * 1e3));
    return std::optional<Time>(start_of(day_of(open - 1min) + 1));  // rounded up
  }
  return std::optional<Time>();
}

// Of the blocks that tell nothing of a few: of fewer with a covariate the adjusted figure would
// tell who they are and what they did, and of two such figures the difference.
Result<std::optional<Adjusted>> adjust(const Given& given, std::size_t metric,
                                       const Comparison& plain) {
  const Metric& of = given.plan.metrics[metric];
  if (!of.covariate) return std::optional<Adjusted>();
  const auto sums = [&](std::size_t arm) {
    return closed_sums(given, {}, given.cut.adjusted[metric], arm, metric);
  };
  const MetricSums treatment = sums(plain.arm), control = sums(0);
  if (!may_compare(of, treatment, control)) return std::optional<Adjusted>();
  TACT_ASSIGN(const auto arms, cuped_of(of, treatment, control));
  if (arms.theta == 0.0) return std::optional<Adjusted>();  // it does not vary
  if (arms.treatment.variance == 0.0 && arms.control.variance == 0.0)
    return std::optional<Adjusted>();
  TACT_ASSIGN(const auto fixed, stats::welch_difference(arms.treatment, arms.control, plain.alpha));
  TACT_ASSIGN(const auto always,
              stats::sequential_difference(arms.treatment, arms.control, sequence_at(plain.alpha)));
  TACT_ASSIGN(const auto shown, summary_of(of, treatment));
  TACT_ASSIGN(const auto kept, summary_of(of, control));
  TACT_ASSIGN(const auto as_it_is, stats::welch_difference(shown, kept, plain.alpha));
  Adjusted adjusted;
  adjusted.covariate = of.covariate_name;
  adjusted.units = treatment.units + control.units;
  adjusted.difference = around(always.estimate, always.interval);
  adjusted.fixed = around(fixed.estimate, fixed.interval);
  adjusted.standard_error = fixed.standard_error;
  adjusted.unadjusted = as_it_is.standard_error;
  adjusted.gain = 1.0 - fixed.standard_error / as_it_is.standard_error;
  adjusted.says = say_cuped(given.plan, of, plain, adjusted);
  return std::optional<Adjusted>(adjusted);
}

// Of a guardrail's tests: all of the author's, or its part of that of the standing ones of all arms
// together.
double level_of(const Plan& plan, const Metric& metric, double alpha) {
  if (!metric.standing) return alpha;
  const auto standing =
      std::count_if(plan.metrics.begin(), plan.metrics.end(),
                    [](const Metric& other) { return other.standing.has_value(); });
  const std::size_t against = plan.arms.size() - 1;
  return alpha / (static_cast<double>(standing) * static_cast<double>(against));
}

// `clusters` may be null: units are independent.
Result<std::optional<GuardrailFinding>> guard(const Metric& metric, const MetricSums& treatment,
                                              const MetricSums& control, double alpha,
                                              const stats::ClusterSums* clusters, bool one_look) {
  if (metric.role != MetricRole::kGuardrail) return std::optional<GuardrailFinding>();
  TACT_ASSIGN(const auto shown, summary_of(metric, treatment));
  TACT_ASSIGN(const auto kept, summary_of(metric, control));
  GuardrailFinding out;
  out.margin = metric.margin;
  if (kept.mean == 0.0) return std::optional<GuardrailFinding>(out);
  stats::Guardrail rail;
  rail.margin = metric.margin;
  rail.relative = true;
  rail.more_is_better = metric.more;
  rail.alpha = alpha;
  TACT_ASSIGN(const auto checked, clusters == nullptr
                                      ? stats::check_non_inferiority(shown, kept, rail)
                                      : stats::check_clustered_non_inferiority(*clusters, rail));
  const stats::Room& room = one_look ? checked.at_this_look : checked.at_every_look;
  out.verdict = room.verdict;
  out.log10_p_not_worse = room.p_not_worse.log10_p;
  out.log10_p_worse = room.p_worse.log10_p;
  return std::optional<GuardrailFinding>(out);
}

// Variances that count clusters, in place of those that count units.
Status count_clusters(const Given& given, std::size_t metric, Comparison& comparison) {
  if (given.clusters == nullptr) return ok();
  if (given.clusters->broken[metric]) {
    return make_error(ErrorCode::kInvalid,
                      "with clusters a ratio needs a denominator above 0 wherever it has a value");
  }
  return compare_clusters(given.plan.metrics[metric],
                          given.clusters->metrics[metric][comparison.arm - 1],
                          given.options.one_look, comparison);
}

// Units of the blocks that the metric counts, closed or not.
std::int64_t observed_in(const Given& given, const std::vector<Block>& blocks, std::size_t arm,
                         std::size_t metric) {
  std::int64_t units = 0;
  for (const Block& block : blocks) {
    each_day(given, block,
             [&](const DaySums& day) { units += day.everybody(given.plan, arm, metric).units; });
  }
  return units;
}

// Of a metric of some units those who are exposed are these alone.
void put_arms(const Given& given, const std::vector<Block>& blocks, MetricFinding& finding) {
  const std::size_t metric = finding.metric;
  const bool of_some = given.plan.metrics[metric].of_some();
  std::int64_t hidden = 0;  // of those whom everybody's figures hold already
  for (std::size_t arm = 0; arm < given.arms(); ++arm) {
    ArmCounts counts = arm_counts(given, {}, blocks, arm, metric);
    if (of_some) {
      counts.exposed = observed_in(given, blocks, arm, metric);
      hidden += observed_in(given, given.cut.everybody, arm, metric) - counts.units;
    }
    finding.arms.push_back(counts);
  }
  finding.waiting = hidden > 0;
}

void put_days(const Given& given, const std::vector<Block>& blocks, MetricFinding& finding) {
  const Metric& metric = given.plan.metrics[finding.metric];
  for (const Block& block : blocks) {
    if (!is_closed(block, metric, given.options.now)) continue;
    if (!finding.counted_from) finding.counted_from = start_of(block.begin);
    finding.counted_to = start_of(block.end - 1);
  }
}

class Against {
 public:
  Against(const Given& given, std::size_t metric, std::vector<MetricSums> sums)
      : given_(given), metric_(metric), sums_(std::move(sums)) {}

  Result<Comparison> at(std::size_t arm, double alpha) const {
    TACT_ASSIGN(Comparison comparison,
                compare_sums(given_.plan.metrics[metric_], sums_[arm], sums_[0], alpha));
    comparison.arm = arm;
    TACT_TRY(count_clusters(given_, metric_, comparison));
    comparison.incremental = times(comparison.difference, denominator_of(arm));
    return comparison;
  }

  // What a difference is per, in all: units, of a ratio its denominators.
  double denominator_of(std::size_t arm) const {
    const Metric& metric = given_.plan.metrics[metric_];
    if (metric.kind != MetricKind::kRatio) return static_cast<double>(sums_[arm].units);
    return static_cast<double>(sums_[arm].second) / std::pow(10.0, metric.second_digits);
  }

  // Holm's steps: the clearest arm at alpha / m, the next at alpha / (m - 1), … until one does not
  // exclude 0; that one and the rest stay at its level. So every interval excludes 0 exactly when
  // its arm is found to differ. p is of the arm's step: a sequence is tuned to its alpha.
  Result<std::vector<Comparison>> holm() const {
    const std::size_t treatments = sums_.size() - 1;
    std::vector<Comparison> out;
    std::vector<double> p;
    for (std::size_t arm = 1; arm <= treatments; ++arm) {
      TACT_ASSIGN(Comparison comparison, at(arm, given_.options.alpha));
      p.push_back(comparison.log10_p);
      out.push_back(std::move(comparison));
    }
    std::vector<std::size_t> order(treatments);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    std::size_t left = treatments;
    bool stopped = false;
    double adjusted = -std::numeric_limits<double>::infinity();
    for (const std::size_t index : order) {
      const double alpha = given_.options.alpha / static_cast<double>(left);
      if (alpha != given_.options.alpha) {
        TACT_ASSIGN(out[index], at(index + 1, alpha));
      }
      const double step = out[index].log10_p + std::log10(static_cast<double>(left));
      adjusted = std::min(0.0, std::max(adjusted, step));
      out[index].adjusted_log10_p = adjusted;
      const Estimate& e = out[index].difference;
      stopped = stopped || (e.low <= 0.0 && e.high >= 0.0);
      if (!stopped) --left;
    }
    return out;
  }

  Status put_beside(MetricFinding& finding) const {
    const Metric& metric = given_.plan.metrics[metric_];
    const ClusteredSums* clusters = given_.clusters;
    for (Comparison& comparison : finding.against) {
      const MetricSums& treatment = sums_[comparison.arm];
      const stats::ClusterSums* counted =
          clusters == nullptr ? nullptr : &clusters->metrics[metric_][comparison.arm - 1];
      const double level = level_of(given_.plan, metric, given_.options.alpha);
      TACT_ASSIGN(comparison.guard,
                  guard(metric, treatment, sums_[0], level, counted, comparison.one_look));
      // Their variances would take the units of a cluster as independent.
      if (clusters != nullptr) continue;
      TACT_ASSIGN(comparison.adjusted, adjust(given_, metric_, comparison));
    }
    return clusters == nullptr ? put_capped(given_, finding) : ok();
  }

 private:
  const Given& given_;
  std::size_t metric_;
  std::vector<MetricSums> sums_;
};

bool varies(const Metric& metric, const MetricSums& treatment, const MetricSums& control) {
  const auto shown = summary_of(metric, treatment);
  const auto kept = summary_of(metric, control);
  return shown.has_value() && kept.has_value() && (shown->variance > 0.0 || kept->variance > 0.0);
}

}  // namespace

bool may_compare(const Metric& metric, const MetricSums& treatment, const MetricSums& control) {
  const MetricSums arms[] = {control, treatment};
  const auto gate = gate_of(metric, arms);
  return gate.has_value() && gate->open && varies(metric, treatment, control);
}

Result<Comparison> compare_sums(const Metric& metric, const MetricSums& treatment,
                                const MetricSums& control, double alpha) {
  TACT_ASSIGN(const auto shown, summary_of(metric, treatment));
  TACT_ASSIGN(const auto kept, summary_of(metric, control));
  const stats::SequenceOptions sequence = sequence_at(alpha);
  TACT_ASSIGN(const auto always, stats::sequential_difference(shown, kept, sequence));
  TACT_ASSIGN(const auto fixed, stats::welch_difference(shown, kept, alpha));
  Comparison out;
  out.alpha = alpha;
  out.difference = around(always.estimate, always.interval);
  out.log10_p = out.adjusted_log10_p = always.p.log10_p;
  out.fixed = around(fixed.estimate, fixed.interval);
  out.fixed_log10_p = fixed.p.log10_p;
  out.standard_error = fixed.standard_error;
  out.behind = static_cast<double>(treatment.units + control.units);
  TACT_ASSIGN(out.lift, stats::sequential_lift(shown, kept, sequence));
  TACT_ASSIGN(out.fixed_lift, stats::fieller_lift(shown, kept, alpha));
  return out;
}

Status compare_clusters(const Metric& metric, const stats::ClusterSums& sums, bool one_look,
                        Comparison& comparison) {
  TACT_ASSIGN(const auto fixed, stats::clustered_difference(sums, comparison.alpha));
  TACT_ASSIGN(comparison.fixed_lift, stats::fieller_clustered(sums, comparison.alpha));
  const double unit = unit_of(metric);
  const double clusters =
      std::min(fixed.effective_clusters_control, fixed.effective_clusters_treatment);
  const stats::Difference& difference = fixed.difference;
  comparison.clusters = clusters;
  comparison.behind =
      static_cast<double>(sums.treatment.clusters + sums.control.clusters - sums.clusters_in_both);
  comparison.fixed = times(around(difference.estimate, difference.interval), 1.0 / unit);
  comparison.fixed_log10_p = difference.p.log10_p;
  comparison.standard_error = difference.standard_error / unit;
  if (clusters < kFewestClustersToLook) {
    if (!one_look) {
      return make_error(ErrorCode::kInvalid,
                        "fewer than 50 clusters in an arm are too few to look every day");
    }
    comparison.one_look = true;
    comparison.difference = comparison.fixed;
    comparison.log10_p = comparison.fixed_log10_p;
    comparison.lift = comparison.fixed_lift;
    return ok();
  }
  const stats::SequenceOptions options = sequence_at(comparison.alpha);
  TACT_ASSIGN(const auto always, stats::sequential_clustered(sums, options));
  comparison.difference = times(around(always.estimate, always.interval), 1.0 / unit);
  comparison.log10_p = always.p.log10_p;
  TACT_ASSIGN(comparison.lift, stats::sequential_clustered_lift(sums, options));
  return ok();
}

Result<MetricFinding> measure_metric(const Given& given, std::size_t metric, bool blocked) {
  MetricFinding finding;
  finding.metric = metric;
  std::vector<MetricSums> sums;
  const Metric& of = given.plan.metrics[metric];
  const std::vector<Block>& blocks = given.cut.metrics[metric];
  put_arms(given, blocks, finding);
  for (std::size_t arm = 0; arm < given.arms(); ++arm) {
    sums.push_back(closed_sums(given, {}, blocks, arm, metric));
  }
  TACT_ASSIGN(const auto gate, gate_of(of, sums));
  for (const stats::ArmShortfall& arm : gate.lacking) {
    finding.lacking.push_back({arm.arm, arm.have, arm.missing, arm.uneven, arm.without});
  }
  put_days(given, blocks, finding);
  if (!finding.lacking.empty()) {
    finding.withheld = Withheld::kNotEnough;
    // Of so few the pace would tell how many they are.
    if (!of.of_some()) {
      TACT_ASSIGN(finding.expected_at, when_open(given, metric));
    }
    TACT_TRY(put_uneven(given, sums, blocked, finding));
    return finding;
  }
  if (blocked) {
    finding.withheld = Withheld::kSampleRatio;
    return finding;
  }
  for (std::size_t arm = 1; arm < given.arms(); ++arm) {
    if (varies(of, sums[arm], sums[0])) continue;
    finding.withheld = Withheld::kNothingVaries;
    return finding;
  }
  const Against against(given, metric, std::move(sums));
  auto compared = against.holm();
  if (!compared.has_value()) {
    finding.withheld = Withheld::kNotEstimable;
    finding.reason = compared.error().message;
    return finding;
  }
  finding.against = std::move(*compared);
  TACT_TRY(against.put_beside(finding));
  return finding;
}

}  // namespace tact::internal
