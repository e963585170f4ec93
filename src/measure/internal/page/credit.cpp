#include "measure/internal/charts/bars.h"
#include "measure/internal/page/amounts.h"
#include "measure/internal/page/markup.h"
#include "measure/internal/page/sections.h"

namespace tact::internal::page {
namespace {

using charts::Bar;
using charts::Tone;

Bar inferred(const std::string& name, const std::string& aside, const Estimate& e, Tone tone,
             const std::string& figure) {
  Bar bar;
  bar.name = name;
  bar.aside = aside;
  bar.figure = figure;
  bar.value = e.estimate;
  bar.interval = charts::Span{e.low, e.high};
  bar.tone = tone;
  bar.dashed = tone == Tone::kCredit;
  bar.emphasis = tone != Tone::kCredit;
  return bar;
}

std::string unsigned_figure(const std::string& figure) {
  return figure.starts_with('+') ? figure.substr(1) : figure;
}

Tone created_tone(const Estimate& created, bool more) {
  if (created.low > 0.0) return more ? Tone::kHelps : Tone::kHurts;
  if (created.high < 0.0) return more ? Tone::kHurts : Tone::kHelps;
  return Tone::kOpen;
}

std::vector<Bar> credited(const Credited& credit, const Amounts& amounts) {
  std::vector<Bar> bars;
  const auto add = [&](const char* name, double value) {
    bars.push_back(
        {.name = name, .figure = amounts.sum(value), .value = value, .tone = Tone::kCredit});
  };
  add("last touch credits", credit.last);
  // The other models are drawn where they are known and differ at all.
  const auto differs = [&](double value) {
    return value > 0.0 && amounts.sum(value) != amounts.sum(credit.last);
  };
  if (differs(credit.linear)) add("linear credits", credit.linear);
  if (differs(credit.position)) add("by position credits", credit.position);
  return bars;
}

std::string all_chart(const Findings& findings, const Amounts& amounts, bool more,
                      const std::string& id) {
  const CreditFinding& credit = findings.credit;
  charts::Bars chart;
  chart.bars = credited(credit.credited, amounts);
  chart.bars.push_back(inferred("came because of it", "created", *credit.created,
                                created_tone(*credit.created, more),
                                unsigned_figure(amounts.total(*credit.created))));
  if (credit.captured && credit.captured->high > 0.0) {
    chart.bars.push_back(inferred("would have come anyway", "captured", *credit.captured,
                                  Tone::kCredit, unsigned_figure(amounts.total(*credit.captured))));
  }
  chart.frame = {id + "-credit", "Attributed and incremental " + amounts.name(),
                 findings.credited_says, amounts.name()};
  for (const Bar& bar : chart.bars) chart.frame.says += " " + bar.name + " " + bar.figure + ".";
  chart.name_head = "what is counted";
  chart.figure_head = amounts.name();
  return charts::bars(chart);
}

// By how likely the outcome was anyway: credit gathers where it was likely.
std::string strata_chart(const Findings& findings, const Amounts& amounts, bool more,
                         const std::string& id) {
  if (findings.credit.strata.size() < 2) return {};  // one is everybody
  charts::Bars chart;
  for (const CreditFinding::Stratum& stratum : findings.credit.strata) {
    chart.bars.push_back({.name = stratum.name,
                          .aside = "credited",
                          .figure = amounts.sum(stratum.credited),
                          .value = stratum.credited,
                          .tone = Tone::kCredit});
    if (!stratum.created) {
      chart.bars.push_back(
          {.name = "because of it", .figure = "not enough data yet", .indent = true});
      continue;
    }
    Bar bar = inferred("because of it", "", *stratum.created, created_tone(*stratum.created, more),
                       unsigned_figure(amounts.total(*stratum.created)));
    bar.indent = true;
    chart.bars.push_back(bar);
  }
  chart.frame = {id + "-strata",
                 "Captured against created, by how likely it was anyway",
                 {},
                 amounts.name() + " by how likely they were anyway"};
  for (const Bar& bar : chart.bars) {
    chart.frame.says +=
        bar.name + (bar.aside.empty() ? "" : ", " + bar.aside) + ": " + bar.figure + ". ";
  }
  chart.name_head = "how likely anyway";
  chart.figure_head = amounts.name();
  return charts::bars(chart);
}

std::string arm_by_arm(const Findings& findings, const Amounts& amounts) {
  Definitions list;
  for (const CreditFinding::Arm& arm : findings.credit.arms) {
    list.push_back({arm_name(findings, arm.arm), "credited " + amounts.sum(arm.credited) +
                                                     "; created " + amounts.total(arm.created) +
                                                     ", captured " + amounts.total(arm.captured)});
  }
  return definitions(list);
}

}  // namespace

std::string credit_part(const Findings& findings, const std::string& id) {
  const MetricFinding* primary = findings.primary();
  if (primary == nullptr || findings.credit.arms.empty()) return {};
  const Credited& all = findings.credit.credited;
  if (all.last == 0.0 && all.linear == 0.0 && all.position == 0.0) return {};
  const Metric& metric = findings.metric(*primary);
  const Amounts amounts(findings.plan, metric);
  // Said once, under the verdict.
  const std::string says =
      findings.credit.says == findings.credited_says ? std::string() : findings.credit.says;
  if (!findings.credit.created) {
    return part("What would have come anyway?", says, arm_by_arm(findings, amounts));
  }
  return part("What would have come anyway?", says,
              all_chart(findings, amounts, metric.more, id) +
                  strata_chart(findings, amounts, metric.more, id));
}

}  // namespace tact::internal::page
