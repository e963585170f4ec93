#include <algorithm>

#include "measure/internal/charts/bars.h"
#include "measure/internal/charts/forest.h"
#include "measure/internal/charts/interval.h"
#include "measure/internal/charts/tiles.h"
#include "measure/internal/dates.h"
#include "measure/internal/numbers.h"
#include "measure/internal/page/amounts.h"
#include "measure/internal/page/markup.h"
#include "measure/internal/page/sections.h"

namespace tact::internal::page {
namespace {

charts::Tone tone_of_arm(const Findings& findings, std::size_t arm) {
  for (const ArmVerdict& verdict : findings.verdicts) {
    if (verdict.arm == arm) return tone_of(verdict.verdict);
  }
  return tone_of(findings.verdict);
}

std::string arms_forest(const Findings& findings, const Amounts& amounts, const std::string& id) {
  const MetricFinding& primary = *findings.primary();
  charts::Forest chart;
  chart.frame = {id + "-arms",
                 "Effect of each arm on " + amounts.name(),
                 {},
                 amounts.name() + " " + amounts.per() + ", more or fewer than " +
                     arm_name(findings, 0) + shaded(findings)};
  chart.name_head = "arm";
  chart.figure_head = "difference " + amounts.per();
  chart.smallest = findings.smallest_effect * amounts.scale();
  for (const Comparison& effect : primary.against) {
    const Estimate& e = effect.difference;
    charts::ForestRow row;
    row.name = arm_name(findings, effect.arm);
    row.figure = amounts.interval(e);
    row.estimate = e.estimate * amounts.scale();
    row.low = e.low * amounts.scale();
    row.high = e.high * amounts.scale();
    row.tone = tone_of_arm(findings, effect.arm);
    row.shape = static_cast<int>(effect.arm) - 1;
    chart.frame.says += row.name + ": " + row.figure + ". ";
    chart.rows.push_back(row);
  }
  return charts::forest(chart);
}

std::string over_time(const Findings& findings, const Sequence& sequence, const Amounts& amounts,
                      const std::string& id) {
  if (sequence.points.empty()) return {};
  const std::string arm = several(findings) ? arm_name(findings, sequence.arm) + ": " : "";
  charts::IntervalOverTime chart;
  const auto day_of = [](Time at) {
    return static_cast<double>(at.time_since_epoch().count()) /
           static_cast<double>(days(1).count());
  };
  for (const SequencePoint& point : sequence.points) {
    const Estimate& e = point.difference;
    chart.looks.push_back({day_of(point.at), say_date(point.at), say_day(point.at),
                           e.estimate * amounts.scale(), e.low * amounts.scale(),
                           e.high * amounts.scale(),
                           amounts.interval(e) + " from " + grouped(point.units), false});
  }
  const charts::Look& last = chart.looks.back();
  const Time start = findings.first_exposure.value_or(sequence.points.front().at);
  chart.from_day = std::min(day_of(start), chart.looks.front().day);
  chart.from_tick = say_day(start);
  chart.waiting = "not enough data";
  chart.figure = amounts.interval(sequence.points.back().difference);
  chart.smallest = findings.smallest_effect * amounts.scale();
  chart.tone = tone_of_arm(findings, sequence.arm);
  const bool clear = last.low > 0.0 || last.high < 0.0;
  chart.frame = {
      id + "-time-" + std::to_string(sequence.arm),
      arm + "effect on " + amounts.name() + " over time",
      "At the end " + chart.figure + " " + amounts.per() + "; the interval " +
          (clear ? "excludes" : "includes") + " no effect.",
      arm + amounts.name() + " " + amounts.per() + ", may be read on any day" + shaded(findings)};
  return charts::interval_over_time(chart);
}

std::string effect_tiles(const Findings& findings, const Comparison& effect,
                         const Amounts& amounts) {
  const charts::Tone tone = tone_of_arm(findings, effect.arm);
  std::vector<charts::Tile> tiles;
  const auto add = [&](const std::string& name, const Spoken& figure) {
    tiles.push_back({name, figure.estimate, figure.interval, tone});
  };
  add(amounts.name() + (amounts.per().empty() ? "" : " " + amounts.per()),
      split(amounts.interval(effect.difference)));
  add("in all, because of it", split(amounts.total(effect.incremental)));
  const Spoken lift = split(say_lift(effect.lift));
  if (!lift.interval.empty()) add("compared with " + arm_name(findings, 0), lift);
  return charts::tiles(tiles);
}

// How far each arm is on its way to a verdict.
std::string missing(const Findings& findings, const std::string& id) {
  const MetricFinding& primary = *findings.primary();
  if (primary.lacking.empty()) return {};
  if (findings.all_hidden()) return part("What is still missing?", findings.note, {});
  std::int64_t needed = 0;
  bool without = false;
  for (const Shortfall& arm : primary.lacking) {
    needed = std::max(needed, arm.have + arm.missing);
    without = without || arm.without;
  }
  charts::Bars chart;
  const std::string name = goal_name(findings.metric(primary).name);
  chart.frame = {
      id + "-missing", "What is still missing", findings.note,
      findings.plan.units() + (without ? " with or without " : " with ") + name + ", time over"};
  chart.name_head = "arm";
  chart.figure_head = "has";
  chart.target = static_cast<double>(needed);
  chart.target_says = "needed: " + grouped(needed);
  for (std::size_t arm = 0; arm < findings.plan.arms.size(); ++arm) {
    charts::Bar bar;
    bar.name = arm_name(findings, arm);
    bar.figure = "enough";
    bar.value = static_cast<double>(needed);
    for (const Shortfall& lacking : primary.lacking) {
      if (lacking.arm != arm) continue;
      bar.figure = grouped(lacking.have) + " of " + grouped(lacking.have + lacking.missing);
      bar.value = static_cast<double>(lacking.have);
    }
    chart.frame.says += " " + bar.name + ": " + bar.figure + ".";
    chart.bars.push_back(bar);
  }
  return part("What is still missing?", primary.uneven ? primary.uneven->says : std::string(),
              charts::bars(chart));
}

}  // namespace

std::string effect_part(const Findings& findings, const std::string& id) {
  const MetricFinding* primary = findings.primary();
  if (primary == nullptr) return {};
  if (primary->against.empty()) return missing(findings, id);
  const Amounts amounts(findings.plan, findings.metric(*primary));
  std::vector<std::string> sequences;
  for (const Sequence& sequence : findings.sequences) {
    sequences.push_back(over_time(findings, sequence, amounts, id));
  }
  std::string details;
  for (const Comparison& effect : primary->against)
    details += figures_behind(findings, effect, amounts);
  const std::string question = "How large is the effect, and how sure is it?";
  const std::string body =
      (several(findings) ? arms_forest(findings, amounts, id)
                         : effect_tiles(findings, primary->against.front(), amounts)) +
      beside(sequences) + "<details class=\"more\"><summary>More figures</summary>" + details +
      "</details>\n";
  const bool once = std::any_of(primary->against.begin(), primary->against.end(),
                                [](const Comparison& effect) { return effect.one_look; });
  return once ? one_look_part(question, {}, body) : part(question, {}, body);
}

}  // namespace tact::internal::page
