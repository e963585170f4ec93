// What visitors answered, by arm (Metric::asked), in words and figures for every rendering. Pure.
#pragma once

#include <string>
#include <vector>

#include "measure/findings.h"

namespace tact::internal {

// A question, and somebody answered it, whether that may be told yet or not.
bool is_question(const Findings& report, const MetricFinding& finding);
bool is_answered(const MetricFinding& finding);  // by units that are shown

// "Satisfaction is higher with it: +0.42 (0.21 to 0.63)."; with several arms a sentence each.
std::string say_asked(const Findings& report, const MetricFinding& finding);

struct AskedArm {
  std::string arm, answered;
  std::string figure;      // "4.31", "41.0 %"; empty behind a closed gate
  std::string difference;  // of treatment arms
};
// Empty where so few answered that nobody is shown.
std::vector<AskedArm> asked_arms(const Findings& report, const MetricFinding& finding);

}  // namespace tact::internal
