// Consent gate, dedupe, append.
#include "consent/consent.h"
#include "engine/internal/job.h"
#include "store/keys.h"

namespace tact {
namespace {

// What may be stored of an event, given the ledger as it is with the event's own choices.
enum class Gate { kStore, kReportOnly, kConsentChangeOnly, kDrop };

Gate gate(const Core& core, const Record& record, const Event& event) {
  const ConsentContext context{.basis_granted = record.has(record_flags::kBasisGranted),
                               .gpc = record.has(record_flags::kGpc),
                               .now = record.received_at};
  ConsentLedger after = core.consent;
  if (context.gpc) after.note_gpc(record.received_at);
  after.apply(event.consent, record.received_at);
  if (event.name == kConsentEvent) return Gate::kConsentChangeOnly;
  if (consent_allows(after, Purpose::kPersonalization, context)) return Gate::kStore;
  if (consent_allows(after, Purpose::kAnalytics, context)) return Gate::kReportOnly;
  for (std::size_t i = 0; i < kPurposes; ++i) {
    const auto purpose = static_cast<Purpose>(i);
    if (after.state(purpose) != core.consent.state(purpose)) return Gate::kConsentChangeOnly;
  }
  const bool gpc_ends_a_grant =
      context.gpc && core.consent.gpc_since == Time{} &&
      core.consent.state(Purpose::kPersonalization) == ConsentState::kGranted;
  return gpc_ends_a_grant ? Gate::kConsentChangeOnly : Gate::kDrop;
}

// Nothing but who and which choice.
Event consent_change(const Event& event) {
  Event change;
  change.type = EventType::kTrack;
  change.message_id = event.message_id;
  change.anonymous_id = event.anonymous_id;
  change.name = kConsentEvent;
  change.consent = event.consent;
  return change;
}

void note_seen(Shard& shard, Visitor& visitor, const Event& event, Time at, std::uint64_t number) {
  const std::uint64_t message = hash64(event.message_id);
  const SeenMessage seen{number, at};
  shard.batch().put(Family::kSeen, keys::seen(visitor.id, message), seen.encode());
  visitor.seen.note(message, seen, [&](std::uint64_t old) {
    shard.batch().erase(Family::kSeen, keys::seen(visitor.id, old));
  });
}

}  // namespace

bool is_duplicate(const Visitor& visitor, const Event& event, Time now) {
  return visitor.seen.contains(hash64(event.message_id), visitor.profile.core.seen_next, now);
}

void ingest(Shard& shard, Visitor& visitor, Record record, TrackCounts& counts) {
  auto& event = std::get<Event>(record.body);
  Counters& counters = shard.shared().counters;
  record.received_at = shard.log_of(visitor.id).receive_time(record.received_at);
  if (is_duplicate(visitor, event, record.received_at)) {
    ++counts.duplicate;
    ++counters.duplicate;
    return;
  }
  switch (gate(visitor.profile.core, record, event)) {
    case Gate::kStore:
      break;
    case Gate::kReportOnly:
      record.flags |= record_flags::kReportOnly;
      break;
    case Gate::kConsentChangeOnly:
      event = consent_change(event);
      break;
    case Gate::kDrop:
      ++counts.dropped_without_consent;
      ++counters.dropped;
      return;
  }
  note_seen(shard, visitor, event, record.received_at, visitor.profile.core.seen_next);
  shard.append(visitor, record);
  ++counts.stored;
  ++counters.stored;
  show_live(shard, visitor, &record);
}

void note_consent(Shard& shard, Visitor& visitor, const DecideRequest& question) {
  const ConsentLedger& ledger = visitor.profile.core.consent;
  bool changes = false;
  for (std::size_t i = 0; i < kPurposes; ++i) {
    changes = changes || (question.consent[i] != ConsentState::kUnknown &&
                          question.consent[i] != ledger.state(static_cast<Purpose>(i)));
  }
  if (!changes) return;
  Event change;
  change.name = kConsentEvent;
  change.anonymous_id = question.identity.anonymous_id;
  change.consent = question.consent;
  Record record;
  record.received_at = shard.shared().now();
  record.event_time = record.received_at;
  change.message_id =
      "consent-" + change.anonymous_id + "-" + std::to_string(to_ms(record.received_at));
  record.source = question.source;
  record.flags = question.flags;
  record.body = std::move(change);
  TrackCounts unused;
  ingest(shard, visitor, std::move(record), unused);
}

}  // namespace tact
