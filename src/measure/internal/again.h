// Hesitation that returned, by arm (the metric "hesitated again"), in words and figures for every
// rendering. Pure.
#pragma once

#include <string>
#include <vector>

#include "measure/findings.h"
#include "measure/internal/asked.h"

namespace tact::internal {

// Counted of some units alone (Metric::of_whom), and there are such units.
bool is_of_some(const Findings& report, const MetricFinding& finding);

// "Fewer of those who hesitated did so again on a later visit with it: −4.2 (−7.0 to −1.4)
// points."; with several arms a sentence each.
std::string say_again(const Findings& report, const MetricFinding& finding);

// `answered` counts who hesitated. Empty where so few did that nobody is shown.
std::vector<AskedArm> again_arms(const Findings& report, const MetricFinding& finding);

}  // namespace tact::internal
