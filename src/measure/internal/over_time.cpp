#include "measure/internal/over_time.h"

#include <map>

#include "measure/internal/effects.h"
#include "measure/internal/words.h"
#include "stats/novelty.h"

namespace tact::internal {
namespace {

constexpr std::size_t kMostPoints = 200;
constexpr Day kWeek = 7;

std::vector<Block> closed_blocks(const Given& given) {
  std::vector<Block> closed;
  for (const Block& block : given.cut.everybody) {
    if (is_closed(block, given.plan.metrics.front(), given.options.now)) closed.push_back(block);
  }
  return closed;
}

MetricSums sums_in(const Given& given, const Block& block, std::size_t arm) {
  return closed_sums(given, {}, std::span<const Block>(&block, 1), arm, 0);
}

}  // namespace

Result<std::vector<Sequence>> looks_over_time(const Given& given, const MetricFinding& primary) {
  std::vector<Sequence> out;
  const auto blocks = closed_blocks(given);
  const std::size_t step = (blocks.size() + kMostPoints - 1) / kMostPoints;
  const Metric& metric = given.plan.metrics.front();
  for (const Comparison& comparison : primary.against) {
    if (comparison.clusters) continue;  // units of a cluster are not independent of each other
    Sequence sequence;
    sequence.arm = comparison.arm;
    MetricSums treatment, control;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      treatment += sums_in(given, blocks[i], comparison.arm);
      control += sums_in(given, blocks[i], 0);
      const bool drawn = (blocks.size() - 1 - i) % step == 0;  // the last one always is
      if (!drawn || !may_compare(metric, treatment, control)) continue;
      TACT_ASSIGN(const Comparison look,
                  compare_sums(metric, treatment, control, comparison.alpha));
      sequence.points.push_back({start_of(blocks[i].end) + metric.within,
                                 treatment.units + control.units, look.difference, look.log10_p});
    }
    out.push_back(std::move(sequence));
  }
  return out;
}

Result<std::vector<NoveltyFinding>> check_novelty(const Given& given,
                                                  const MetricFinding& primary) {
  std::vector<NoveltyFinding> out;
  const auto blocks = closed_blocks(given);
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
