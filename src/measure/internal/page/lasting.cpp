#include "measure/internal/charts/retention.h"
#include "measure/internal/metric_words.h"
#include "measure/internal/numbers.h"
#include "measure/internal/page/markup.h"
#include "measure/internal/page/sections.h"

namespace tact::internal::page {
namespace {

constexpr int kTableRows = 6;  // of a curve, at most, beside the last

std::string share_figure(const charts::RetentionStep& step) {
  return percent(step.share, 1) + " (" + percent(step.low, 1) + " to " + percent(step.high, 1) +
         ")";
}

// A curve counts who has *not* had the event; drawn is who has.
charts::RetentionArm arm_line(const Findings& findings, const std::vector<CurvePoint>& points,
                              std::size_t arm, bool good) {
  charts::RetentionArm line;
  line.name = arm_name(findings, arm);
  line.tone = arm == 0   ? charts::Tone::kPlain
              : arm == 1 ? (good ? charts::Tone::kHelps : charts::Tone::kHurts)
              : arm == 2 ? charts::Tone::kOpen
                         : charts::Tone::kCredit;
  const int last = points.empty() ? 0 : points.back().day;
  int every = 7;
  while (last / every > kTableRows) every *= 2;
  for (const CurvePoint& point : points) {
    const Estimate& e = point.survival;
    charts::RetentionStep step;
    step.day = point.day;
    step.share = 1.0 - e.estimate;
    step.low = 1.0 - e.high;
    step.high = 1.0 - e.low;
    if (point.day % every == 0 || point.day == last) step.figure = share_figure(step);
    line.steps.push_back(step);
  }
  return line;
}

std::string curve_chart(const Findings& findings, const CurveFinding& found,
                        const std::string& id) {
  const Curve& curve = findings.plan.curves[found.curve];
  const std::string name = goal_name(curve.name);
  charts::Retention chart;
  chart.frame = {id + "-curve-" + std::to_string(found.curve), name + ", by day after exposure",
                 found.says, name + ", share of " + findings.plan.units()};
  chart.share_head = name;
  // Treatment first: the line that is asked about is named above the other.
  for (std::size_t i = 0; i < found.arms.size(); ++i) {
    const std::size_t arm = (i + 1) % found.arms.size();
    chart.arms.push_back(arm_line(findings, found.arms[arm], arm, curve.event_is_good));
  }
  for (const charts::RetentionArm& arm : chart.arms) {
    if (!arm.steps.empty()) {
      chart.frame.says += " " + arm.name + ": " + share_figure(arm.steps.back()) + " by day " +
                          decimal(arm.steps.back().day, 0) + ".";
    }
  }
  const std::string drawn = charts::retention(chart);
  if (drawn.empty()) return {};
  return "<div>\n" + element("p", "says", found.says) + drawn + "</div>\n";
}

}  // namespace

std::string lasting_part(const Findings& findings, const std::string& id) {
  std::vector<std::string> curves;
  for (const CurveFinding& found : findings.curves) {
    if (found.curve < findings.plan.curves.size())
      curves.push_back(curve_chart(findings, found, id));
  }
  return one_look_part("Does it last?", {}, beside(curves));
}

}  // namespace tact::internal::page
