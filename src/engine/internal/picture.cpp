// The picture the live view draws of one visitor.
#include <algorithm>

#include "engine/internal/job.h"
#include "profile/facts.h"

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
                    {"name", event.where.sensitive ? std::string() : event.name}};
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

// What is known, of whom it came, how old it is, and whether it is used.
json::array facts_json(const View& view) {
  json::array out;
  for (const KnownFact& known : view.core().facts) {
    const Fact* fact = view.playbook.find_fact(known.name);
    const FactReading reading = fact == nullptr ? FactReading{} : read_fact(*fact, view);
    auto value = parse_json(known.value);
    json::object item{{"name", known.name},
                      {"value", value.has_value() ? std::move(*value) : json::value(nullptr)},
                      {"source", known.origin},
                      {"enriched", known.enriched},
                      {"told", format_time(known.at)},
                      {"age", format_iso_duration(view.now - known.at)}};
    if (fact == nullptr) {
      item["use"] = "not declared by the playbook";
    } else {
      item["purpose"] = to_string(fact->purpose);
      item["sensitive"] = fact->sensitive;
      const bool chosen = reading.known == &known;
      item["use"] = chosen                             ? to_string(reading.use)
                    : is_stale(*fact, known, view.now) ? std::string_view("stale")
                                                       : std::string_view("another source counts");
    }
    out.push_back(std::move(item));
  }
  return out;
}

// Of a further id only its kind: its hash tells nobody anything.
json::array ids_json(const Core& core) {
  json::array out;
  for (const ExternalId& id : core.ids) {
    const bool further = id.kind == IdKind::kFurther;
    json::object item{{"kind", further                    ? id.id.substr(0, id.id.find(':'))
                               : id.kind == IdKind::kUser ? std::string(kUserKind)
                                                          : std::string(kAnonymousKind)}};
    if (!further) item["id"] = id.id;
    out.push_back(std::move(item));
  }
  return out;
}

json::array orders_json(const Core& core) {
  json::array out;
  for (const Order& order : core.orders) {
    json::object item{{"id", order.id},
                      {"at", format_time(order.at)},
                      {"state", to_string(order.state)},
                      {"since", format_time(order.state_at)}};
    if (order.due != Time{}) item["promised"] = format_time(order.due);
    out.push_back(std::move(item));
  }
  return out;
}

json::array tickets_json(const Core& core) {
  json::array out;
  for (const Ticket& ticket : core.tickets) {
    out.push_back(
        {{"id", ticket.id}, {"state", to_string(ticket.state)}, {"since", format_time(ticket.at)}});
  }
  return out;
}

json::object covariates_json(const Exposure& exposure) {
  const Covariates& before = exposure.covariates;
  return {{"intent", before.intent},
          {"intent_level", to_string(before.intent_level)},
          {"stage", before.stage},
          {"language", before.language},
          {"region", before.region},
          {"page_type", before.page_type},
          {"source", to_string(before.source)},
          {"device", to_string(exposure.device)},
          {"hour_of_week", before.hour_of_week},
          {"visit", exposure.visit_number},
          {"orders", exposure.prior_orders},
          {"value_minor", exposure.prior_value_minor},
          {"days_since_order", before.days_since_order}};
}

json::object follow_up_json(const FollowUp& after) {
  json::array visits, orders;
  for (std::size_t day = 0; day < kFollowedDays; ++day) {
    if (after.visit_days.has(day)) visits.push_back(day);
    if (after.order_days.has(day)) orders.push_back(day);
  }
  return {{"visit_days", std::move(visits)},
          {"order_days", std::move(orders)},
          {"orders", after.orders},
          {"value_minor", json::array(after.value_minor.begin(), after.value_minor.end())},
          {"margin_orders", after.margin_orders},
          {"margin_minor", after.margin_minor},
          {"refunds", after.refunds},
          {"refund_minor", after.refund_minor},
          {"returns", after.returns},
          {"full_price_day", static_cast<std::int64_t>(after.full_price_day) - 1},
          {"unsubscribes", after.unsubscribes},
          {"complaints", after.complaints},
          {"dismissed", after.dismissed},
          {"ignored", after.ignored},
          {"ratings", after.ratings},
          {"rating_milli", after.rating_milli},
          {"recall_asked", after.recall_asked},
          {"recalled", after.recalled},
          {"withdrew", after.withdrew},
          {"again_day", static_cast<std::int64_t>(after.again_day) - 1}};
}

json::array exposures_json(const Core& core, const ExperimentBook& book) {
  json::array out;
  for (const Exposure& exposure : core.exposures) {
    const Experiment* experiment = book.find(exposure.experiment);
    out.push_back({{"moment", experiment == nullptr ? std::string() : experiment->moment},
                   {"at", format_time(exposure.at)},
                   {"treated", exposure.treated},
                   {"variant", exposure.variant},
                   {"crossover", exposure.crossover},
                   {"of_account", exposure.account != 0},
                   {"slot", to_string(exposure.slot)},
                   {"before", covariates_json(exposure)},
                   {"after", follow_up_json(exposure.follow_up)}});
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

// What happened was nobody's behaviour, or came too fast for a person: it is no evidence, and
// decide answers with defaults. Null: a person's.
json::value taken_for(const Record* happened, const Pace& pace, Time now) {
  if (happened != nullptr && happened->has(record_flags::kBot)) return "bot";
  if (happened != nullptr && happened->has(record_flags::kStaff)) return "staff";
  return pace.is_broken(now) ? json::value("pace") : json::value(nullptr);
}

// Of who withdrew the live view keeps the choice, and says nothing of what they did.
void leave_out_behaviour(json::object& picture) {
  for (const char* list : {"happened", "intents", "signals"}) picture[list] = json::array{};
  for (const char* one : {"leading", "taken_for"}) picture[one] = nullptr;
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
                  .bucket_id = core.serving_bucket()};
  IntentPicture picture = infer(view);
  if (core.holds_sensitive) {  // nothing of what led here is named
    for (IntentScore& score : picture.scores) score.hits.clear();
  }
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
                   {"signals", core.holds_sensitive ? json::array() : signals_json(view)},
                   {"cart", cart_json(core)}};
  out["leading"] =
      picture.leading < 0
          ? json::value(nullptr)
          : json::value(playbook.intents[static_cast<std::size_t>(picture.leading)].id);
  return out;
}

void add_known(json::object& picture, const Visitor& visitor, const PlaybookState& state,
               Time now) {
  const Playbook& playbook = *state.playbook;
  const Core& core = visitor.profile.core;
  static const Surroundings kNowhere;
  static const Product kNothing;
  const View view{.profile = visitor.profile,
                  .playbook = playbook,
                  .now = now,
                  .where = kNowhere,
                  .product = kNothing,
                  .category = {},
                  .weather = {},
                  .consent = consent_context(0, {}, playbook, now),
                  .bucket_id = core.serving_bucket()};
  picture["ids"] = ids_json(core);
  picture["more_ids"] = core.ids.size() >= Core::kMaxIds;
  picture["account"] = core.account;
  picture["facts"] = facts_json(view);
  picture["orders"] = orders_json(core);
  picture["tickets"] = tickets_json(core);
  picture["exposures"] = exposures_json(core, state.experiments);
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
  picture["taken_for"] = taken_for(happened, core.pace, now);
  if (withdrawn) leave_out_behaviour(picture);
  LiveUpdate update{"visitor", core.anonymous_id(), to_string(picture)};
  shard.when_durable([&live, update = std::move(update)](const Status& status) {
    if (status.has_value()) live.publish(update);
  });
}

}  // namespace tact
