#include <algorithm>

#include "measure/internal/charts/forest.h"
#include "measure/internal/charts/tiles.h"
#include "measure/internal/numbers.h"
#include "measure/internal/page/amounts.h"
#include "measure/internal/page/markup.h"
#include "measure/internal/page/sections.h"

namespace tact::internal::page {
namespace {

using charts::escape;

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
    const std::string figure = amounts.interval(e);
    row.figure = e.low == e.high ? split(figure).estimate : figure;  // a cost that is known
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

std::string tiles(const ReturnFinding& found, const Amounts& amounts) {
  const charts::Tone tone = sign_tone(found.total);
  const Spoken total = split(amounts.total(found.total));
  std::vector<charts::Tile> tiles = {{"left over in all", total.estimate, total.interval, tone}};
  const Spoken roi = split(say_lift(found.roi));
  if (!roi.interval.empty()) {
    tiles.push_back({"return on what it cost", roi.estimate, roi.interval, tone});
  }
  return charts::tiles(tiles);
}

std::string answer(const ReturnFinding& found) {
  if (found.total.low > 0.0) return tag("helps", "earned");
  if (found.total.high < 0.0) return tag("hurts", "lost money");
  return tag("plain", "cannot tell yet");
}

// Of several arms a line each: tiles of all would be as many as nobody compares.
std::string by_arm(const Findings& findings, const Amounts& amounts) {
  std::string rows;
  for (const ReturnFinding& found : findings.returns) {
    rows += "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">" +
            escape(arm_name(findings, found.arm)) + " " + answer(found) +
            "</th><td role=\"cell\" data-of=\"left over in all\">" +
            escape(amounts.total(found.total)) +
            "</td><td role=\"cell\" data-of=\"return on what it cost\">" +
            escape(say_lift(found.roi)) + "</td></tr>\n";
  }
  const std::string after = percent(findings.plan.economics.margin, 0) + " margin and all costs";
  return "<table role=\"table\" class=\"stacked\"><caption>after " + escape(after) +
         "</caption><thead role=\"rowgroup\"><tr role=\"row\"><th role=\"columnheader\" "
         "scope=\"col\">arm</th><th role=\"columnheader\" scope=\"col\">left over in all</th><th "
         "role=\"columnheader\" scope=\"col\">return on what it cost</th></tr></thead><tbody "
         "role=\"rowgroup\">\n" +
         rows + "</tbody></table>\n";
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
                     arm_name(findings, 0) + ", may be read on any day"};
  chart.name_head = "of it";
  chart.figure_head = amounts.per();
  chart.zero = "nothing";
  chart.whole = true;  // value, cost and what is left are of different size by nature
  for (const ReturnFinding& found : findings.returns) add_rows(chart, findings, found, amounts);
  const bool cost = std::any_of(findings.returns.begin(), findings.returns.end(), has_cost);
  const std::string& assumes = findings.return_assumes;
  const std::string under = !assumes.empty() ? assumes
                            : cost           ? ""
                                             : "No cost is known: what is left over is value.";
  return part(
      "Is it worth its cost?", several(findings) ? std::string() : findings.returns.front().says,
      (several(findings) ? by_arm(findings, amounts) : tiles(findings.returns.front(), amounts)) +
          charts::forest(chart) + element("p", "quiet", under));
}

}  // namespace tact::internal::page
