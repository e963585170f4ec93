// How long: the part of `tact stats power` that reads the site's own history.
#pragma once

#include "cli/stats/contract.h"
#include "stats/power.h"

namespace tact::cli {

// "history" {daily_exposures, window_days, nonzero_share}: the days until `effect` is found with
// `power`, {gate, fixed, always_valid}, null where not within ten years. Errors name the member.
Result<json::object> days_of_history(const Members& given, const stats::PowerPlan& plan,
                                     double effect, double power);

}  // namespace tact::cli
