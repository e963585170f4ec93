// Google's consent mode (version 2): consent types and whether each is "granted" or "denied", as
// tag managers keep them in the page.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "consent/consent.h"

namespace tact {

using GoogleConsentType = std::pair<std::string_view, std::string_view>;  // type, its answer

// personalization_storage is personalization, analytics_storage analytics. Sharing takes
// ad_storage, ad_user_data and ad_personalization together: one denied refuses it, two of three say
// nothing. An answer other than "granted" counts as denied. functionality_storage, security_storage
// and types we do not know are left out.
ConsentChoices google_consent(std::span<const GoogleConsentType> types);

}  // namespace tact
