// What a unit is worth within a year, by arm: observed for half of it, forecast for the rest.
#pragma once

#include <optional>

#include "base/result.h"
#include "measure/internal/gather.h"

namespace tact::internal {

// Reads the blocks of Plan::lifetime's cell that are over. Absent without Plan::lifetime, and where
// the arms are not what they should be (`blocked`). Errors as stats::lifetime_forecast. A fit for
// each arm, where they have stats::kFewestInformative who bought again; else O(entries).
Result<std::optional<LifetimeFinding>> lifetime_of(const Given& given, bool blocked);

}  // namespace tact::internal
