#include "consent/google.h"

#include <algorithm>
#include <array>

namespace tact {
namespace {

constexpr std::array<std::string_view, 3> kSharingTypes = {"ad_storage", "ad_user_data",
                                                           "ad_personalization"};

// A type that is given twice counts by its stricter answer.
ConsentState answer_of(std::span<const GoogleConsentType> types, std::string_view name) {
  auto state = ConsentState::kUnknown;
  for (const auto& [type, answer] : types) {
    if (type != name) continue;
    const auto said = answer == "granted" ? ConsentState::kGranted : ConsentState::kRefused;
    state = std::max(state, said);
  }
  return state;
}

ConsentState sharing_of(std::span<const GoogleConsentType> types) {
  bool all = true;
  for (const std::string_view name : kSharingTypes) {
    const ConsentState state = answer_of(types, name);
    if (state == ConsentState::kRefused) return state;
    all = all && state == ConsentState::kGranted;
  }
  return all ? ConsentState::kGranted : ConsentState::kUnknown;
}

}  // namespace

ConsentChoices google_consent(std::span<const GoogleConsentType> types) {
  ConsentChoices choices{};
  set_choice(choices, Purpose::kAnalytics, answer_of(types, "analytics_storage"));
  set_choice(choices, Purpose::kPersonalization, answer_of(types, "personalization_storage"));
  set_choice(choices, Purpose::kSharing, sharing_of(types));
  return choices;
}

}  // namespace tact
