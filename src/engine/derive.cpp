#include "engine/derive.h"

#include "decide/decide.h"
#include "engine/replay.h"

namespace tact {
namespace {

// All of it, not the digest alone: reports read what the record says beside it. Who asked is not
// derived.
bool agrees(const Decision& derived, const View& view, const DecisionRecord& recorded) {
  DecisionRecord again = record_of(derived, view, recorded.slot);
  again.anonymous_id = recorded.anonymous_id;
  again.request = recorded.request;
  if (recorded.intent_level == IntentLevel::kUntold) {  // older records do not tell it
    again.intent_level = recorded.intent_level;
    again.intent = recorded.intent;
  }
  if (recorded.hesitation == Hesitation::kUntold) again.hesitation = recorded.hesitation;
  return again == recorded;
}

}  // namespace

View view_of_question(const Record& record, const Profile& profile, const Playbook& playbook) {
  const auto& asked = std::get<DecisionRecord>(record.body);
  std::string bucket = profile.core.serving_bucket();
  if (bucket.empty()) bucket = asked.anonymous_id;
  return {
      .profile = profile,
      .playbook = playbook,
      .now = record.received_at,
      .where = asked.where,
      .product = asked.product,
      .category = asked.category,
      .weather = asked.weather,
      .consent = consent_context(record.flags, asked.where.region, playbook, record.received_at),
      .bucket_id = std::move(bucket)};
}

Result<DerivedDecision> derive_decision(const Store& store, const Playbooks& playbooks,
                                        const VisitorId& visitor, Offset offset) {
  TACT_ASSIGN(const Record record, read_record(store, visitor, offset));
  const auto* recorded = std::get_if<DecisionRecord>(&record.body);
  if (recorded == nullptr) return make_error(ErrorCode::kNotFound, "this id names no decision");
  TACT_ASSIGN(const auto playbook, playbooks.find(recorded->playbook));
  const auto state = playbooks.current();
  const FoldContext context{*playbook, state->experiments};
  TACT_ASSIGN(Replayed replayed, replay(store, visitor, Offset{offset.value - 1}, context));
  advance(replayed.profile, record.received_at, context);
  const View view = view_of_question(record, replayed.profile, *playbook);
  const Decision decision = decide(view, recorded->slot);
  DerivedDecision out{.recorded = *recorded, .at = record.received_at};
  out.agrees = agrees(decision, view, *recorded);
  out.why = explain(decision, view);
  out.show = show(decision, view);
  return out;
}

Result<json::object> explain_decision(const Store& store, const Playbooks& playbooks,
                                      const InstallKey& key, const DecisionId& id) {
  TACT_ASSIGN(const VisitorId visitor, visitor_at(store, id.partition, id.offset));
  if (key.decision_mac(id.partition, id.offset, visitor) != id.mac) {
    return make_error(ErrorCode::kNotFound, "no decision has this id");
  }
  TACT_ASSIGN(DerivedDecision derived, derive_decision(store, playbooks, visitor, id.offset));
  return json::object{{"decision", id.to_text()},
                      {"at", format_time(derived.at)},
                      {"visitor", visitor.to_text()},
                      {"slot", derived.recorded.slot},
                      {"outcome", to_string(derived.recorded.outcome)},
                      {"message", derived.recorded.message},
                      {"variant", derived.recorded.variant},
                      {"agrees", derived.agrees},
                      {"why", std::move(derived.why)}};
}

}  // namespace tact
