#include "measure/internal/charts/forest.h"
#include "measure/internal/lifetime_words.h"
#include "measure/internal/metric_words.h"
#include "measure/internal/page/markup.h"
#include "measure/internal/page/sections.h"

namespace tact::internal::page {
namespace {

charts::Tone sign_tone(const Estimate& e) {
  return e.low > 0.0    ? charts::Tone::kHelps
         : e.high < 0.0 ? charts::Tone::kHurts
                        : charts::Tone::kOpen;
}

class Rows {
 public:
  Rows(const Findings& findings, charts::Forest& chart) : findings_(findings), chart_(chart) {
    money_.money = true;
  }

  void add(const std::string& name, const Estimate& e, charts::Tone tone, bool strong) {
    charts::ForestRow row;
    row.name = name;
    row.figure = say_difference(findings_.plan, money_, e);
    row.estimate = e.estimate;
    row.low = e.low;
    row.high = e.high;
    row.tone = tone;
    row.emphasis = strong;
    row.indent = several(findings_);
    chart_.frame.says += name + " " + row.figure + ". ";
    chart_.rows.push_back(row);
  }
  void heading(const std::string& name) {
    charts::ForestRow row;
    row.name = name;
    row.drawn = false;
    row.heading = true;
    chart_.frame.says += name + ". ";
    chart_.rows.push_back(row);
  }

 private:
  const Findings& findings_;
  charts::Forest& chart_;
  Metric money_;
};

std::string drawing(const Findings& findings, const std::string& id) {
  const LifetimeFinding& found = *findings.lifetime;
  charts::Forest chart;
  chart.frame = {id + "-lifetime",
                 "Observed, forecast, and both",
                 {},
                 findings.plan.currency + " per " + findings.plan.unit + ", more or less than " +
                     arm_name(findings, 0) + ", at one look"};
  chart.name_head = "part";
  chart.figure_head = "per " + findings.plan.unit;
  chart.zero = "0";
  chart.whole = true;  // the parts are of different size by nature
  Rows rows(findings, chart);
  for (const LifetimeFinding::Against& against : found.against) {
    if (several(findings)) rows.heading(arm_name(findings, against.arm));
    const charts::Tone observed = sign_tone(against.observed);
    rows.add("observed, " + std::to_string(found.days) + " days", against.observed, observed,
             false);
    if (!against.forecast || !against.total) continue;
    rows.add("forecast, " + std::to_string(found.horizon_days) + " more", *against.forecast,
             charts::Tone::kPlain, false);  // a model alone claims nothing
    const charts::Tone total = sign_tone(*against.total);
    rows.add("in all", *against.total, total == observed ? total : charts::Tone::kOpen, true);
  }
  return charts::forest(chart);
}

}  // namespace

std::string lifetime_part(const Findings& findings, const std::string& id) {
  if (!findings.lifetime) return {};
  const LifetimeFinding& found = *findings.lifetime;
  const std::string question = "What is it worth in the long run?";
  if (found.against.empty()) return part(question, {}, element("p", "quiet", found.says));
  std::string arms;
  for (const std::string& arm : say_lifetime_arms(findings)) arms += element("p", "quiet", arm);
  return one_look_part(question, found.says,
                       drawing(findings, id) + arms + element("p", "quiet", found.assumes));
}

}  // namespace tact::internal::page
