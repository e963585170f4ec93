// Consent gate, dedupe, append.
#include "consent/consent.h"
#include "engine/internal/job.h"
#include "profile/view.h"
#include "store/keys.h"

namespace tact {
namespace {

// Whose event it is, where that is nobody.
std::string_view left_out_as(const Record& record, const Pace& pace) {
  if (record.has(record_flags::kBot)) return keys::kBots;
  if (record.has(record_flags::kStaff)) return keys::kStaff;
  return pace.is_broken(record.event_time) ? keys::kPace : std::string_view();
}

bool changes_state(const ConsentLedger& before, const Event& event, Time at) {
  ConsentLedger after = before;
  after.apply(event, at);
  for (std::size_t i = 0; i < kPurposes; ++i) {
    const auto purpose = static_cast<Purpose>(i);
    if (after.state(purpose) != before.state(purpose)) return true;
  }
  return false;
}

}  // namespace

Kept kept_here(const Shard& shard, const Visitor& visitor, const Record& record) {
  const auto& event = std::get<Event>(record.body);
  return kept_of(event, visitor.profile.core.consent,
                 consent_context(record.flags, event.where.region, *shard.playbook().playbook,
                                 record.received_at));
}

bool is_duplicate(const Visitor& visitor, const Event& event, Time now) {
  return visitor.seen.contains(hash64(event.message_id), visitor.profile.core.seen_next, now);
}

void ingest(Shard& shard, Visitor& visitor, Record& record, TrackCounts& counts) {
  auto& event = std::get<Event>(record.body);
  Counters& counters = shard.shared().counters;
  record.received_at = shard.log_of(visitor.id).receive_time(record.received_at);
  if (is_duplicate(visitor, event, record.received_at)) {
    ++counts.duplicate;
    ++counters.duplicate;
    return;
  }
  const Kept kept = kept_here(shard, visitor, record);
  const auto note_left_out = [&] {
    const std::string_view who = left_out_as(record, visitor.profile.core.pace);
    if (!who.empty()) shard.shared().daily.note_left_out(record.received_at, who);
  };
  if (kept == Kept::kNothing) {
    note_left_out();
    ++counts.dropped_without_consent;
    ++counters.dropped;
    return;
  }
  if (kept == Kept::kReportOnly) record.flags |= record_flags::kReportOnly;
  if (kept == Kept::kChoice) event = choice_of(event);
  visitor.seen.note(hash64(event.message_id), {visitor.profile.core.seen_next, record.received_at});
  shard.append(visitor, record);
  note_left_out();  // now that the fold has seen its pace
  ++counts.stored;
  ++counters.stored;
  show_live(shard, visitor, &record);
}

void note_consent(Shard& shard, Visitor& visitor, const DecideRequest& question) {
  if (!names_any(question.consent)) return;
  Event change;
  change.name = kConsentEvent;
  change.anonymous_id = question.identity.anonymous_id;
  change.consent = question.consent;
  change.consent_text = question.consent_text;
  change.consent_carried = true;  // a question asks something else
  Record record;
  record.received_at = shard.shared().now();
  record.event_time = record.received_at;
  if (!changes_state(visitor.profile.core.consent, change, record.received_at)) return;
  change.message_id =
      "consent-" + change.anonymous_id + "-" + std::to_string(to_ms(record.received_at));
  record.source = question.source;
  record.flags = question.flags;
  record.body = std::move(change);
  TrackCounts unused;
  ingest(shard, visitor, record, unused);
}

}  // namespace tact
