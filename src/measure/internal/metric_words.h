// Estimates and a metric's amounts in its own terms, for every rendering. Pure.
#pragma once

#include <string>
#include <string_view>

#include "measure/findings.h"
#include "measure/internal/numbers.h"

namespace tact::internal {

std::string with_interval(const Estimate& e, double scale);  // "+31 (12 to 50)"
std::string per_thousand(const Estimate& e);                 // "+31 (12 to 50) per 1,000"
std::string say_lift(
    const stats::LiftSet& lift);             // "+12 % (4 % to 21 %)", or that it has no bounds
std::string goal_name(std::string_view id);  // "free_trials" → "free trials"
std::string money_of(double amount, const Plan& plan);  // "€129.00"

// A difference: "+31 (12 to 50) per 1,000", "+€0.77 (€0.48 to €1.06)", "+0.12 (0.03 to 0.21)".
std::string say_difference(const Plan& plan, const Metric& metric, const Estimate& e);
// An arm's mean: "76.6 per 1,000", "€1.42", "0.312".
std::string say_mean(const Plan& plan, const Metric& metric, const ArmCounts& arm);
// A sum over units: "4,500", "€45,000.00"; "+360 (291 to 429)".
std::string say_total(const Plan& plan, const Metric& metric, double total);
std::string say_total(const Plan& plan, const Metric& metric, const Estimate& e);

// How many of `credited` outcomes would have come anyway, where it is not told that any came
// because of the message, but that at most `most_created` did: "; at least 90 of those would have
// come anyway, perhaps all."
std::string say_anyway_at_least(std::int64_t credited, double most_created);

}  // namespace tact::internal
