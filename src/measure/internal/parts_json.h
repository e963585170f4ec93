// The parts of a report as JSON. Schema: docs/report.md.
#pragma once

#include <optional>
#include <string_view>

#include "base/json.h"
#include "measure/findings.h"

namespace tact::internal {

json::value number(double x);        // null unless finite
json::value whole_or_not(double x);  // an integer where it is one
json::value count_json(const SmallCount& count);
json::value time_or_null(const std::optional<Time>& time);
json::object to_json(const Estimate& e);
json::object to_json(const stats::LiftSet& lift);
std::string_view kind_of(const Metric& metric);  // "mean", "proportion", "ratio"
std::string_view role_of(const Metric& metric);  // "primary", "secondary", "guardrail"

json::object comparison_json(const Findings& report, const Comparison& comparison);
json::object adjusted_json(const Adjusted& adjusted);
json::object capped_json(const Capped& capped);
json::object ratio_json(const Findings& report);
json::value attrition_json(const Findings& report);
json::array guardrails_json(const Findings& report);
json::value named_guardrail_json(const Findings& report);  // the author's; null: none is named
json::array verdicts_json(const Findings& report);
json::array sequences_json(const Findings& report);
json::array segments_json(const Findings& report);
json::array novelty_json(const Findings& report);
json::array curves_json(const Findings& report);
json::object credit_json(const Findings& report);
json::array returns_json(const Findings& report);
json::value lifetime_json(const Findings& report);  // null where it is not asked for
json::value planning_json(const std::optional<Planning>& planning);  // null where absent
json::value additivity_json(const Findings& report);  // null but for the universal holdout
json::value tiers_json(const Findings& report);       // likewise, where moments have a tier
json::value uplift_json(const Findings& report);

}  // namespace tact::internal
