// What a visitor allowed, and since when. The ledger is a join-semilattice: folding the same
// changes in any order, or merging two visitors, gives the same ledger, and the stricter answer
// wins a tie.
#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

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
  bool gpc = false;        // Global Privacy Control, as if the request carried Sec-GPC: 1
  std::uint64_t text = 0;  // hash of the text the visitor was shown; 0 = not told
  bool operator==(const ConsentSignal&) const = default;
};

// For each purpose the stricter answer: objected over refused over granted over asked over unknown.
ConsentChoices stricter(const ConsentChoices& left, const ConsentChoices& right);
ConsentSignal stricter(const ConsentSignal& left, const ConsentSignal& right);

// What a signal that cannot be read counts as: analytics, personalization and sharing refused.
ConsentSignal unreadable_consent();

// An objection to direct marketing: by e-mail, by sharing, and the profiling for both.
ConsentChoices objects_to_direct_marketing();

// The first 64 bits of a text's BLAKE2b-256 (`b2sum -l 256`), as an event keeps it.
std::uint64_t consent_text_hash(std::string_view text);
std::string consent_text_hex(std::uint64_t hash);  // its 16 digits
// Of a hash that a site made itself, however long: the first 16 hex digits. 0 if they are none.
std::uint64_t parse_consent_text_hash(std::string_view hex);

// The event tells a choice made now, and is not one that carries what was chosen before.
inline bool is_explicit_choice(const Event& event) {
  return event.name == kConsentEvent && !event.consent_carried;
}

struct ConsentLedger {
  struct Told {  // the latest of its kind; epoch = never
    Time at{};
    std::uint64_t text = 0;
    auto operator<=>(const Told&) const = default;
    bool empty() const { return *this == Told{}; }
  };
  struct Entry {
    Told asked, granted, refused, objected;
    Told carried;  // a grant that was carried along: counts where nobody said no
    bool operator==(const Entry&) const = default;
    bool empty() const { return *this == Entry{}; }
  };
  std::array<Entry, kPurposes> purposes;  // indexed by Purpose
  Time gpc_since{};                       // first record that carried Sec-GPC: 1; epoch = never

  bool operator==(const ConsentLedger&) const = default;

  // The event's choices. Each answer counts by its time, with one exception: a grant that is only
  // carried along ends no refusal, or a second device would undo a withdrawal; and it is none for
  // e-mail, which no device's banner asks for.
  void apply(const Event& event, Time received_at);
  void note_gpc(Time received_at);
  void merge(const ConsentLedger& other);

  // Granted only if the latest grant is later than every refusal and objection.
  ConsentState state(Purpose purpose) const;
  // Since when the visitor says no: by the latest refusal or objection, or by Sec-GPC where it
  // denies. None while nothing was said against it, or a later grant stands.
  std::optional<Time> denied_since(Purpose purpose) const;
  const Entry& of(Purpose purpose) const { return purposes[static_cast<std::size_t>(purpose)]; }

  void encode(ByteWriter& out) const;
  // Before version 3 of a profile an entry was three times: granted, refused, objected.
  static ConsentLedger decode(ByteReader& in, std::uint8_t profile_version);
};

// The circumstances under which a permission is asked for.
struct ConsentContext {
  bool basis_granted = false;  // the source declares a lawful basis of its own (consent: granted)
  bool gpc = false;            // this request carries Sec-GPC: 1
  Bases bases{};               // of the playbook, where the visitor is
  Time now{};
};

// May data be used for `purpose`? An answer decides. Without one it takes a basis, the source's or
// the playbook's; none stands in for consent to e-mail or to sensitive topics, and who was asked
// and has not answered gave none. Where the playbook says `never`, no answer helps. Sec-GPC denies
// personalization and sharing unless an explicit grant is not older than it.
bool consent_allows(const ConsentLedger& ledger, Purpose purpose, const ConsentContext& context);

// Sec-GPC came, now or before, and no explicit grant since: it denies, and the visitor is told.
bool gpc_holds(const ConsentLedger& ledger, Purpose purpose, const ConsentContext& context);

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
