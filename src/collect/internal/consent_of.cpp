#include "collect/internal/consent_of.h"

#include <vector>

#include "consent/google.h"
#include "consent/gpp.h"
#include "consent/tcf.h"

namespace tact::internal {
namespace {

ConsentState preference(const json::value& value) {
  if (value.is_bool() && value.get_bool()) return ConsentState::kGranted;
  if (value.is_string() && value.get_string() == "objected") return ConsentState::kObjected;
  return ConsentState::kRefused;  // what we cannot read is no grant
}

ConsentSignal by_preferences(const json::object& consent) {
  ConsentSignal signal;
  const json::object* preferences = object_at(consent, "categoryPreferences");
  if (preferences == nullptr) return signal;
  for (std::size_t i = 0; i < kPurposes; ++i) {
    const json::value* value = preferences->if_contains(to_string(static_cast<Purpose>(i)));
    if (value != nullptr && !value->is_null()) signal.choices[i] = preference(*value);
  }
  return signal;
}

// A consent platform that has nothing to say gives null or "": where no law it knows applies, or
// before it has loaded. That is no refusal.
bool says_nothing(const json::value* value) {
  return value == nullptr || value->is_null() ||
         (value->is_string() && value->get_string().empty());
}

ConsentSignal by_tc_string(const json::value* value) {
  if (says_nothing(value)) return {};
  if (!value->is_string()) return unreadable_consent();
  const Result<TcString> tc = decode_tc_string(value->get_string());
  return tc.has_value() ? ConsentSignal{.choices = choices_of(*tc)} : unreadable_consent();
}

ConsentSignal by_gpp(const json::value* value) {
  if (says_nothing(value)) return {};
  if (!value->is_string()) return unreadable_consent();
  return decode_gpp(value->get_string()).value_or(unreadable_consent());
}

ConsentSignal by_google(const json::value* value) {
  if (says_nothing(value)) return {};
  if (!value->is_object()) return unreadable_consent();
  std::vector<GoogleConsentType> types;
  for (const auto& [type, answer] : value->get_object()) {
    if (answer.is_null()) continue;
    types.emplace_back(type, answer.is_string() ? std::string_view(answer.get_string()) : "");
  }
  return {.choices = google_consent(types)};
}

}  // namespace

ConsentSignal consent_of(const json::object& context) {
  const json::object* consent = object_at(context, "consent");
  if (consent == nullptr) return {};
  ConsentSignal signal = by_preferences(*consent);
  signal = stricter(signal, by_tc_string(consent->if_contains("tcString")));
  signal = stricter(signal, by_gpp(consent->if_contains("gpp")));
  return stricter(signal, by_google(consent->if_contains("google")));
}

}  // namespace tact::internal
