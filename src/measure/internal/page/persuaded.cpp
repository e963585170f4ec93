#include "measure/internal/charts/qini.h"
#include "measure/internal/metric_words.h"
#include "measure/internal/numbers.h"
#include "measure/internal/page/amounts.h"
#include "measure/internal/page/markup.h"
#include "measure/internal/page/sections.h"
#include "measure/internal/uplift_words.h"

namespace tact::internal::page {
namespace {

Estimate estimate_of(const stats::Area& area) {
  return {area.estimate, area.interval.lower, area.interval.upper};
}

std::string curve_chart(const UpliftFinding& found, const Amounts& amounts, const std::string& id) {
  charts::Qini chart;
  chart.frame = {
      id + "-qini-" + std::to_string(found.arm), "What treating only the best by score would bring",
      found.says,
      amounts.name() + " gained " + amounts.per() + ", if only the best by score get it"};
  chart.gain_head = amounts.name() + " gained " + amounts.per();
  for (const stats::UpliftPoint& point : found.report.curve) {
    const Estimate e{point.gain, point.interval.lower, point.interval.upper};
    chart.points.push_back({point.fraction, e.estimate * amounts.scale(), e.low * amounts.scale(),
                            e.high * amounts.scale(), amounts.interval(e)});
  }
  chart.tone = found.report.qini.interval.lower > 0.0 ? charts::Tone::kHelps : charts::Tone::kOpen;
  return charts::qini(chart);
}

// Of one arm.
std::string of_arm(const Findings& findings, const UpliftFinding& found, const std::string& id) {
  std::string out = element("p", "says", found.says);
  if (!found.report.enough) return out;
  const Amounts amounts(findings.plan, uplift_metric(findings.plan, found));
  const auto figure = [&](const stats::Area& area) {
    return amounts.interval(estimate_of(area)) + " " + amounts.per();
  };
  const std::string counted =
      grouped(found.units) + " of " + grouped(found.of) + " " + findings.plan.units() + " compared";
  out += curve_chart(found, amounts, id);
  return out +
         definitions({{"area between the lines (Qini)", figure(found.report.qini)},
                      {"area under the uplift curve (AUUC)", figure(found.report.auuc)},
                      {"effect of treating everybody", figure(found.report.effect)},
                      {"learner", found.learner == "DR" ? "doubly robust (DR)" : found.learner},
                      {"learnt from and judged by", counted}});
}

}  // namespace

std::string uplift_part(const Findings& findings, const std::string& id) {
  std::string body;
  bool told = false;
  for (const UpliftFinding& found : findings.uplift) {
    if (found.metric >= findings.plan.metrics.size()) continue;
    body += "<div>\n" + of_arm(findings, found, id) + "</div>\n";
    told = told || found.report.enough;
  }
  constexpr const char* kQuestion = "Who can be persuaded?";
  return told ? one_look_part(kQuestion, {}, body) : part(kQuestion, {}, body);
}

}  // namespace tact::internal::page
