#include "consent/consent.h"

#include <algorithm>
#include <charconv>

#include "base/hash.h"

namespace tact {

namespace {

constexpr std::size_t kHexDigits = 16;

int strictness(ConsentState state) {
  switch (state) {
    case ConsentState::kUnknown:
      return 0;
    case ConsentState::kAsked:
      return 1;
    case ConsentState::kGranted:
      return 2;
    case ConsentState::kRefused:
      return 3;
    case ConsentState::kObjected:
      return 4;
  }
  return 4;
}

// No basis stands in for consent to these.
bool takes_consent(Purpose purpose) {
  return purpose == Purpose::kEmail || purpose == Purpose::kSensitive;
}

using Entry = ConsentLedger::Entry;
using Told = ConsentLedger::Told;
constexpr std::array<Told Entry::*, 5> kKinds = {&Entry::asked, &Entry::granted, &Entry::refused,
                                                 &Entry::objected, &Entry::carried};

Told Entry::* kind_of(ConsentState state, Purpose purpose, bool carried) {
  switch (state) {
    case ConsentState::kUnknown:
      return nullptr;
    case ConsentState::kAsked:
      return &Entry::asked;
    case ConsentState::kGranted:
      if (!carried) return &Entry::granted;
      return purpose == Purpose::kEmail ? nullptr : &Entry::carried;
    case ConsentState::kRefused:
      return &Entry::refused;
    case ConsentState::kObjected:
      return &Entry::objected;
  }
  return nullptr;
}

bool under_gpc(Purpose purpose) {
  return purpose == Purpose::kPersonalization || purpose == Purpose::kSharing;
}

bool allowed_but_for_gpc(const ConsentLedger& ledger, Purpose purpose,
                         const ConsentContext& context) {
  const Basis basis = context.bases[static_cast<std::size_t>(purpose)];
  if (basis == Basis::kNever) return false;
  const ConsentState state = ledger.state(purpose);
  if (state != ConsentState::kUnknown) return state == ConsentState::kGranted;
  return !takes_consent(purpose) && (context.basis_granted || basis == Basis::kLegitimateInterest);
}

}  // namespace

ConsentChoices stricter(const ConsentChoices& left, const ConsentChoices& right) {
  ConsentChoices choices{};
  for (std::size_t i = 0; i < kPurposes; ++i) {
    choices[i] = strictness(left[i]) < strictness(right[i]) ? right[i] : left[i];
  }
  return choices;
}

ConsentSignal stricter(const ConsentSignal& left, const ConsentSignal& right) {
  return {.choices = stricter(left.choices, right.choices),
          .gpc = left.gpc || right.gpc,
          .text = std::max(left.text, right.text)};
}

ConsentSignal unreadable_consent() {
  ConsentSignal signal;
  for (const Purpose purpose :
       {Purpose::kAnalytics, Purpose::kPersonalization, Purpose::kSharing}) {
    set_choice(signal.choices, purpose, ConsentState::kRefused);
  }
  return signal;
}

ConsentChoices objects_to_direct_marketing() {
  ConsentChoices choices{};
  for (const Purpose purpose : {Purpose::kEmail, Purpose::kSharing, Purpose::kPersonalization}) {
    set_choice(choices, purpose, ConsentState::kObjected);
  }
  return choices;
}

std::uint64_t consent_text_hash(std::string_view text) {
  const ContentHash whole = content_hash(text);
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < sizeof(hash); ++i) hash = hash << 8 | whole.bytes[i];
  return hash;
}

std::string consent_text_hex(std::uint64_t hash) {
  std::string text(kHexDigits, '0');
  for (std::size_t i = kHexDigits; i-- > 0; hash >>= 4) text[i] = "0123456789abcdef"[hash & 15];
  return text;
}

std::uint64_t parse_consent_text_hash(std::string_view hex) {
  std::uint64_t hash = 0;
  if (hex.size() < kHexDigits) return 0;
  hex = hex.substr(0, kHexDigits);
  const char* const end = hex.data() + hex.size();
  // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): given its end
  const auto read = std::from_chars(hex.data(), end, hash, 16);
  return read.ec == std::errc{} && read.ptr == end ? hash : 0;
}

void ConsentLedger::apply(const Event& event, Time received_at) {
  for (std::size_t i = 0; i < kPurposes; ++i) {
    Told Entry::* kind =
        kind_of(event.consent[i], static_cast<Purpose>(i), !is_explicit_choice(event));
    if (kind == nullptr) continue;
    Told& latest = purposes[i].*kind;
    latest = std::max(latest, Told{received_at, event.consent_text});
  }
}

void ConsentLedger::note_gpc(Time received_at) {
  if (gpc_since == Time{} || received_at < gpc_since) gpc_since = received_at;
}

void ConsentLedger::merge(const ConsentLedger& other) {
  for (std::size_t i = 0; i < kPurposes; ++i) {
    for (Told Entry::* kind : kKinds) {
      purposes[i].*kind = std::max(purposes[i].*kind, other.purposes[i].*kind);
    }
  }
  if (other.gpc_since != Time{}) note_gpc(other.gpc_since);
}

ConsentState ConsentLedger::state(Purpose purpose) const {
  const Entry& entry = of(purpose);
  const Time no = std::max(entry.refused.at, entry.objected.at);
  if (entry.granted.at > no) return ConsentState::kGranted;
  if (no != Time{}) {
    return entry.objected.at == no ? ConsentState::kObjected : ConsentState::kRefused;
  }
  if (!entry.carried.empty()) return ConsentState::kGranted;
  return entry.asked.empty() ? ConsentState::kUnknown : ConsentState::kAsked;
}

std::optional<Time> ConsentLedger::denied_since(Purpose purpose) const {
  const ConsentState now = state(purpose);
  if (now == ConsentState::kRefused || now == ConsentState::kObjected)
    return std::max(of(purpose).refused.at, of(purpose).objected.at);
  if (gpc_holds(*this, purpose, {})) return gpc_since;
  return std::nullopt;
}

// For each purpose two bits a kind: there is one, and it has a text.
void ConsentLedger::encode(ByteWriter& out) const {
  for (const Entry& entry : purposes) {
    std::uint64_t present = 0;
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
      const Told& told = entry.*kKinds[kind];
      if (!told.empty()) present |= std::uint64_t{told.text == 0 ? 1U : 3U} << 2 * kind;
    }
    out.varint(present);
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
      const Told& told = entry.*kKinds[kind];
      if (told.empty()) continue;
      out.time(told.at);
      if (told.text != 0) out.u64_be(told.text);
    }
  }
  out.time(gpc_since);
}

namespace {

void decode_entry(ByteReader& in, Entry& entry) {
  const std::uint64_t present = in.varint();
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
    const std::uint64_t bits = present >> 2 * kind & 3;
    if (bits == 0) continue;
    Told& told = entry.*kKinds[kind];
    told.at = in.time();
    if (bits == 3) told.text = in.u64_be();
  }
}

}  // namespace

ConsentLedger ConsentLedger::decode(ByteReader& in, std::uint8_t profile_version) {
  ConsentLedger ledger;
  if (profile_version >= 3) {
    for (Entry& entry : ledger.purposes) decode_entry(in, entry);
  } else {
    const std::uint8_t present = in.u8();
    for (std::size_t i = 0; i < kPurposes; ++i) {
      if ((present >> i & 1U) == 0) continue;
      Entry& entry = ledger.purposes[i];
      for (Told Entry::* kind : {&Entry::granted, &Entry::refused, &Entry::objected}) {
        (entry.*kind).at = in.time();
      }
    }
  }
  ledger.gpc_since = in.time();
  return ledger;
}

bool consent_allows(const ConsentLedger& ledger, Purpose purpose, const ConsentContext& context) {
  return allowed_but_for_gpc(ledger, purpose, context) && !gpc_holds(ledger, purpose, context);
}

bool gpc_holds(const ConsentLedger& ledger, Purpose purpose, const ConsentContext& context) {
  if (!under_gpc(purpose) || (ledger.gpc_since == Time{} && !context.gpc)) return false;
  const Time since = ledger.gpc_since != Time{} ? ledger.gpc_since : context.now;
  const Time granted_at = ledger.of(purpose).granted.at;
  return granted_at == Time{} || granted_at < since;
}

Kept kept_of(const Event& event, const ConsentLedger& before, const ConsentContext& context) {
  ConsentLedger after = before;
  if (context.gpc) after.note_gpc(context.now);
  after.apply(event, context.now);
  if (event.name == kConsentEvent) return Kept::kChoice;
  if (consent_allows(after, Purpose::kPersonalization, context)) return Kept::kAll;
  if (consent_allows(after, Purpose::kAnalytics, context)) return Kept::kReportOnly;
  for (std::size_t i = 0; i < kPurposes; ++i) {
    const auto purpose = static_cast<Purpose>(i);
    if (after.state(purpose) != before.state(purpose)) return Kept::kChoice;
  }
  const auto granted = [&before](Purpose purpose) {
    return before.state(purpose) == ConsentState::kGranted;
  };
  const bool gpc_ends_a_grant = context.gpc && before.gpc_since == Time{} &&
                                (granted(Purpose::kPersonalization) || granted(Purpose::kSharing));
  return gpc_ends_a_grant ? Kept::kChoice : Kept::kNothing;
}

Event choice_of(const Event& event) {
  Event choice;
  choice.type = EventType::kTrack;
  choice.message_id = event.message_id;
  choice.anonymous_id = event.anonymous_id;
  choice.name = kConsentEvent;
  choice.consent = event.consent;
  choice.consent_text = event.consent_text;
  choice.consent_carried = !is_explicit_choice(event);
  return choice;
}

bool names_any(const ConsentChoices& choices) {
  return std::any_of(choices.begin(), choices.end(),
                     [](ConsentState state) { return state != ConsentState::kUnknown; });
}

}  // namespace tact
