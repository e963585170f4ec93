#include "consent/consent.h"

#include <algorithm>

namespace tact {

ConsentChoices stricter(const ConsentChoices& left, const ConsentChoices& right) {
  using enum ConsentState;
  static_assert(kUnknown < kGranted && kGranted < kRefused && kRefused < kObjected);
  ConsentChoices choices{};
  for (std::size_t i = 0; i < kPurposes; ++i) choices[i] = std::max(left[i], right[i]);
  return choices;
}

ConsentSignal stricter(const ConsentSignal& left, const ConsentSignal& right) {
  return {.choices = stricter(left.choices, right.choices), .gpc = left.gpc || right.gpc};
}

ConsentSignal unreadable_consent() {
  ConsentSignal signal;
  for (const Purpose purpose :
       {Purpose::kAnalytics, Purpose::kPersonalization, Purpose::kSharing}) {
    set_choice(signal.choices, purpose, ConsentState::kRefused);
  }
  return signal;
}

void ConsentLedger::apply(const ConsentChoices& choices, Time received_at) {
  for (std::size_t i = 0; i < kPurposes; ++i) {
    Entry& entry = purposes[i];
    switch (choices[i]) {
      case ConsentState::kUnknown:
        break;
      case ConsentState::kGranted:
        entry.granted_at = std::max(entry.granted_at, received_at);
        break;
      case ConsentState::kRefused:
        entry.refused_at = std::max(entry.refused_at, received_at);
        break;
      case ConsentState::kObjected:
        entry.objected_at = std::max(entry.objected_at, received_at);
        break;
    }
  }
}

void ConsentLedger::note_gpc(Time received_at) {
  if (gpc_since == Time{} || received_at < gpc_since) gpc_since = received_at;
}

void ConsentLedger::merge(const ConsentLedger& other) {
  for (std::size_t i = 0; i < kPurposes; ++i) {
    Entry& mine = purposes[i];
    const Entry& theirs = other.purposes[i];
    mine.granted_at = std::max(mine.granted_at, theirs.granted_at);
    mine.refused_at = std::max(mine.refused_at, theirs.refused_at);
    mine.objected_at = std::max(mine.objected_at, theirs.objected_at);
  }
  if (other.gpc_since != Time{}) note_gpc(other.gpc_since);
}

ConsentState ConsentLedger::state(Purpose purpose) const {
  const Entry& entry = purposes[static_cast<std::size_t>(purpose)];
  if (entry.empty()) return ConsentState::kUnknown;
  if (entry.granted_at > entry.refused_at && entry.granted_at > entry.objected_at) {
    return ConsentState::kGranted;
  }
  return entry.objected_at >= entry.refused_at && entry.objected_at != Time{}
             ? ConsentState::kObjected
             : ConsentState::kRefused;
}

void ConsentLedger::encode(ByteWriter& out) const {
  std::uint8_t present = 0;
  for (std::size_t i = 0; i < kPurposes; ++i) {
    if (!purposes[i].empty()) present |= static_cast<std::uint8_t>(1U << i);
  }
  out.u8(present);
  for (const Entry& entry : purposes) {
    if (entry.empty()) continue;
    out.time(entry.granted_at);
    out.time(entry.refused_at);
    out.time(entry.objected_at);
  }
  out.time(gpc_since);
}

ConsentLedger ConsentLedger::decode(ByteReader& in) {
  ConsentLedger ledger;
  const std::uint8_t present = in.u8();
  for (std::size_t i = 0; i < kPurposes; ++i) {
    if ((present >> i & 1U) == 0) continue;
    ledger.purposes[i] = {in.time(), in.time(), in.time()};
  }
  ledger.gpc_since = in.time();
  return ledger;
}

bool consent_allows(const ConsentLedger& ledger, Purpose purpose, const ConsentContext& context) {
  const ConsentState state = ledger.state(purpose);
  const bool granted =
      state == ConsentState::kGranted || (state == ConsentState::kUnknown && context.basis_granted);
  if (!granted) return false;
  if (purpose != Purpose::kPersonalization && purpose != Purpose::kSharing) return true;
  if (ledger.gpc_since == Time{} && !context.gpc) return true;
  const Time gpc_since = ledger.gpc_since != Time{} ? ledger.gpc_since : context.now;
  const Time granted_at = ledger.purposes[static_cast<std::size_t>(purpose)].granted_at;
  return granted_at != Time{} && granted_at >= gpc_since;
}

Kept kept_of(const Event& event, const ConsentLedger& before, const ConsentContext& context) {
  ConsentLedger after = before;
  if (context.gpc) after.note_gpc(context.now);
  after.apply(event.consent, context.now);
  if (event.name == kConsentEvent) return Kept::kChoice;
  if (consent_allows(after, Purpose::kPersonalization, context)) return Kept::kAll;
  if (consent_allows(after, Purpose::kAnalytics, context)) return Kept::kReportOnly;
  for (std::size_t i = 0; i < kPurposes; ++i) {
    const auto purpose = static_cast<Purpose>(i);
    if (after.state(purpose) != before.state(purpose)) return Kept::kChoice;
  }
  const bool gpc_ends_a_grant = context.gpc && before.gpc_since == Time{} &&
                                before.state(Purpose::kPersonalization) == ConsentState::kGranted;
  return gpc_ends_a_grant ? Kept::kChoice : Kept::kNothing;
}

Event choice_of(const Event& event) {
  Event choice;
  choice.type = EventType::kTrack;
  choice.message_id = event.message_id;
  choice.anonymous_id = event.anonymous_id;
  choice.name = kConsentEvent;
  choice.consent = event.consent;
  return choice;
}

bool names_any(const ConsentChoices& choices) {
  return std::any_of(choices.begin(), choices.end(),
                     [](ConsentState state) { return state != ConsentState::kUnknown; });
}

}  // namespace tact
