// Dates of a report, in the site's time zone (UTC where the zone is unknown).
#pragma once

#include <optional>
#include <string>

#include "base/time.h"

namespace tact::internal {

std::string say_date(Time time, const std::string& zone);  // "14 Sep 2026"
// "14 Sep to 12 Nov 2026"; empty without exposures.
std::string say_window(const std::optional<Time>& from, const std::optional<Time>& to,
                       const std::string& zone);

}  // namespace tact::internal
