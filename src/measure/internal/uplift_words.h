// Who can be persuaded, in words and in the metric's own amounts. Pure.
#pragma once

#include <string>

#include "measure/findings.h"

namespace tact::internal {

// What the finding counts: its metric, or who reached it ("visitors who placed an order").
Metric uplift_metric(const Plan& plan, const UpliftFinding& finding);
// "Whom it persuades can be told from what was known before: the order by score is better than
// random (Qini +37 (20 to 54) per 1,000)."
std::string say_uplift(const Plan& plan, const UpliftFinding& finding);
std::string say_uplift_not_enough(const Plan& plan, const UpliftFinding& finding);
// Of those compared there are enough, of the sample not.
std::string say_too_few_in_sample(const Plan& plan, const UpliftFinding& finding);
std::string say_no_uplift(const Plan& plan, const UpliftFinding& finding, const std::string& why);
// Why a report without a comparison cannot have one; empty: not enough data yet.
std::string why_not_judged(const Findings& report);
// How it was made, of the findings that have figures; empty without.
std::string say_how_persuaded(const Findings& report);

}  // namespace tact::internal
