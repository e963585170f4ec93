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
    finding_.says = blocked ? std::string() : say_clusters();
    if (finding_.says.empty()) finding_.says = say_segments(given_.plan, finding_);
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

  std::vector<std::size_t> measurable(std::size_t arm) const {
    std::vector<std::size_t> which;
    for (std::size_t cell = 0; cell < cells_; ++cell) {
      if (finding_.cells[cell].withheld || finding_.cells[cell].ratio_failed) continue;
      if (!may_compare(given_.plan.metrics.front(), sums_[cell][arm], sums_[cell][0])) continue;
      which.push_back(cell);
    }
    return which;
  }

  Status compare_arm(std::size_t arm) {
    const auto which = measurable(arm);
    if (which.empty()) return ok();
    if (given_.clusters != nullptr) return compare_clusters_of(arm, which);
    const Metric& metric = given_.plan.metrics.front();
    std::vector<stats::SegmentArms> arms;
    for (const std::size_t cell : which) {
      TACT_ASSIGN(const auto treatment, summary_of(metric, sums_[cell][arm]));
      TACT_ASSIGN(const auto control, summary_of(metric, sums_[cell][0]));
      arms.push_back({treatment, control});
    }
    const auto options = options_of_arm();
    TACT_ASSIGN(const auto always, stats::sequential_segments(arms, options, possible()));
    TACT_ASSIGN(const auto fixed, stats::segment_effects(arms, options.alpha, possible()));
    for (std::size_t i = 0; i < which.size(); ++i) {
      if (!always.effects[i]) continue;
      finding_.cells[which[i]].difference[arm - 1] =
          around(always.effects[i]->estimate, always.effects[i]->interval);
    }
    put_interaction(arm, always.interaction, fixed.interaction);
    return ok();
  }

  // Only cells with enough clusters to look every day; those of a table are looked at once.
  Status compare_clusters_of(std::size_t arm, const std::vector<std::size_t>& which) {
    if (!given_.clusters->detailed) return ok();
    bool once = false;
    std::vector<std::size_t> counted;
    std::vector<stats::ClusterSums> sums;
    for (const std::size_t cell : which) {
      const stats::ClusterSums& of = given_.clusters->cells[finding_.dimension][cell][arm - 1];
      const auto means = stats::clustered_means(of);
      if (!means.has_value()) continue;
      const double clusters = std::min(means->effective_treatment, means->effective_control);
      if (clusters < kFewestClustersToLook) {
        if (!given_.options.one_look) continue;
        once = true;
      }
      counted.push_back(cell);
      sums.push_back(of);
    }
    if (counted.empty()) return ok();
    const bool shared = given_.clusters->shared[finding_.dimension];
    const auto options = options_of_arm();
    TACT_ASSIGN(const auto always,
                stats::sequential_clustered_segments(sums, shared, options, possible()));
    TACT_ASSIGN(const auto fixed,
                stats::clustered_segment_effects(sums, shared, options.alpha, possible()));
    const double unit = unit_of(given_.plan.metrics.front());
    const auto put = [&](std::size_t i, const auto& effect) {
      if (!effect) return;
      finding_.cells[counted[i]].difference[arm - 1] =
          times(around(effect->estimate, effect->interval), 1.0 / unit);
    };
    for (std::size_t i = 0; i < counted.size(); ++i) {
      if (once) {
        put(i, fixed.effects[i]);
      } else {
        put(i, always.effects[i]);
      }
    }
    put_interaction(arm, once ? fixed.interaction : always.interaction, fixed.interaction);
    return ok();
  }

  // How many cells there can ever be.
  std::size_t possible() const {
    return given_.plan.dimensions[finding_.dimension].possible_cells();
  }

  stats::SequenceOptions options_of_arm() const {
    stats::SequenceOptions options;
    options.alpha = given_.options.alpha / static_cast<double>(given_.arms() - 1);
    return options;
  }

  void put_interaction(std::size_t arm, const std::optional<stats::Interaction>& always,
                       const std::optional<stats::Interaction>& fixed) {
    if (!always || !fixed) return;
    SegmentFinding::Interaction interaction;
    interaction.arm = arm;
    interaction.df = fixed->df;
    interaction.z = fixed->z;
    interaction.fixed_log10_p = fixed->p.log10_p;
    interaction.log10_p = always->p.log10_p;
    const auto dimensions = static_cast<double>(given_.plan.dimensions.size());
    interaction.differs = interaction.log10_p < std::log10(options_of_arm().alpha / dimensions);
    finding_.interactions.push_back(interaction);
  }

  // Why clusters leave something out; empty where they do not.
  std::string say_clusters() const {
    if (given_.clusters == nullptr) return {};
    const std::string clusters = given_.plan.cluster_name + "s";
    if (!given_.clusters->detailed) {
      return "Not compared: there are too many " + clusters + " to count them in each segment.";
    }
    const bool any =
        std::any_of(finding_.cells.begin(), finding_.cells.end(), [](const SegmentCell& cell) {
          return std::any_of(cell.difference.begin(), cell.difference.end(),
                             [](const auto& e) { return e.has_value(); });
        });
    if (!any || !given_.clusters->shared[finding_.dimension]) return {};
    return "Whether the effect depends on it is not tested, because " + clusters +
           " are in several of these at once.";
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
