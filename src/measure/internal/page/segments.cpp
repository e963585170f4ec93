#include <algorithm>

#include "measure/internal/charts/forest.h"
#include "measure/internal/numbers.h"
#include "measure/internal/page/amounts.h"
#include "measure/internal/page/markup.h"
#include "measure/internal/page/sections.h"

namespace tact::internal::page {
namespace {

charts::Tone sign_tone(const Estimate& e, bool more) {
  if (e.low > 0.0) return more ? charts::Tone::kHelps : charts::Tone::kHurts;
  if (e.high < 0.0) return more ? charts::Tone::kHurts : charts::Tone::kHelps;
  return charts::Tone::kOpen;
}

charts::ForestRow words(const std::string& name, const std::string& figure) {
  charts::ForestRow row;
  row.name = name;
  row.figure = figure;
  row.drawn = false;
  return row;
}

std::string why_not(const SegmentCell& cell) {
  if (cell.withheld) return "hidden: small cells";
  if (cell.ratio_failed) return "not compared: arms uneven";
  return "not enough data yet";
}

struct Drawing {
  const Findings& findings;
  const Amounts& amounts;
  bool more;

  charts::ForestRow row(const std::string& name, const Estimate& e, std::size_t arm) const {
    charts::ForestRow row;
    row.name = name;
    row.figure = amounts.interval(e);
    row.estimate = e.estimate * amounts.scale();
    row.low = e.low * amounts.scale();
    row.high = e.high * amounts.scale();
    row.shape = static_cast<int>(arm) - 1;
    row.tone = sign_tone(e, more);
    return row;
  }

  // One row for one treatment arm; with several, a heading and a row for each.
  void cell(charts::Forest& chart, const SegmentCell& cell) const {
    const bool named = several(findings);
    if (cell.withheld || cell.ratio_failed) {
      chart.rows.push_back(words(cell.name, why_not(cell)));
      return;
    }
    if (named) {
      chart.rows.push_back(words(cell.name, ""));
      chart.rows.back().heading = true;
    }
    for (std::size_t arm = 1; arm < findings.plan.arms.size(); ++arm) {
      const std::string name = named ? arm_name(findings, arm) : cell.name;
      const bool measured = arm - 1 < cell.difference.size() && cell.difference[arm - 1];
      chart.rows.push_back(measured ? row(name, *cell.difference[arm - 1], arm)
                                    : words(name, why_not(cell)));
      chart.rows.back().indent = named;
    }
  }

  void everybody(charts::Forest& chart) const {
    for (const Comparison& effect : findings.primary()->against) {
      chart.rows.push_back(
          row(several(findings) ? "everybody, " + arm_name(findings, effect.arm) : "everybody",
              effect.difference, effect.arm));
      chart.rows.back().emphasis = true;
    }
  }
};

// More hidden cells than this are a line of names: sixteen rows of nothing bury the one that tells.
constexpr std::ptrdiff_t kHiddenRows = 2;

bool are_hidden_rows(const SegmentFinding& segment) {
  return std::count_if(segment.cells.begin(), segment.cells.end(),
                       [](const SegmentCell& cell) { return cell.withheld; }) <= kHiddenRows;
}

// Which cells are hidden, where they have no row.
std::string hidden_names(const SegmentFinding& segment) {
  std::string names;
  for (const SegmentCell& cell : segment.cells) {
    if (cell.withheld) names += (names.empty() ? "" : ", ") + cell.name;
  }
  return names.empty() ? names : "Hidden to protect small cells: " + names + ".";
}

bool any_measured(const SegmentFinding& segment) {
  return std::any_of(segment.cells.begin(), segment.cells.end(), [](const SegmentCell& cell) {
    return !cell.withheld && std::any_of(cell.difference.begin(), cell.difference.end(),
                                         [](const auto& e) { return e.has_value(); });
  });
}

std::string drawn(const Findings& findings, const SegmentFinding& segment, const Amounts& amounts,
                  const std::string& name, const std::string& id) {
  charts::Forest chart;
  chart.frame = {id + "-by-" + std::to_string(segment.dimension), "Effect by " + name, segment.says,
                 "by " + name + ": " + amounts.name() + " " + amounts.per() + shaded(findings)};
  chart.name_head = name;
  chart.figure_head = "difference " + amounts.per();
  chart.smallest = findings.smallest_effect * amounts.scale();
  const Drawing drawing{findings, amounts, findings.metric(*findings.primary()).more};
  const bool hidden_rows = are_hidden_rows(segment);
  for (const SegmentCell& cell : segment.cells) {
    if (!cell.withheld || hidden_rows) drawing.cell(chart, cell);
  }
  drawing.everybody(chart);
  for (const charts::ForestRow& row : chart.rows) {
    if (!row.figure.empty()) chart.frame.says += " " + row.name + ": " + row.figure + ".";
  }
  return charts::forest(chart);
}

std::string one(const Findings& findings, const SegmentFinding& segment, const Amounts& amounts,
                const std::string& id) {
  const std::string name = goal_name(findings.plan.dimensions[segment.dimension].name);
  std::string out = "<div class=\"segment\">\n" + element("p", "says", segment.says) +
                    drawn(findings, segment, amounts, name, id);
  if (!are_hidden_rows(segment)) out += element("p", "quiet", hidden_names(segment));
  if (segment.not_shown > 0) {
    out += element("p", "quiet",
                   grouped(segment.not_shown) + " " + findings.plan.units() +
                       " are in none of the segments shown: too few to be shown alone, or none of "
                       "them is known.");
  }
  return out + "</div>\n";
}

}  // namespace

std::string segment_part(const Findings& findings, const std::string& id) {
  const MetricFinding* primary = findings.primary();
  if (primary == nullptr || primary->against.empty()) return {};
  const Amounts amounts(findings.plan, findings.metric(*primary));
  std::vector<std::string> drawings;
  Definitions others;  // nothing to draw: a line each
  for (const SegmentFinding& segment : findings.segments) {
    if (segment.dimension >= findings.plan.dimensions.size()) continue;
    if (any_measured(segment)) {
      drawings.push_back(one(findings, segment, amounts, id));
    } else {
      others.emplace_back("by " + goal_name(findings.plan.dimensions[segment.dimension].name),
                          joined({segment.says, hidden_names(segment)}));
    }
  }
  return part("For whom?", {}, beside(drawings) + definitions(others));
}

}  // namespace tact::internal::page
