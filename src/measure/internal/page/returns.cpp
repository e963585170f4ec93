#include <algorithm>

#include "measure/internal/charts/forest.h"
#include "measure/internal/charts/tiles.h"
#include "measure/internal/page/amounts.h"
#include "measure/internal/page/markup.h"
#include "measure/internal/page/sections.h"

namespace tact::internal::page {
namespace {

charts::Tone sign_tone(const Estimate& e) {
  return e.low > 0.0    ? charts::Tone::kHelps
         : e.high < 0.0 ? charts::Tone::kHurts
                        : charts::Tone::kOpen;
}

bool has_cost(const ReturnFinding& found) {
  return found.cost.estimate != 0.0 || found.cost.low != 0.0 || found.cost.high != 0.0;
}

void add_rows(charts::Forest& chart, const Findings& findings, const ReturnFinding& found,
              const Amounts& amounts) {
  const bool named = several(findings);
  if (named) {
    charts::ForestRow heading;
    heading.name = arm_name(findings, found.arm);
    heading.drawn = false;
    heading.heading = true;
    chart.rows.push_back(heading);
  }
  const auto add = [&](const char* name, const Estimate& e, charts::Tone tone, bool strong) {
    charts::ForestRow row;
    row.name = name;
    row.figure = amounts.interval(e);
    row.estimate = e.estimate;
    row.low = e.low;
    row.high = e.high;
    row.tone = tone;
    row.emphasis = strong;
    row.indent = named;
    chart.frame.says += std::string(name) + " " + row.figure + ". ";
    chart.rows.push_back(row);
  };
  add("value", found.value, sign_tone(found.value), false);
  if (findings.plan.economics.margin < 1.0 || findings.plan.economics.kept) {
    add("kept of it", found.kept, sign_tone(found.kept), false);
  }
  if (has_cost(found)) add("cost", found.cost, charts::Tone::kPlain, false);
  add("left over", found.profit, sign_tone(found.profit), true);
}

}  // namespace

std::string return_part(const Findings& findings, const std::string& id) {
  const std::optional<std::size_t>& value = findings.plan.economics.value;
  if (findings.returns.empty() && !findings.return_assumes.empty()) {
    return part("Is it worth its cost?", "", element("p", "quiet", findings.return_assumes));
  }
  if (findings.returns.empty() || !value || *value >= findings.plan.metrics.size()) return {};
  const Amounts amounts(findings.plan, findings.plan.metrics[*value]);
  charts::Forest chart;
  chart.frame = {id + "-return",
                 "Value, cost and what is left",
                 {},
                 findings.plan.currency + " " + amounts.per() + ", more or less than " +
                     arm_name(findings, 0) + ", at one fixed time"};
  chart.name_head = "of it";
  chart.figure_head = amounts.per();
  chart.zero = "nothing";
  std::vector<charts::Tile> tiles;
  std::string says;
  for (const ReturnFinding& found : findings.returns) {
    add_rows(chart, findings, found, amounts);
    const std::string arm = several(findings) ? ", " + arm_name(findings, found.arm) : "";
    const Spoken total = split(amounts.total(found.total));
    tiles.push_back(
        {"left over in all" + arm, total.estimate, total.interval, sign_tone(found.total)});
    const Spoken roi = split(say_lift(found.roi));
    if (!roi.interval.empty()) {
      tiles.push_back(
          {"return on what it cost" + arm, roi.estimate, roi.interval, sign_tone(found.total)});
    }
    says = joined({says, found.says});
  }
  const bool cost = std::any_of(findings.returns.begin(), findings.returns.end(), has_cost);
  const std::string& assumes = findings.return_assumes;
  const std::string under = !assumes.empty() ? assumes
                            : cost           ? ""
                                             : "No cost is known: what is left over is value.";
  return part("Is it worth its cost?", says,
              charts::tiles(tiles) + charts::forest(chart) + element("p", "quiet", under));
}

}  // namespace tact::internal::page
