#include "measure/internal/segments.h"

#include <algorithm>
#include <cmath>

#include "measure/internal/effects.h"
#include "measure/internal/health.h"
#include "measure/internal/words.h"
#include "stats/segments.h"

namespace tact::internal {
namespace {

class Segments {
 public:
  Segments(const Given& given, std::size_t dimension)
      : given_(given), cells_(given.plan.dimensions[dimension].cells.size()) {
    finding_.dimension = dimension;
    for (std::size_t cell = 0; cell < cells_; ++cell) add_cell(cell);
    std::int64_t everybody = 0;
    for (std::size_t arm = 0; arm < given.arms(); ++arm) {
      everybody += exposed(given, {}, given.cut.everybody, arm).units;
    }
    finding_.not_shown = everybody - shown_;
  }

  Result<SegmentFinding> compare(bool blocked) {
    for (std::size_t arm = 1; arm < given_.arms() && !blocked; ++arm) TACT_TRY(compare_arm(arm));
    finding_.says = say_segments(given_.plan, finding_);
    return std::move(finding_);
  }

 private:
  void add_cell(std::size_t index) {
    const Place place{finding_.dimension, static_cast<std::int32_t>(index)};
    const auto blocks = blocks_of(given_, place);
    SegmentCell cell;
    cell.name = given_.plan.dimensions[finding_.dimension].cells[index];
    std::vector<std::int64_t> units;
    std::vector<MetricSums> sums;
    for (std::size_t arm = 0; arm < given_.arms(); ++arm) {
      units.push_back(exposed(given_, place, blocks, arm).units);
      sums.push_back(closed_sums(given_, place, blocks, arm, 0));
      shown_ += units.back();
    }
    cell.withheld = std::all_of(units.begin(), units.end(), [](auto n) { return n == 0; });
    if (!cell.withheld) {
      for (std::size_t arm = 0; arm < given_.arms(); ++arm) {
        cell.arms.push_back(arm_counts(given_, place, blocks, arm, 0));
      }
      cell.ratio_failed = cell_ratio_failed(given_, units);
    }
    cell.difference.resize(given_.arms() - 1);
    finding_.cells.push_back(std::move(cell));
    sums_.push_back(std::move(sums));
  }

  Status compare_arm(std::size_t arm) {
    const Metric& metric = given_.plan.metrics.front();
    std::vector<stats::SegmentArms> measurable;
    std::vector<std::size_t> which;
    for (std::size_t cell = 0; cell < cells_; ++cell) {
      if (finding_.cells[cell].withheld || finding_.cells[cell].ratio_failed) continue;
      if (!may_compare(metric, sums_[cell][arm], sums_[cell][0])) continue;
      TACT_ASSIGN(const auto treatment, summary_of(metric, sums_[cell][arm]));
      TACT_ASSIGN(const auto control, summary_of(metric, sums_[cell][0]));
      measurable.push_back({treatment, control});
      which.push_back(cell);
    }
    if (measurable.empty()) return ok();
    const std::size_t possible = given_.plan.dimensions[finding_.dimension].possible_cells();
    stats::SequenceOptions options;
    options.alpha = given_.options.alpha / static_cast<double>(given_.arms() - 1);
    TACT_ASSIGN(const auto always, stats::sequential_segments(measurable, options, possible));
    TACT_ASSIGN(const auto fixed, stats::segment_effects(measurable, options.alpha, possible));
    for (std::size_t i = 0; i < which.size(); ++i) {
      if (!always.effects[i]) continue;
      finding_.cells[which[i]].difference[arm - 1] =
          around(always.effects[i]->estimate, always.effects[i]->interval);
    }
    if (!always.interaction || !fixed.interaction) return ok();
    SegmentFinding::Interaction interaction;
    interaction.arm = arm;
    interaction.df = fixed.interaction->df;
    interaction.z = fixed.interaction->z;
    interaction.fixed_log10_p = fixed.interaction->p.log10_p;
    interaction.log10_p = always.interaction->p.log10_p;
    const auto dimensions = static_cast<double>(given_.plan.dimensions.size());
    interaction.differs = interaction.log10_p < std::log10(options.alpha / dimensions);
    finding_.interactions.push_back(interaction);
    return ok();
  }

  const Given& given_;
  std::size_t cells_;
  SegmentFinding finding_;
  std::int64_t shown_ = 0;
  std::vector<std::vector<MetricSums>> sums_;  // [cell][arm], primary metric
};

}  // namespace

Result<std::vector<SegmentFinding>> measure_segments(const Given& given, bool blocked) {
  std::vector<SegmentFinding> out;
  for (std::size_t dimension = 0; dimension < given.plan.dimensions.size(); ++dimension) {
    TACT_ASSIGN(SegmentFinding finding, Segments(given, dimension).compare(blocked));
    out.push_back(std::move(finding));
  }
  return out;
}

}  // namespace tact::internal
