// What a context tells of consent, in each of the ways a site may tell it.
#pragma once

#include "base/json.h"
#include "consent/consent.h"

namespace tact::internal {

// As consent_of in collect/request.h says.
ConsentSignal consent_of(const json::object& context);

}  // namespace tact::internal
