// Who was lost on the way, by arm: exposures whose slot nobody saw, and visitors who withdrew their
// consent. That some are lost is usual; that an arm loses more than another may bias its
// comparison, and is warned of.
#pragma once

#include <optional>
#include <string>

#include "measure/internal/gather.h"

namespace tact::internal {

// Of the units shown. Among those lost the arms should be as among those followed: tested by the
// martingale of the sample ratio (Lindon & Malek), which needs no large numbers and holds at every
// look. Given how many there are of each arm the lost ones scatter less than it allows for.
// Absent where units do not tell (Plan::attrition), or nobody is shown.
std::optional<AttritionFinding> find_attrition(const Given& given);

// In words: what was lost of each arm; empty where nothing can be told.
std::string say_loss(const Plan& plan, const AttritionFinding& found);
std::string say_withdrawal(const Plan& plan, const AttritionFinding& found);
// The warning, whole sentences; empty without one.
std::string say_attrition(const Findings& report);

}  // namespace tact::internal
