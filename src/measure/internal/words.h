// Every sentence of a report. Pure.
#pragma once

#include <string>
#include <string_view>

#include "measure/findings.h"
#include "measure/internal/metric_words.h"

namespace tact {
struct Reports;
struct WithoutConsent;
struct LeftOut;
}  // namespace tact

namespace tact::internal {

std::string say_remaining(Duration rest);           // "about 12 more days"
std::string headline_name(const Findings& report);  // the moment, or "Everything together"

// Fills the says members and the note from the numbers and the verdicts.
void put_into_words(Findings& report, Time now, const std::vector<std::size_t>& late_arms);

// "CUPED on history gains nothing here: …"
std::string say_cuped(const Plan& plan, const Metric& metric, const Comparison& plain,
                      const Adjusted& adjusted);
std::string say_segments(const Plan& plan, const SegmentFinding& finding);
std::string say_novelty(const Plan& plan, const NoveltyFinding& finding);
std::string say_curve(const Plan& plan, const CurveFinding& finding);
std::string say_uneven(const Plan& plan, const MetricFinding& finding);

// Of a metric and an arm: its difference, or why there is none.
std::string say_metric_difference(const Findings& report, const MetricFinding& metric,
                                  std::size_t arm);
// "not worse than 10 % fewer", "worse": of a guardrail; empty for others.
std::string say_guard(const Metric& metric, const Comparison& comparison);
// The same of each treatment arm, with its name if there are several; empty behind a closed gate.
std::string say_guard_by_arm(const Findings& report, const MetricFinding& finding);
// "10.2 % held back (10.0 % planned), 3 met both arms, 120 still within 14 days".
// How many met two arms, as far as it may be told; empty: nobody.
std::string say_crossed(const Findings& report);
std::string say_health(const Findings& report);

// "Without consent 1,204 answers were made from the page alone (12.0 % of the 10,033 answers):
// fit-help 210, the default 994. …"; empty if there were no answers.
std::string say_without_consent(const WithoutConsent& counts);
// "Left out were 1,204 events of bots, 30 of staff and 12 of programs told by their pace."; empty
// if there were none.
std::string say_left_out(const LeftOut& counts);

// One sentence over all moments: "Of 6 moments, 1 helps, 1 hurts and 4 need more data."
std::string overview(const Reports& reports);

// How the figures were made, a sentence each.
std::vector<std::string> say_method(const Findings& report, double alpha);

}  // namespace tact::internal
