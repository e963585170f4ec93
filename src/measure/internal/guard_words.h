// The guardrails of every report (Metric::standing) in words, for every rendering. Pure.
#pragma once

#include <string>

#include "measure/findings.h"

namespace tact::internal {

bool is_standing(const Findings& report, const MetricFinding& finding);

// "Not at the cost of more visitors who unsubscribed or complained: not worse by 10 %." Of those
// behind their gate, a sentence for each answer; empty where there is none.
std::string say_standing(const Findings& report);

// "more visitors who unsubscribed, complained or returned something: not enough data yet"; of those
// that are not compared. Empty where all are, or there is none.
std::string say_standing_open(const Findings& report);

}  // namespace tact::internal
