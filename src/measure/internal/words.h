// Numbers and sentences of a report, in one place for every rendering. Pure.
#pragma once

#include <string>
#include <string_view>

#include "measure/internal/numbers.h"
#include "measure/report.h"

namespace tact::internal {

std::string with_interval(const Estimate& e, double scale);  // "+31 (12 to 50)"
std::string per_thousand(const Estimate& e);                 // "+31 (12 to 50) per 1,000"
std::string say_lift(
    const stats::LiftSet& lift);  // "+12 % (4 % to 21 %)", or that it has no bounds
std::string money_with_interval(const Estimate& e, int minor_digits, const std::string& currency);
std::string goal_name(std::string_view id);             // "free_trials" → "free trials"
std::string say_remaining(Duration rest);               // "about 12 more days"
std::string headline_name(const MomentReport& report);  // the moment, or "Everything together"

// Fills says, hypothesis_says, credited_says and note from the numbers and the verdict.
void put_into_words(MomentReport& report, Time now);

// Of a goal that is not the primary one: its difference, or why there is none.
std::string say_goal_difference(const MomentReport& report, const GoalReport& goal);
// "10.2 % held back (10.0 % planned), 3 changed arms, 120 still within 14 days".
std::string say_health(const MomentReport& report);

// "Without consent 1,204 answers were made from the page alone: fit-help 210, the default 994. …";
// empty if there were none.
std::string say_without_consent(const WithoutConsent& counts);
// "Left out were 1,204 events of bots, 30 of staff and 12 of programs told by their pace."; empty
// if there were none.
std::string say_left_out(const LeftOut& counts);

// One sentence over all moments: "Of 6 moments, 1 helps, 1 hurts and 4 need more data."
std::string overview(const Reports& reports);

}  // namespace tact::internal
