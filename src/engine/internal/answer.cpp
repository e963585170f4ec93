// From a question to decisions.
#include <algorithm>

#include "engine/derive.h"
#include "engine/internal/job.h"

namespace tact {
namespace {

constexpr Duration kRepeatWithin{10 * 60'000};

constexpr std::string_view kGpcSays =
    "Your browser sends Global Privacy Control, so nothing here is personalized or shared until "
    "you "
    "allow it.";

ConsentContext consent_of(const DecideRequest& request, const Playbook& playbook, Time now) {
  return consent_context(request.flags, request.where.region, playbook, now);
}

json::object consent_json(bool personalized, const ConsentLedger& ledger,
                          const ConsentContext& context) {
  json::object out{{"personalization", personalized}};
  if (!personalized && gpc_holds(ledger, Purpose::kPersonalization, context)) {
    out["gpc"] = true;
    out["says"] = kGpcSays;
  }
  return out;
}

View view_of(const Profile& profile, const Playbook& playbook, const DecideRequest& request,
             Time now, bool anonymous) {
  std::string bucket = profile.core.serving_bucket();
  if (bucket.empty()) bucket = request.identity.anonymous_id;
  return {.profile = profile,
          .playbook = playbook,
          .now = now,
          .where = request.where,
          .product = request.product,
          .category = request.category,
          .weather = request.weather,
          .consent = consent_of(request, playbook, now),
          .bucket_id = std::move(bucket),
          .anonymous_request = anonymous};
}

void publish_decision(Shard& shard, const Visitor& visitor, const Decision& decision,
                      const View& view, const std::string& slot, const DecisionId& id) {
  if (!shard.shared().live.anyone_listens()) return;
  const std::string anonymous_id = visitor.profile.core.anonymous_id();
  json::object data{{"visitor", visitor.id.to_text()},
                    {"anonymousId", anonymous_id},
                    {"at", format_time(view.now)},
                    {"slot", slot},
                    {"id", id.to_text()},
                    {"outcome", to_string(decision.outcome)}};
  if (decision.message >= 0) {
    const Message& message = view.playbook.messages[static_cast<std::size_t>(decision.message)];
    data["message"] = message.id;
    data["variant"] = message.variants[static_cast<std::size_t>(decision.variant)].id;
  } else {
    data["message"] = nullptr;
  }
  data["why"] = explain(decision, view);
  shard.when_durable(
      [&live = shard.shared().live,
       update = LiveUpdate{"decision", anonymous_id, to_string(data)}](const Status& status) {
        if (status.has_value()) live.publish(update);
      });
}

void count(Counters& counters, Outcome outcome) {
  ++counters.decisions;
  if (outcome == Outcome::kShown) ++counters.shown;
  if (outcome == Outcome::kWithheld) ++counters.withheld;
}

json::object decide_slot(Shard& shard, Visitor& visitor, const DecideRequest& request,
                         const std::string& slot, Time now) {
  const View view = view_of(visitor.profile, *shard.playbook().playbook, request, now, false);
  const Decision decision = decide(view, slot);
  const Offset offset = shard.log_of(visitor.id).next_offset();
  const DecisionId id{visitor.id.partition(), offset,
                      shard.shared().key.decision_mac(visitor.id.partition(), offset, visitor.id)};
  json::object out{{"slot", slot}, {"id", id.to_text()}, {"show", show(decision, view)}};
  if (request.explain) out["why"] = explain(decision, view);
  Record record;
  record.received_at = now;
  record.event_time = now;
  record.source = request.source;
  record.flags = request.flags;
  auto& body = record.body.emplace<DecisionRecord>(record_of(decision, view, slot));
  if (view.core().bucket_id.empty()) body.anonymous_id = request.identity.anonymous_id;
  body.request = request.request_id.empty() ? 0 : hash64(request.request_id);
  publish_decision(shard, visitor, decision, view, slot, id);
  count(shard.shared().counters, decision.outcome);
  shard.shared().daily.note_consented(now);
  shard.append(visitor, record);
  return out;
}

const RecentRequest* recent(const Core& core, const std::string& request_id, Time now) {
  if (request_id.empty()) return nullptr;
  const std::uint64_t wanted = hash64(request_id);
  const auto found =
      std::find_if(core.requests.begin(), core.requests.end(), [&](const RecentRequest& request) {
        return request.request == wanted && now - request.at <= kRepeatWithin;
      });
  return found == core.requests.end() ? nullptr : &*found;
}

// Nothing is decided, nothing recorded.
json::object defaults(const DecideRequest& request, json::object consent) {
  json::array decisions;
  for (const std::string& slot : request.slots) {
    decisions.push_back({{"slot", slot}, {"show", nullptr}});
  }
  return {{"decisions", std::move(decisions)}, {"consent", std::move(consent)}};
}

bool is_nobody(const DecideRequest& request) {
  return (request.flags & record_flags::kNobody) != 0;
}

std::string_view shown_moment(const Decision& decision, const Playbook& playbook) {
  if (decision.moment < 0) return {};
  return playbook.moments[static_cast<std::size_t>(decision.moment)].id;
}

}  // namespace

std::string answer_text(const json::object& decided, const DecideRequest& request) {
  std::string text = to_string(decided);
  if (request.beside.empty()) return text;
  text.back() = ',';
  return text.append(request.beside).append("}");
}

json::object answer_anonymously(Shared& shared, const DecideRequest& request,
                                const ConsentLedger& ledger, Time now) {
  static const Profile nobody;
  const auto state = shared.playbooks.current();
  const View view = view_of(nobody, *state->playbook, request, now, true);
  json::object consent = consent_json(false, ledger, view.consent);
  if (is_nobody(request)) return defaults(request, std::move(consent));
  json::array decisions;
  for (const std::string& slot : request.slots) {
    const Decision decision = decide(view, slot);
    shared.daily.note_unconsented(now, shown_moment(decision, *state->playbook));
    json::object item{{"slot", slot}, {"show", show(decision, view)}};
    if (request.explain) item["why"] = explain(decision, view);
    decisions.push_back(std::move(item));
  }
  return {{"decisions", std::move(decisions)}, {"consent", std::move(consent)}};
}

Result<json::object> repeat_answer(const Shared& shared, const VisitorId& visitor,
                                   const RecentRequest& request) {
  json::array decisions;
  for (std::uint32_t i = 0; i < request.count; ++i) {
    const Offset offset{request.first.value + i};
    TACT_ASSIGN(const DerivedDecision derived,
                derive_decision(shared.store, shared.playbooks, visitor, offset));
    const DecisionId id{visitor.partition(), offset,
                        shared.key.decision_mac(visitor.partition(), offset, visitor)};
    decisions.push_back(
        {{"slot", derived.recorded.slot}, {"id", id.to_text()}, {"show", derived.show}});
  }
  return json::object{{"decisions", std::move(decisions)},
                      {"consent", {{"personalization", true}}}};
}

void answer(Shard& shard, Visitor& visitor, Job& job) {
  const DecideRequest& request = *job.question;
  const auto say = [&job, &request](const json::object& decided) {
    job.answer = answer_text(decided, request);
  };
  const Time now = shard.log_of(visitor.id).receive_time(shard.shared().now());
  const ConsentLedger& ledger = visitor.profile.core.consent;
  const ConsentContext consent = consent_of(request, *shard.playbook().playbook, now);
  if (!consent_allows(ledger, Purpose::kPersonalization, consent)) {
    return say(answer_anonymously(shard.shared(), request, ledger, now));
  }
  if (is_nobody(request) || visitor.profile.core.pace.is_broken(now)) {
    return say(defaults(request, consent_json(true, ledger, consent)));
  }
  if (const RecentRequest* before = recent(visitor.profile.core, request.request_id, now)) {
    job.repeated = *before;
    return;
  }
  if (visitor.refolding) {  // what they did is still being read under the new playbook
    return say(defaults(request, consent_json(true, ledger, consent)));
  }
  advance(visitor.profile, now, shard.fold_context());
  json::array decisions;
  for (const std::string& slot : request.slots) {
    decisions.push_back(decide_slot(shard, visitor, request, slot, now));
  }
  show_live(shard, visitor, nullptr);
  say({{"decisions", std::move(decisions)}, {"consent", {{"personalization", true}}}});
}

}  // namespace tact
