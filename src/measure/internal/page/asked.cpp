#include "measure/internal/asked.h"

#include "measure/internal/metric_words.h"
#include "measure/internal/page/markup.h"
#include "measure/internal/page/sections.h"

namespace tact::internal::page {
namespace {

using charts::escape;

std::string cell(const char* of, const std::string& text) {
  if (text.empty()) return {};
  return std::string("<td role=\"cell\" data-of=\"") + of + "\">" + escape(text) + "</td>";
}

std::string question(const Findings& findings, const MetricFinding& found) {
  const bool compared = !found.against.empty();
  std::string rows;
  for (const AskedArm& arm : asked_arms(findings, found)) {
    const std::string difference = arm.difference.empty() ? "compared with" : arm.difference;
    rows += "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">" + escape(arm.arm) + "</th>" +
            cell("answered", arm.answered) + cell("each", arm.figure) +
            (compared ? cell("difference", difference) : "") + "</tr>\n";
  }
  std::string heads;
  for (const char* head : {"arm", "answered", "each", "difference"}) {
    if (!compared && (head == std::string("each") || head == std::string("difference"))) continue;
    heads += std::string("<th role=\"columnheader\" scope=\"col\">") + head + "</th>";
  }
  return "<div>\n" + element("p", "says", say_asked(findings, found)) +
         "<table role=\"table\" class=\"stacked\"><caption>" +
         escape(goal_name(findings.metric(found).name)) +
         "</caption><thead role=\"rowgroup\"><tr role=\"row\">" + heads +
         "</tr></thead><tbody role=\"rowgroup\">\n" + rows + "</tbody></table>\n</div>\n";
}

}  // namespace

std::string asked_part(const Findings& findings) {
  std::vector<std::string> questions;
  for (const MetricFinding& found : findings.metrics) {
    if (findings.metric(found).asked == Asked::kNothing || !is_answered(found)) continue;
    questions.push_back(question(findings, found));
  }
  return part("What do they say?", {}, beside(questions));
}

}  // namespace tact::internal::page
