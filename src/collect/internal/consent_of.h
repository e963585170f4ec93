// What a context tells of consent, in each of the ways a site may tell it.
#pragma once

#include "base/json.h"
#include "consent/consent.h"

namespace tact::internal {

// As consent_of in collect/request.h says.
ConsentSignal consent_of(const json::object& context);

// Who objects to e-mails objects to being profiled for them, unless the same choice grants that. Of
// a choice only: what is carried with every event would object anew each time.
void spread_objection(ConsentChoices& choices);

}  // namespace tact::internal
