#include "measure/internal/guard_words.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "measure/internal/words.h"

namespace tact::internal {
namespace {

// What is said, and of which of them: "unsubscribed".
using Answers = std::vector<std::pair<std::string, std::vector<std::string>>>;

void add(Answers& answers, const std::string& says, const Metric& metric) {
  const auto found = std::find_if(answers.begin(), answers.end(),
                                  [&](const auto& answer) { return answer.first == says; });
  if (found != answers.end()) return found->second.push_back(metric.says);
  answers.push_back({says, {metric.says}});
}

// "visitors who unsubscribed, complained or returned something"
std::string whom(const Plan& plan, const std::vector<std::string>& did) {
  std::string text = plan.units() + " who ";
  for (std::size_t i = 0; i < did.size(); ++i) {
    if (i > 0) text += i + 1 == did.size() ? " or " : ", ";
    text += did[i];
  }
  return text;
}

}  // namespace

bool is_standing(const Findings& report, const MetricFinding& finding) {
  return report.metric(finding).standing.has_value();
}

std::string say_standing(const Findings& report) {
  Answers answers;
  for (const MetricFinding& finding : report.metrics) {
    if (!is_standing(report, finding) || finding.against.empty()) continue;
    add(answers, say_guard_by_arm(report, finding), report.metric(finding));
  }
  std::string all;
  for (const auto& [says, did] : answers) {
    all += (all.empty() ? "" : " ") + std::string("Not at the cost of more ") +
           whom(report.plan, did) + ": " + says + ".";
  }
  return all;
}

std::string say_standing_open(const Findings& report) {
  Answers answers;
  for (const MetricFinding& finding : report.metrics) {
    if (!is_standing(report, finding) || !finding.against.empty()) continue;
    add(answers, say_metric_difference(report, finding, 1), report.metric(finding));
  }
  std::string all;
  for (const auto& [says, did] : answers) {
    all += (all.empty() ? "more " : "; more ") + whom(report.plan, did) + ": " + says;
  }
  return all;
}

}  // namespace tact::internal
