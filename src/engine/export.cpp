#include "engine/export.h"

#include <map>
#include <utility>

#include "consent/consent.h"
#include "engine/replay.h"
#include "log/log.h"
#include "store/keys.h"

namespace tact {
namespace {

constexpr int kMaxHops = 64;

void add_object(json::object& out, std::string_view name, const std::string& text) {
  if (text.empty()) return;
  auto parsed = parse_json(text);
  out[name] = parsed.has_value() ? std::move(*parsed) : json::value(text);
}

void add_text(json::object& out, std::string_view name, const std::string& text) {
  if (!text.empty()) out[name] = text;
}

// What was concluded from the request is the person's as much as what was sent.
void add_conclusions(json::object& out, const Surroundings& where) {
  add_text(out, "region", where.region);
  if (where.sensitive) out["sensitive"] = true;
}

// What the visitor chose; `carried`: repeated beside something else.
void add_consent(json::object& out, const Event& event) {
  if (!names_any(event.consent)) return;
  json::object consent;
  for (std::size_t i = 0; i < kPurposes; ++i) {
    if (event.consent[i] == ConsentState::kUnknown) continue;
    consent[to_string(static_cast<Purpose>(i))] = to_string(event.consent[i]);
  }
  if (event.consent_text != 0) consent["textHash"] = consent_text_hex(event.consent_text);
  if (!is_explicit_choice(event)) consent["carried"] = true;
  out["consent"] = std::move(consent);
}

json::object event_json(const Event& event) {
  json::object out{{"type", to_string(event.type)}, {"messageId", event.message_id}};
  add_text(out, "anonymousId", event.anonymous_id);
  add_text(out, "userId", event.user_id);
  add_text(out, "previousId", event.previous_id);
  add_text(out, "groupId", event.group_id);
  add_text(out, event.type == EventType::kTrack ? "event" : "name", event.name);
  add_consent(out, event);
  add_object(out, "properties", event.properties);
  add_object(out, "traits", event.traits);
  add_object(out, "context", event.context);
  add_conclusions(out, event.where);
  return out;
}

json::object assignment_json(const Assignment& assignment) {
  return {{"experiment", assignment.experiment}, {"arm", assignment.arm}};
}

json::object decision_json(const DecisionRecord& decision) {
  json::object out{
      {"type", "decision"}, {"slot", decision.slot}, {"outcome", to_string(decision.outcome)}};
  add_text(out, "moment", decision.moment);
  add_text(out, "message", decision.message);
  add_text(out, "variant", decision.variant);
  json::array experiments;
  if (!decision.assignment.experiment.empty())
    experiments.push_back(assignment_json(decision.assignment));
  for (const Assignment& entered : decision.triggered)
    experiments.push_back(assignment_json(entered));
  if (!experiments.empty()) out["experiments"] = std::move(experiments);
  if (decision.intent_level != IntentLevel::kUntold)
    out["intentLevel"] = to_string(decision.intent_level);
  add_text(out, "intent", decision.intent);
  add_text(out, "stage", decision.stage);
  if (decision.hesitation != Hesitation::kUntold)
    out["hesitatesAgain"] = decision.hesitation == Hesitation::kAgain;
  out["playbook"] = decision.playbook.to_text();
  add_conclusions(out, decision.where);
  return out;
}

void add_all(json::array& to, json::array from) {
  for (json::value& record : from) to.push_back(std::move(record));
}

// What is the visitor's at `to`. A link hands all of it over, and undoing that link gives it back;
// a link of a device that was linked before hands over what came since (nothing, most often).
Result<json::array> records_of(const Store& store, const VisitorId& visitor, Offset to,
                               const DetachedLinks& detached, int depth) {
  if (depth > kMaxHops) return make_error(ErrorCode::kCorrupt, "a chain of merges does not end");
  json::array records;
  std::map<Offset, json::array> handed_over;  // by the link's offset
  Status inner = ok();
  const auto add = [&](Offset offset, const Record& record) -> Status {
    if (const auto* absorb = std::get_if<AbsorbRecord>(&record.body)) {
      if (!detached.contains({absorb->loser, absorb->loser_offset})) {
        TACT_ASSIGN(json::array theirs,
                    records_of(store, absorb->loser, Offset{absorb->loser_offset.value - 1},
                               detached, depth + 1));
        add_all(records, std::move(theirs));
      }
    } else if (record.kind() == RecordKind::kLinkOut) {
      handed_over[offset] = std::exchange(records, {});
    } else if (const auto* unlink = std::get_if<UnlinkRecord>(&record.body)) {
      json::array since = std::exchange(records, std::move(handed_over[unlink->link]));
      add_all(records, std::move(since));
    }
    records.push_back(to_json(record));
    return ok();
  };
  TACT_TRY(read_visitor(store, visitor, Offset{1}, to, [&](Offset offset, const Record& record) {
    inner = add(offset, record);
    return inner.has_value();
  }));
  TACT_TRY(inner);
  return records;
}

}  // namespace

json::object to_json(const Record& record) {
  json::object out;
  if (const auto* event = std::get_if<Event>(&record.body)) {
    out = event_json(*event);
  } else if (const auto* decision = std::get_if<DecisionRecord>(&record.body)) {
    out = decision_json(*decision);
  } else if (const auto* link = std::get_if<LinkOutRecord>(&record.body)) {
    out = {{"type", "link_out"}, {"winner", link->winner.to_text()}};
  } else if (const auto* absorb = std::get_if<AbsorbRecord>(&record.body)) {
    out = {{"type", "absorb"}, {"loser", absorb->loser.to_text()}};
  } else if (const auto* detach = std::get_if<DetachRecord>(&record.body)) {
    out = {{"type", "detach"}, {"loser", detach->loser.to_text()}, {"reason", detach->reason}};
  } else if (const auto* unlink = std::get_if<UnlinkRecord>(&record.body)) {
    out = {{"type", "unlink"}, {"reason", unlink->reason}};
  }
  if (record.has(record_flags::kGpc)) out["gpc"] = true;
  if (record.has(record_flags::kReportOnly)) out["reportOnly"] = true;
  out["timestamp"] = format_time(record.event_time);
  out["receivedAt"] = format_time(record.received_at);
  return out;
}

Result<json::object> export_visitor(const Store& store, const InstallKey& key, const NamedId& id) {
  VisitorId visitor = visitor_named(key, id.kind, id.id);
  for (int hop = 0; hop < kMaxHops; ++hop) {
    TACT_ASSIGN(const auto alias, store.get(Family::kAlias, keys::alias(visitor)));
    const auto winner = alias ? keys::parse_visitor(*alias) : std::nullopt;
    if (!winner) break;
    visitor = *winner;
  }
  TACT_ASSIGN(const DetachedLinks detached, detached_links(store, visitor, kToTheEnd));
  TACT_ASSIGN(json::array records, records_of(store, visitor, kToTheEnd, detached, 0));
  if (records.empty()) return make_error(ErrorCode::kNotFound, "nothing is known of this id");
  return json::object{{"visitor", visitor.to_text()}, {"records", std::move(records)}};
}

}  // namespace tact
