#include "measure/internal/over_time.h"

#include <map>

#include "measure/internal/effects.h"
#include "measure/internal/words.h"
#include "stats/novelty.h"

namespace tact::internal {
namespace {

constexpr Day kWeek = 7;

MetricSums sums_in(const Given& given, const Block& block, std::size_t arm) {
  return closed_sums(given, {}, std::span<const Block>(&block, 1), arm, 0);
}

// With clusters: at the blocks' end, or nothing while there are too few.
Result<std::optional<Comparison>> look_at(const Given& given, const MetricSums& treatment,
                                          const MetricSums& control, std::size_t block,
                                          const Comparison& now) {
  const Metric& metric = given.plan.metrics.front();
  if (!may_compare(metric, treatment, control)) return std::optional<Comparison>();
  TACT_ASSIGN(Comparison look, compare_sums(metric, treatment, control, now.alpha));
  if (given.clusters == nullptr) return std::optional<Comparison>(std::move(look));
  const stats::ClusterSums& sums = given.clusters->looks[block][now.arm - 1];
  if (!compare_clusters(metric, sums, false, look).has_value()) return std::optional<Comparison>();
  return std::optional<Comparison>(std::move(look));
}

}  // namespace

Result<std::vector<Sequence>> looks_over_time(const Given& given, const MetricFinding& primary) {
  std::vector<Sequence> out;
  const auto blocks = closed_blocks(given.plan, given.cut, given.options.now);
  const Metric& metric = given.plan.metrics.front();
  for (const Comparison& comparison : primary.against) {
    if (comparison.one_look || (given.clusters != nullptr && !given.clusters->detailed)) continue;
    Sequence sequence;
    sequence.arm = comparison.arm;
    MetricSums treatment, control;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      treatment += sums_in(given, blocks[i], comparison.arm);
      control += sums_in(given, blocks[i], 0);
      if (!is_look(i, blocks.size())) continue;
      TACT_ASSIGN(const auto look, look_at(given, treatment, control, i, comparison));
      if (!look) continue;
      sequence.points.push_back({start_of(blocks[i].end) + metric.within,
                                 treatment.units + control.units, look->difference, look->log10_p});
    }
    out.push_back(std::move(sequence));
  }
  return out;
}

Result<std::vector<NoveltyFinding>> check_novelty(const Given& given,
                                                  const MetricFinding& primary) {
  std::vector<NoveltyFinding> out;
  if (given.clusters != nullptr) return out;  // units are not independent of each other
  const auto blocks = closed_blocks(given.plan, given.cut, given.options.now);
  const Metric& metric = given.plan.metrics.front();
  for (const Comparison& comparison : primary.against) {
    std::map<Day, std::pair<MetricSums, MetricSums>> weeks;
    for (const Block& block : blocks) {
      auto& week = weeks[(block.begin - blocks.front().begin) / kWeek];
      week.first += sums_in(given, block, comparison.arm);
      week.second += sums_in(given, block, 0);
    }
    std::vector<stats::PeriodArms> periods;
    for (const auto& [week, sums] : weeks) {
      if (sums.first.units < kSmallCell || sums.second.units < kSmallCell) continue;
      TACT_ASSIGN(const auto treatment, summary_of(metric, sums.first));
      TACT_ASSIGN(const auto control, summary_of(metric, sums.second));
      if (treatment.variance == 0.0 && control.variance == 0.0) continue;
      periods.push_back({static_cast<double>(week), treatment, control});
    }
    if (periods.size() < 3) continue;
    TACT_ASSIGN(const auto trend, stats::effect_by_calendar(periods, given.options.alpha));
    const double weeks_between = periods.back().at - periods.front().at;
    NoveltyFinding finding;
    finding.arm = comparison.arm;
    finding.early = trend.early;
    finding.late = trend.late;
    finding.change = times(around(trend.estimate, trend.interval), weeks_between);
    finding.verdict = trend.verdict;
    finding.says = say_novelty(given.plan, finding);
    out.push_back(std::move(finding));
  }
  return out;
}

}  // namespace tact::internal
