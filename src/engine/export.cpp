#include "engine/export.h"

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
  return out;
}

json::object decision_json(const DecisionRecord& decision) {
  json::object out{
      {"type", "decision"}, {"slot", decision.slot}, {"outcome", to_string(decision.outcome)}};
  add_text(out, "moment", decision.moment);
  add_text(out, "message", decision.message);
  add_text(out, "variant", decision.variant);
  out["playbook"] = decision.playbook.to_text();
  return out;
}

Status add_records(const Store& store, const VisitorId& visitor, Offset to, json::array& records,
                   int depth);

// What a visitor handed over with the link at `link`: everything before its first link. Later ones
// give a device to another user and hand nothing over (decision 0004).
Status add_handed_over(const Store& store, const VisitorId& loser, Offset link,
                       json::array& records, int depth) {
  bool first = true;
  TACT_TRY(read_visitor(store, loser, Offset{1}, link, [&](Offset at, const Record& record) {
    first = at == link || record.kind() != RecordKind::kLinkOut;
    return first;
  }));
  return first ? add_records(store, loser, link, records, depth) : ok();
}

Status add_records(const Store& store, const VisitorId& visitor, Offset to, json::array& records,
                   int depth) {
  Status inner = ok();
  TACT_TRY(read_visitor(store, visitor, Offset{1}, to, [&](Offset, const Record& record) {
    if (const auto* absorb = std::get_if<AbsorbRecord>(&record.body);
        absorb != nullptr && depth < kMaxHops) {
      inner = add_handed_over(store, absorb->loser, absorb->loser_offset, records, depth + 1);
    }
    records.push_back(to_json(record));
    return inner.has_value();
  }));
  return inner;
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
  }
  if (record.has(record_flags::kGpc)) out["gpc"] = true;
  if (record.has(record_flags::kReportOnly)) out["reportOnly"] = true;
  out["timestamp"] = format_time(record.event_time);
  out["receivedAt"] = format_time(record.received_at);
  return out;
}

Result<json::object> export_visitor(const Store& store, const InstallKey& key,
                                    std::string_view anonymous_id, std::string_view user_id) {
  VisitorId visitor = anonymous_id.empty() ? key.visitor_id("user", user_id)
                                           : key.visitor_id("anonymous", anonymous_id);
  for (int hop = 0; hop < kMaxHops; ++hop) {
    TACT_ASSIGN(const auto alias, store.get(Family::kAlias, keys::alias(visitor)));
    const auto winner = alias ? keys::parse_visitor(*alias) : std::nullopt;
    if (!winner) break;
    visitor = *winner;
  }
  json::array records;
  TACT_TRY(add_records(store, visitor, kToTheEnd, records, 0));
  if (records.empty()) return make_error(ErrorCode::kNotFound, "nothing is known of this id");
  return json::object{{"visitor", visitor.to_text()}, {"records", std::move(records)}};
}

}  // namespace tact
