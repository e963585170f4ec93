#include "measure/internal/asked.h"

#include "measure/internal/again.h"
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

struct Heads {
  const char *counted, *figure;  // who, and of each
};

std::string table(const std::string& caption, const std::string& says, const Heads& heads_of,
                  const std::vector<AskedArm>& arms, bool compared) {
  if (arms.empty()) return "<div>\n" + element("p", "says", says) + "</div>\n";
  std::string rows;
  for (const AskedArm& arm : arms) {
    const std::string difference = arm.difference.empty() ? "compared with" : arm.difference;
    rows += "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">" + escape(arm.arm) + "</th>" +
            cell(heads_of.counted, arm.answered) + cell(heads_of.figure, arm.figure) +
            (compared ? cell("difference", difference) : "") + "</tr>\n";
  }
  std::string heads;
  std::vector<const char*> names = {"arm", heads_of.counted};
  if (compared) names.insert(names.end(), {heads_of.figure, "difference"});
  for (const char* head : names) {
    heads += std::string("<th role=\"columnheader\" scope=\"col\">") + head + "</th>";
  }
  return "<div>\n" + element("p", "says", says) +
         "<table role=\"table\" class=\"stacked\"><caption>" + escape(caption) +
         "</caption><thead role=\"rowgroup\"><tr role=\"row\">" + heads +
         "</tr></thead><tbody role=\"rowgroup\">\n" + rows + "</tbody></table>\n</div>\n";
}

}  // namespace

std::string asked_part(const Findings& findings) {
  std::vector<std::string> questions;
  for (const MetricFinding& found : findings.metrics) {
    if (!is_question(findings, found)) continue;
    questions.push_back(table(goal_name(findings.metric(found).name), say_asked(findings, found),
                              {"answered", "each"}, asked_arms(findings, found),
                              !found.against.empty()));
  }
  return part("What do they say?", {}, beside(questions));
}

std::string again_part(const Findings& findings) {
  std::string body;
  for (const MetricFinding& found : findings.metrics) {
    if (!is_of_some(findings, found)) continue;
    body += table(goal_name(findings.metric(found).name), say_again(findings, found),
                  {"hesitated", "again"}, again_arms(findings, found), !found.against.empty());
  }
  return part("Do doubts come back?", {}, body);
}

}  // namespace tact::internal::page
