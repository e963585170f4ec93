// What a visitor allowed, and since when. The ledger is a join-semilattice: folding the same
// changes in any order, or merging two visitors, gives the same ledger, and the stricter answer
// wins a tie.
#pragma once

#include <array>

#include "base/bytes.h"
#include "base/time.h"
#include "event/event.h"

namespace tact {

// The event by which the SDK (and Segment's consent wrapper) tells a choice.
inline constexpr std::string_view kConsentEvent = "Segment Consent Preference Updated";

// A TC or GPP string longer than this is refused unread.
inline constexpr std::size_t kMaxConsentStringBytes = 16 * 1024;

inline void set_choice(ConsentChoices& choices, Purpose purpose, ConsentState state) {
  choices[static_cast<std::size_t>(purpose)] = state;
}

// What one event, request or consent string tells.
struct ConsentSignal {
  ConsentChoices choices{};
  bool gpc = false;  // Global Privacy Control, as if the request carried Sec-GPC: 1
  bool operator==(const ConsentSignal&) const = default;
};

// For each purpose the stricter answer: objected over refused over granted over unknown.
ConsentChoices stricter(const ConsentChoices& left, const ConsentChoices& right);
ConsentSignal stricter(const ConsentSignal& left, const ConsentSignal& right);

// What a signal that cannot be read counts as: analytics, personalization and sharing refused.
ConsentSignal unreadable_consent();

struct ConsentLedger {
  struct Entry {  // latest time of each answer; epoch = never
    Time granted_at{}, refused_at{}, objected_at{};
    bool operator==(const Entry&) const = default;
    bool empty() const { return *this == Entry{}; }
  };
  std::array<Entry, kPurposes> purposes;  // indexed by Purpose
  Time gpc_since{};                       // first record that carried Sec-GPC: 1; epoch = never

  bool operator==(const ConsentLedger&) const = default;

  void apply(const ConsentChoices& choices, Time received_at);
  void note_gpc(Time received_at);
  void merge(const ConsentLedger& other);

  // Granted only if the latest grant is later than every refusal and objection.
  ConsentState state(Purpose purpose) const;

  void encode(ByteWriter& out) const;
  static ConsentLedger decode(ByteReader& in);
};

// The circumstances under which a permission is asked for.
struct ConsentContext {
  bool basis_granted = false;  // the source declares a lawful basis of its own (consent: granted)
  bool gpc = false;            // this request carries Sec-GPC: 1
  Time now{};
};

// May data be used for `purpose`? Unknown counts as no, except where the source has its own basis.
// Sec-GPC denies personalization and sharing unless an explicit grant is not older than it.
bool consent_allows(const ConsentLedger& ledger, Purpose purpose, const ConsentContext& context);

bool names_any(const ConsentChoices& choices);

// What may be kept of an event that arrives now: all of it; all of it, for reports alone; the
// choice it tells (choice_of); nothing.
enum class Kept { kAll, kReportOnly, kChoice, kNothing };

// The gate every event passes. `before` is the ledger without the event; the event's own choices
// and this request's Sec-GPC count already.
Kept kept_of(const Event& event, const ConsentLedger& before, const ConsentContext& context);

// Who chose and what, and nothing else of the event.
Event choice_of(const Event& event);

}  // namespace tact
