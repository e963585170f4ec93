// Days of a report. In UTC: the time zones' data is behind collect/, which this module may not
// include; a site's day may differ by one.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"

namespace tact::internal {

std::string say_date(Time time);  // "14 Sep 2026"
std::string say_day(Time time);   // "14 Sep", for the narrow axis of a chart
// "14 Sep to 12 Nov 2026"; empty without exposures.
std::string say_window(const std::optional<Time>& from, const std::optional<Time>& to);

}  // namespace tact::internal
