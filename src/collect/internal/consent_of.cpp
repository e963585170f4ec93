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
  if (value.is_string() && value.get_string() == "asked") return ConsentState::kAsked;
  return ConsentState::kRefused;  // what we cannot read is no grant
}

// A banner that allows everything asks about this device: e-mail takes a word of its own.
ConsentState preference(Purpose purpose, const json::value& value) {
  const ConsentState state = preference(value);
  const bool no_grant = purpose == Purpose::kEmail && state == ConsentState::kGranted;
  return no_grant ? ConsentState::kUnknown : state;
}

ConsentSignal by_preferences(const json::object& consent) {
  ConsentSignal signal;
  const json::object* preferences = object_at(consent, "categoryPreferences");
  if (preferences == nullptr) return signal;
  for (std::size_t i = 0; i < kPurposes; ++i) {
    const auto purpose = static_cast<Purpose>(i);
    const json::value* value = find_member(*preferences, to_string(purpose));
    if (value != nullptr && !value->is_null()) signal.choices[i] = preference(purpose, *value);
  }
  return signal;
}

// A consent platform that has nothing to say gives null or "": where no law it knows applies, or
// before it has loaded. That is no refusal.
bool says_nothing(const json::value* value) {
  return value == nullptr || value->is_null() ||
         (value->is_string() && value->get_string().empty());
}

ConsentSignal by_tc_string(const json::value& value) {
  if (!value.is_string()) return unreadable_consent();
  const Result<TcString> tc = decode_tc_string(value.get_string());
  return tc.has_value() ? ConsentSignal{.choices = choices_of(*tc)} : unreadable_consent();
}

ConsentSignal by_gpp(const json::value& value) {
  if (!value.is_string()) return unreadable_consent();
  return decode_gpp(value.get_string()).value_or(unreadable_consent());
}

ConsentSignal by_google(const json::value& value) {
  if (!value.is_object()) return unreadable_consent();
  std::vector<GoogleConsentType> types;
  for (const auto& [type, answer] : value.get_object()) {
    if (answer.is_null()) continue;
    types.emplace_back(type, answer.is_string() ? std::string_view(answer.get_string()) : "");
  }
  return {.choices = google_consent(types)};
}

ConsentSignal by_email(const json::value& value) {
  ConsentSignal signal;
  const bool granted = value.is_string() && value.get_string() == "granted";
  set_choice(signal.choices, Purpose::kEmail, granted ? ConsentState::kGranted : preference(value));
  return signal;
}

// The member says one thing only; whatever it holds is taken for it.
ConsentSignal by_direct_marketing(const json::value&) {
  return {.choices = objects_to_direct_marketing()};
}

std::uint64_t text_of(const json::object& consent) {
  const std::string_view text = string_at(consent, "text");
  if (!text.empty()) return consent_text_hash(text);
  return parse_consent_text_hash(string_at(consent, "textHash"));
}

}  // namespace

ConsentSignal consent_of(const json::object& context) {
  const json::object* consent = object_at(context, "consent");
  if (consent == nullptr) return {};
  ConsentSignal signal = by_preferences(*consent);
  const auto add = [&](std::string_view key, const auto& read) {
    const json::value* value = find_member(*consent, key);
    if (!says_nothing(value)) signal = stricter(signal, read(*value));
  };
  add("tcString", by_tc_string);
  add("gpp", by_gpp);
  add("google", by_google);
  add("email", by_email);
  add("directMarketing", by_direct_marketing);
  signal.text = text_of(*consent);
  return signal;
}

void spread_objection(ConsentChoices& choices) {
  const auto told = [&choices](Purpose purpose) {
    return choices[static_cast<std::size_t>(purpose)];
  };
  if (told(Purpose::kEmail) != ConsentState::kObjected) return;
  if (told(Purpose::kPersonalization) == ConsentState::kGranted) return;
  set_choice(choices, Purpose::kPersonalization, ConsentState::kObjected);
}

}  // namespace tact::internal
