// The one place that knows time zones (Howard Hinnant's date, the system's tzdata).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/time.h"

namespace tact::internal {

// Reads what the first question about a zone would; warns each time if the zone is not known.
void prepare_zone(std::string_view name);
bool knows_zone(std::string_view name);

// Minutes since Monday 00:00 on the wall clock of `zone` at `time`, plus 1; 0 if the zone is not
// known.
std::uint16_t local_minute_of_week(Time time, std::string_view zone);

// When the day that begins at `midnight` (of UTC, as dates are parsed) is over on the wall clock of
// `zone`; by UTC if the zone is not known.
Time end_of_local_day(Time midnight, std::string_view zone);

}  // namespace tact::internal
