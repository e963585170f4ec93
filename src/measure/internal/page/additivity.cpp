#include "measure/internal/charts/forest.h"
#include "measure/internal/page/amounts.h"
#include "measure/internal/page/markup.h"
#include "measure/internal/page/sections.h"

namespace tact::internal::page {
namespace {

charts::ForestRow row(const std::string& name, const Estimate& e, const Amounts& amounts) {
  charts::ForestRow row;
  row.name = name;
  row.figure = amounts.total(e);
  row.estimate = e.estimate;
  row.low = e.low;
  row.high = e.high;
  return row;
}

std::string drawn(const AdditivityFinding& found, const Amounts& amounts, const std::string& id) {
  if (found.moments.empty()) return {};
  charts::Forest chart;
  for (const AdditivityFinding::Moment& moment : found.moments) {
    chart.rows.push_back(row(moment.name, moment.incremental, amounts));
  }
  for (const auto& [name, e] : {std::pair{"sum of the moments", found.sum},
                                std::pair{"everything together", found.whole.incremental}}) {
    chart.rows.push_back(row(name, e, amounts));
    chart.rows.back().emphasis = true;
  }
  chart.rows.push_back(row("sum less everything", found.gap, amounts));
  chart.frame = {id + "-adds", "Sum of the moments' effects beside that of everything together",
                 found.says, amounts.name() + " because of it, of all who were shown something"};
  for (const charts::ForestRow& one : chart.rows) {
    chart.frame.says += " " + one.name + ": " + one.figure + ".";
  }
  chart.name_head = "what";
  chart.figure_head = amounts.name();
  return charts::forest(chart);
}

}  // namespace

std::string additivity_part(const Findings& findings, const std::string& id) {
  if (!findings.additivity || findings.primary() == nullptr) return {};
  const AdditivityFinding& found = *findings.additivity;
  const Amounts amounts(findings.plan, findings.metric(*findings.primary()));
  Definitions not_counted;
  for (const AdditivityFinding::NotCounted& one : found.not_counted) {
    not_counted.emplace_back(one.name, "not in the sum: " + one.why);
  }
  return part("Do the moments add up?", found.says,
              drawn(found, amounts, id) + definitions(not_counted));
}

}  // namespace tact::internal::page
