// When it will be told, from the report's own history (Planning).
#pragma once

#include "measure/internal/gather.h"

namespace tact::internal {

// Absent where no arm's verdict waits for data, of clusters, and of nobody. Reads the blocks shown
// alone, beside the date the gate is expected on. After judge().
std::optional<Planning> plan_ahead(const Given& given, const Findings& report);

// The sentence of it.
std::string say_planning(const Findings& report, const Planning& planning, Time now);

}  // namespace tact::internal
