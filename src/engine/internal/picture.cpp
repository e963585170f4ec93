// The picture the live view draws of one visitor.
#include <algorithm>

#include "engine/internal/job.h"

namespace tact {
namespace {

json::object visit_json(const Visit& visit) {
  return {{"number", visit.number},
          {"started", format_time(visit.started)},
          {"pages", visit.pages},
          {"device", to_string(visit.device)},
          {"source", to_string(visit.source)},
          {"page", {{"path", visit.path}, {"type", visit.page_type}, {"product", visit.product}}}};
}

// The words of the signals an event raised, or none.
std::string words_for(const Event& event, const Playbook& playbook) {
  for (const Signal& signal : playbook.signals) {
    if (signal.seen.kind == Seen::Kind::kTrack && event.type == EventType::kTrack &&
        event.name == signal.seen.name) {
      return signal.says;
    }
  }
  return {};
}

json::array happened_json(const Record* record, const Playbook& playbook) {
  json::array out;
  if (record == nullptr) return out;
  const auto& event = std::get<Event>(record->body);
  json::object item{{"at", format_time(record->event_time)},
                    {"type", to_string(event.type)},
                    {"name", event.name}};
  if (const std::string words = words_for(event, playbook); !words.empty()) item["says"] = words;
  out.push_back(std::move(item));
  return out;
}

json::array signals_json(const View& view) {
  json::array out;
  for (const Signal& signal : view.playbook.signals) {
    for (const SignalState& state : view.profile.derived.signals) {
      if (state.signal != hash64(signal.id)) continue;
      out.push_back({{"id", signal.id},
                     {"says", signal.says},
                     {"about", state.subject},
                     {"strength", static_cast<double>(
                                      state.strength.strength_milli(view.now, signal.half_life)) /
                                      1000.0},
                     {"count", state.seen.count_since(Time{})},
                     {"last", format_iso_duration(view.now - state.seen.latest())}});
    }
  }
  return out;
}

json::object cart_json(const Core& core) {
  std::int64_t total = 0;
  std::uint32_t items = 0;
  for (const Product& product : core.cart) {
    total += product.price_minor * product.quantity;
    items += product.quantity;
  }
  return {{"items", items}, {"total", static_cast<double>(total) / 100.0}};
}

bool has_withdrawn(const ConsentLedger& ledger) {
  const ConsentState state = ledger.state(Purpose::kPersonalization);
  return state == ConsentState::kRefused || state == ConsentState::kObjected ||
         gpc_holds(ledger, Purpose::kPersonalization, {});
}

// Of who withdrew the live view keeps the choice, and says nothing of what they did.
void leave_out_behaviour(json::object& picture) {
  for (const char* list : {"happened", "intents", "signals"}) picture[list] = json::array{};
  picture["leading"] = nullptr;
  picture["cart"] = json::object{{"items", 0}, {"total", 0}};
}

void add_told(json::object& out, std::string_view name, const ConsentLedger::Told& told) {
  if (told.empty()) return;
  json::object one{{"at", format_time(told.at)}};
  if (told.text != 0) one["textHash"] = consent_text_hex(told.text);
  out[name] = std::move(one);
}

}  // namespace

json::object ledger_json(const ConsentLedger& ledger) {
  json::object out;
  for (std::size_t i = 0; i < kPurposes; ++i) {
    const auto purpose = static_cast<Purpose>(i);
    const ConsentLedger::Entry& entry = ledger.of(purpose);
    if (entry.empty()) continue;
    json::object one{{"state", to_string(ledger.state(purpose))}};
    add_told(one, "asked", entry.asked);
    add_told(one, "granted", entry.granted);
    add_told(one, "carried", entry.carried);
    add_told(one, "refused", entry.refused);
    add_told(one, "objected", entry.objected);
    out[to_string(purpose)] = std::move(one);
  }
  if (ledger.gpc_since != Time{}) out["gpcSince"] = format_time(ledger.gpc_since);
  return out;
}

json::object picture_of(const Visitor& visitor, const Playbook& playbook, const Record* happened,
                        Time now) {
  const Core& core = visitor.profile.core;
  Surroundings where;
  where.path = core.visit.path;
  where.page_type = core.visit.page_type;
  Product product;
  product.id = core.visit.product;
  product.category = core.visit.category;
  const View view{.profile = visitor.profile,
                  .playbook = playbook,
                  .now = now,
                  .where = where,
                  .product = product,
                  .category = core.visit.category,
                  .weather = {},
                  .consent = consent_context(0, {}, playbook, now),
                  .bucket_id = core.bucket_id};
  const IntentPicture picture = infer(view);
  const auto consent = [&](Purpose purpose) {
    return core.consent.state(purpose) == ConsentState::kGranted &&
           !gpc_holds(core.consent, purpose, view.consent);
  };
  json::object out{{"visitor", visitor.id.to_text()},
                   {"anonymousId", core.anonymous_id()},
                   {"at", format_time(now)},
                   {"consent",
                    {{"personalization", consent(Purpose::kPersonalization)},
                     {"analytics", consent(Purpose::kAnalytics)},
                     {"sharing", consent(Purpose::kSharing)}}},
                   {"visit", visit_json(core.visit)},
                   {"happened", happened_json(happened, playbook)},
                   {"intents", intents_json(picture, view, true)},
                   {"clear", picture.clear},
                   {"signals", signals_json(view)},
                   {"cart", cart_json(core)}};
  out["leading"] =
      picture.leading < 0
          ? json::value(nullptr)
          : json::value(playbook.intents[static_cast<std::size_t>(picture.leading)].id);
  return out;
}

void show_live(Shard& shard, Visitor& visitor, const Record* happened) {
  LiveHub& live = shard.shared().live;
  if (!live.anyone_listens()) return;
  const Core& core = visitor.profile.core;
  const bool withdrawn = has_withdrawn(core.consent);
  for (const ExternalId& id : core.ids) {  // of each of their devices
    if (withdrawn && id.kind == IdKind::kAnonymous) live.forget(id.id);
  }
  const Time now = shard.log_of(visitor.id).state().last_received;
  json::object picture = picture_of(visitor, *shard.playbook().playbook, happened, now);
  if (withdrawn) leave_out_behaviour(picture);
  LiveUpdate update{"visitor", core.anonymous_id(), to_string(picture)};
  shard.when_durable([&live, update = std::move(update)](const Status& status) {
    if (status.has_value()) live.publish(update);
  });
}

}  // namespace tact
