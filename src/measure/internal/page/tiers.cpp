#include "measure/internal/tiers.h"

#include "measure/internal/charts/forest.h"
#include "measure/internal/page/amounts.h"
#include "measure/internal/page/markup.h"
#include "measure/internal/page/sections.h"

namespace tact::internal::page {
namespace {

charts::ForestRow row(const std::string& name, const std::string& aside, const Estimate& e,
                      const Amounts& amounts) {
  charts::ForestRow row;
  row.name = name;
  row.aside = aside;
  row.figure = amounts.total(e);
  row.estimate = e.estimate;
  row.low = e.low;
  row.high = e.high;
  return row;
}

// Created above captured, tier by tier: both sides of 0 are possible for either.
std::string drawn(const TierFinding& found, const Amounts& amounts, const std::string& id) {
  charts::Forest chart;
  for (const TierFinding::Group& group : found.groups) {
    if (!group.created) continue;
    chart.rows.push_back(row(tier_name(group), "created", *group.created, amounts));
    chart.rows.back().emphasis = true;
    chart.rows.push_back(row(tier_name(group), "captured", *group.captured, amounts));
  }
  if (chart.rows.empty()) return {};
  chart.frame = {id + "-tiers", "Captured against created, by tier of the moments", found.says,
                 amounts.name() + " of all who were shown something"};
  for (const charts::ForestRow& one : chart.rows) {
    chart.frame.says += " " + one.name + ", " + one.aside + ": " + one.figure + ".";
  }
  chart.name_head = "tier";
  chart.figure_head = amounts.name();
  return charts::forest(chart);
}

}  // namespace

std::string tier_part(const Findings& findings, const std::string& id) {
  if (!findings.tiers || findings.primary() == nullptr) return {};
  const TierFinding& found = *findings.tiers;
  const Amounts amounts(findings.plan, findings.metric(*findings.primary()));
  Definitions list;
  for (const TierFinding::Group& group : found.groups) {
    if (group.created) {
      std::string moments;
      for (const std::string& name : group.moments) moments += (moments.empty() ? "" : ", ") + name;
      list.emplace_back(tier_name(group),
                        "credited " + amounts.sum(group.credited) + ": " + moments);
    }
    for (const AdditivityFinding::NotCounted& one : group.not_counted) {
      list.emplace_back(one.name, "not counted: " + one.why);
    }
  }
  return part("Which tier creates, which captures?", found.says,
              drawn(found, amounts, id) + definitions(list));
}

}  // namespace tact::internal::page
