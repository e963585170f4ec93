#include "measure/internal/uneven.h"

#include <algorithm>

#include "measure/internal/words.h"
#include "stats/gate.h"
#include "stats/sequential.h"
#include "stats/welch.h"
#include "stats/winsor.h"

namespace tact::internal {
namespace {

// Of everybody in the blocks closed for the metric, per arm.
std::vector<stats::TailSums> tails_of(const Given& given, std::size_t metric) {
  std::vector<stats::TailSums> tails(given.arms());
  for (const Block& block : given.cut.metrics[metric]) {
    if (!is_closed(block, given.plan.metrics[metric], given.options.now)) continue;
    each_day(given, block, [&](const DaySums& day) {
      for (std::size_t arm = 0; arm < tails.size() && !day.tails.empty(); ++arm) {
        tails[arm] += day.tails[arm * given.plan.metrics.size() + metric];
      }
    });
  }
  return tails;
}

// Absent where there are no tails.
Result<std::optional<stats::Winsorised>> winsorised_of(const Given& given, std::size_t metric) {
  const Metric& of = given.plan.metrics[metric];
  if (!of.money || of.kind == MetricKind::kRatio) return std::optional<stats::Winsorised>();
  const auto tails = tails_of(given, metric);
  if (tails.front().raw().n == 0) return std::optional<stats::Winsorised>();
  TACT_ASSIGN(auto winsorised, stats::winsorise(tails));
  return std::optional<stats::Winsorised>(std::move(winsorised));
}

// Absent where nothing varies.
Result<std::optional<Capped>> capped_of(const stats::Winsorised& winsorised, std::size_t arm,
                                        double unit, double alpha) {
  const auto summary = [&](std::size_t index) {
    return stats::summarize(winsorised.arms[index], stats::OutcomeKind::kMean);
  };
  TACT_ASSIGN(const auto treatment, summary(arm));
  TACT_ASSIGN(const auto control, summary(0));
  if (treatment.variance == 0.0 && control.variance == 0.0) return std::optional<Capped>();
  stats::SequenceOptions sequence;
  sequence.alpha = alpha;
  TACT_ASSIGN(const auto fixed, stats::welch_difference(treatment, control, alpha));
  TACT_ASSIGN(const auto always, stats::sequential_difference(treatment, control, sequence));
  return std::optional<Capped>(Capped{winsorised.cap / unit, winsorised.capped,
                                      times(around(always.estimate, always.interval), 1.0 / unit),
                                      times(around(fixed.estimate, fixed.interval), 1.0 / unit),
                                      always.p.log10_p});
}

// The winsorised amounts have a gate of their own: capped, they are more even.
Status put_meanwhile(const Given& given, MetricFinding& finding) {
  TACT_ASSIGN(const auto winsorised, winsorised_of(given, finding.metric));
  if (!winsorised) return ok();
  TACT_ASSIGN(const auto gate, stats::check_gate(winsorised->arms, stats::OutcomeKind::kMean, 0.0));
  if (!gate.open) return ok();
  const double unit = unit_of(given.plan.metrics[finding.metric]);
  const double alpha = given.options.alpha / static_cast<double>(given.arms() - 1);
  for (std::size_t arm = 1; arm < given.arms(); ++arm) {
    TACT_ASSIGN(const auto capped, capped_of(*winsorised, arm, unit, alpha));
    if (capped && capped->units > 0) finding.uneven->winsorised.push_back({arm, *capped});
  }
  return ok();
}

}  // namespace

Status put_capped(const Given& given, MetricFinding& finding) {
  TACT_ASSIGN(const auto winsorised, winsorised_of(given, finding.metric));
  if (!winsorised) return ok();
  const double unit = unit_of(given.plan.metrics[finding.metric]);
  for (Comparison& comparison : finding.against) {
    TACT_ASSIGN(comparison.capped, capped_of(*winsorised, comparison.arm, unit, comparison.alpha));
  }
  return ok();
}

Status put_uneven(const Given& given, std::span<const MetricSums> sums, bool blocked,
                  MetricFinding& finding) {
  const auto waits = std::find_if(finding.lacking.begin(), finding.lacking.end(),
                                  [](const Shortfall& arm) { return arm.uneven; });
  if (waits == finding.lacking.end()) return ok();
  stats::SampleMoments all;
  for (const MetricSums& arm : sums) all += arm.outcome();
  Uneven uneven;
  uneven.arm = waits->arm;
  uneven.reached = all.nonzero;
  uneven.effective = all.sum / all.sum_squares * all.sum;
  finding.uneven = std::move(uneven);
  if (!blocked && given.clusters == nullptr) TACT_TRY(put_meanwhile(given, finding));
  finding.uneven->says = say_uneven(given.plan, finding);
  return ok();
}

}  // namespace tact::internal
