#include "measure/analyse.h"

#include <algorithm>
#include <cmath>

#include "base/stop.h"
#include "measure/internal/attrition.h"
#include "measure/internal/consequences.h"
#include "measure/internal/effects.h"
#include "measure/internal/health.h"
#include "measure/internal/lifetime.h"
#include "measure/internal/over_time.h"
#include "measure/internal/planning.h"
#include "measure/internal/returns.h"
#include "measure/internal/segments.h"
#include "measure/internal/verdict.h"
#include "measure/internal/words.h"
#include "stats/inference.h"

namespace tact {
namespace {

using internal::Given;

void put_frame(const Given& given, Findings& out) {
  const AnalyseOptions& options = given.options;
  out.plan = given.plan;
  out.subject = options.subject;
  out.whom = options.whom;
  out.data_hash = options.data_hash;
  out.waiting = given.cut.withheld && given.sums.units() > 0;
  out.simulated_units = given.sums.simulated();
  out.mixed = given.sums.simulated() > 0 && given.sums.simulated() < given.sums.units();
  out.left_out_simulated = given.sums.left_out_simulated();
  out.hypothesis.stated = given.plan.hypothesis.stated;
  out.hypothesis.because = given.plan.hypothesis.because;
  if (!given.plan.metrics.empty()) {
    out.hypothesis.more = given.plan.metrics.front().more;
    out.hypothesis.metric = given.plan.metrics.front().name;
  }
  const auto& blocks = given.cut.everybody;
  for (std::size_t arm = 0; arm < given.arms(); ++arm) {
    const Count count = internal::exposed(given, {}, blocks, arm);
    out.exposed.push_back(count.units);
    out.crossovers.push_back(internal::told(given, count.crossovers));
  }
  if (blocks.empty() || options.one_look) return;  // a table without times has no window
  out.first_exposure = start_of(blocks.front().begin);
  out.last_exposure = start_of(blocks.back().end - 1);
}

bool a_cell_failed(const Findings& out) {
  for (const SegmentFinding& segment : out.segments) {
    for (const SegmentCell& cell : segment.cells) {
      if (cell.ratio_failed) return true;
    }
  }
  return false;
}

Status put_primary(const Given& given, bool blocked, Findings& out) {
  const MetricFinding& primary = out.metrics.front();
  if (!given.options.one_look) {
    TACT_ASSIGN(out.sequences, internal::looks_over_time(given, primary));
  }
  TACT_ASSIGN(out.novelty, internal::check_novelty(given, primary));
  TACT_ASSIGN(out.curves, internal::curves_of(given, blocked));
  out.credit = internal::credit_of(given, primary, out.segments);
  TACT_ASSIGN(out.returns, internal::returns_of(given, out.metrics));
  TACT_ASSIGN(out.lifetime, internal::lifetime_of(given, blocked));
  out.return_assumes = internal::say_assumed(given, out.returns);
  return ok();
}

Result<Findings> find(const Given& given) {
  TACT_TRY(check_not_stopped(given.options.stop));  // the cut may be none
  Findings out;
  put_frame(given, out);
  out.ratio = internal::check_ratio(given);
  out.attrition = internal::find_attrition(given);
  const auto late = internal::late_arms(given);
  bool blocked = out.ratio.failed || !late.empty();
  if (!given.plan.metrics.empty()) {
    TACT_ASSIGN(out.segments, internal::measure_segments(given, blocked));
  }
  if (!blocked && a_cell_failed(out)) {
    blocked = true;
    TACT_ASSIGN(out.segments, internal::measure_segments(given, blocked));
  }
  for (std::size_t metric = 0; metric < given.plan.metrics.size(); ++metric) {
    TACT_ASSIGN(MetricFinding finding, internal::measure_metric(given, metric, blocked));
    out.metrics.push_back(std::move(finding));
  }
  if (!out.metrics.empty()) TACT_TRY(put_primary(given, blocked, out));
  internal::judge(out, blocked);
  out.planning = internal::plan_ahead(given, out);
  internal::put_into_words(out, given.options.now, late);
  out.method = internal::say_method(out, given.options.alpha);
  return out;
}

// What is hidden of people may be shown of simulated visitors alone.
CutOptions cut_for(bool all_simulated, const AnalyseOptions& options) {
  return {options.now, options.small_cells && all_simulated,
          all_simulated ? Time::max() : options.present, options.stop};
}

Result<Findings> analyse_cut(const Plan& plan, const Sums& sums, const Cut& cut,
                             const CutOptions& how, const AnalyseOptions& options,
                             const ClusteredSums* clusters) {
  AnalyseOptions obeyed = options;
  obeyed.small_cells = how.small_cells;
  TACT_ASSIGN(Findings out, find(Given{plan, sums, cut, obeyed, clusters}));
  out.small_cells_shown = how.small_cells && sums.units() > 0;
  return out;
}

// Enough units belong to clusters: of a few the variance would tell, beside the totals, what they
// did.
bool counts_clusters(const Given& given) {
  std::vector<std::int64_t> units(given.arms());
  for (const Block& block : given.cut.everybody) {
    internal::each_day(given, block, [&](const DaySums& day) {
      for (std::size_t arm = 0; arm < units.size(); ++arm) units[arm] += day.in_clusters[arm];
    });
  }
  const auto nobody = [](std::int64_t n) { return n == 0; };
  return may_be_shown(units) && !std::all_of(units.begin(), units.end(), nobody);
}

Status check(const Plan& plan, const AnalyseOptions& options) {
  TACT_TRY(stats::check_alpha(options.alpha));
  return check_plan(plan);
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHelps:
      return "helps";
    case Verdict::kAtACost:
      return "at a cost";
    case Verdict::kHurts:
      return "hurts";
    case Verdict::kNoEffect:
      return "no effect";
    case Verdict::kNotClear:
      return "not clear";
    case Verdict::kNotEnoughData:
      return "not enough data";
    case Verdict::kCannotBeJudged:
      return "cannot be judged";
  }
  return "";
}

double ArmCounts::mean(MetricKind kind) const {
  const double over = kind == MetricKind::kRatio ? second_total : static_cast<double>(units);
  return over == 0.0 ? 0.0 : total / over;
}

const Comparison* MetricFinding::of(std::size_t arm) const {
  return arm >= 1 && arm <= against.size() ? &against[arm - 1] : nullptr;
}

std::int64_t Findings::units() const {
  std::int64_t sum = 0;
  for (const std::int64_t n : exposed) sum += n;
  return sum;
}

CutOptions cut_options(const Sums& sums, const AnalyseOptions& options) {
  return cut_for(sums.simulated() == sums.units(), options);
}

CutOptions cut_options(const DayCounts& units, const AnalyseOptions& options) {
  return cut_for(units.all_simulated(), options);
}

Result<Findings> analyse(const Plan& plan, const Sums& sums, const AnalyseOptions& options,
                         const ClusteredSums* clusters) {
  TACT_TRY(check(plan, options));
  const CutOptions how = cut_options(sums, options);
  return analyse_cut(plan, sums, cut_small_cells(sums, plan, how), how, options, clusters);
}

Result<Findings> analyse(const Plan& plan, const UnitSource& source, const AnalyseOptions& options,
                         const SumOptions& how) {
  TACT_TRY(check(plan, options));
  TACT_ASSIGN(const Sums sums, sum_units(source, plan, how));
  return analyse(plan, sums, source, options, how);
}

Result<Findings> analyse(const Plan& plan, const Sums& sums, const UnitSource& source,
                         const AnalyseOptions& options, const SumOptions& how) {
  TACT_TRY(check(plan, options));
  if (!plan.clustered) return analyse(plan, sums, options);
  const CutOptions cut_how = cut_options(sums, options);
  const Cut cut = cut_small_cells(sums, plan, cut_how);
  if (!counts_clusters({plan, sums, cut, options})) {
    Plan unclustered = plan;
    unclustered.clustered = false;
    return analyse_cut(unclustered, sums, cut, cut_how, options, nullptr);
  }
  TACT_ASSIGN(const ClusteredSums clusters,
              sum_clusters(source, plan, cut, options.now, how.include_simulated,
                           kMostClustersInDetail, options.stop));
  return analyse_cut(plan, sums, cut, cut_how, options, &clusters);
}

}  // namespace tact
