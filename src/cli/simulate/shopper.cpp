#include "cli/simulate/shopper.h"

#include <algorithm>

namespace tact::cli {
namespace {

constexpr double kVisible = 0.9, kClicked = 0.12, kDismissed = 0.03;
constexpr std::string_view kSite = "https://shop.example";

json::object product_of(const Item& item) {
  return {
      {"product_id", item.id}, {"category", item.category}, {"price", item.price}, {"quantity", 1}};
}

bool carries_products(std::string_view event) {
  return event == "Cart Viewed" || event == "Checkout Started" || event == "Order Completed";
}

// What the shop says of an event (web/shop/src).
json::object properties_of(const Step& step, std::string_view event) {
  json::object properties;
  if (event == "Product List Viewed" || event == "Product List Filtered") {
    properties["list_id"] = step.category;
    properties["category"] = step.category;
  } else if (event == "Products Searched") {
    properties["query"] = step.query;
  } else if (event == "Reviews Read") {
    properties["about"] = "fit";
  }
  if (step.item == nullptr) return properties;
  if (carries_products(event)) {
    properties["products"] = json::array{product_of(*step.item)};
    properties["value"] = step.item->price;
  } else {
    for (auto& [key, value] : product_of(*step.item)) properties[key] = value;
  }
  return properties;
}

json::object page_properties(const Step& page) {
  json::object out{
      {"type", page.type}, {"path", page.path}, {"url", std::string(kSite) + page.path}};
  if (page.type == "product") out["product_id"] = page.item->id;
  if (!page.category.empty()) out["category"] = page.category;
  return out;
}

json::object page_of_question(const Step& page) {
  json::object out{{"url", std::string(kSite) + page.path}, {"type", page.type}};
  if (page.type == "product") {
    out["product"] = {{"id", page.item->id},
                      {"category", json::array{page.item->category, page.item->use}},
                      {"price", page.item->price}};
  } else if (!page.category.empty()) {
    out["category"] = page.category;
  }
  return out;
}

}  // namespace

// --- Wire ---------------------------------------------------------------------------------------

Result<std::string> Wire::post(std::string_view target, const json::object& body, Time at) {
  ++requests_;
  TACT_ASSIGN(ClientResponse response,
              client_.post(target, json::serialize(body),
                           {{"Content-Type", "text/plain"}, {"Tact-Time", format_time(at)}}));
  if (response.status == 200) return std::move(response.body);
  return make_error(response.status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kInvalid,
                    "the server answered " + std::to_string(response.status) + ": " +
                        response.body.substr(0, 300),
                    std::string(target));
}

Result<json::object> Wire::decide(json::object body, Time at) {
  body["writeKey"] = write_key_;
  body["sentAt"] = format_time(at);
  TACT_ASSIGN(const std::string answer, post("/v1/decide", body, at));
  TACT_ASSIGN(json::value parsed, parse_json(answer));
  if (parsed.is_object()) return std::move(parsed.get_object());
  return make_error(ErrorCode::kInvalid, "the answer is no JSON object", "/v1/decide");
}

Status Wire::batch(json::array events, Time at) {
  if (events.empty()) return ok();
  const json::object body{
      {"writeKey", write_key_}, {"sentAt", format_time(at)}, {"batch", std::move(events)}};
  TACT_ASSIGN(const std::string answer, post("/v1/batch", body, at));
  if (answer.find("\"rejected\"") == std::string::npos) return ok();
  return make_error(ErrorCode::kInternal,
                    "the server rejected a simulated event: " + answer.substr(0, 300));
}

// --- Shopper ------------------------------------------------------------------------------------

Shopper::Shopper(VisitorPlan plan, const Planted& planted)
    : plan_(std::move(plan)), planted_(planted) {}

Time Shopper::step_time() const {
  const Visit& visit = plan_.visits[visit_];
  if (step_ == 0) return visit.at;
  return last_step_ + (step_ < visit.steps.size() ? visit.steps[step_].after : kTick);
}

std::optional<Time> Shopper::due() const {
  std::optional<Time> due;
  if (visit_ < plan_.visits.size()) due = step_time();
  for (const Return& back : returns_) due = due ? std::min(*due, back.at) : back.at;
  return due;
}

bool Shopper::consents() const {
  return plan_.choice == Choice::kGranted || (plan_.choice == Choice::kWithdraws && visit_ == 0);
}

json::object Shopper::context() const {
  const bool yes = consents();
  return {{"locale", plan_.locale},
          {"timezone", "Europe/Berlin"},
          {"device", {{"type", plan_.device}}},
          {"library", {{"name", "tact-simulate"}}},
          {"page", {{"path", page_.path}, {"url", std::string(kSite) + page_.path}}},
          {"consent", {{"categoryPreferences", {{"personalization", yes}, {"analytics", yes}}}}}};
}

json::object Shopper::event(std::string_view type, std::string_view name, json::object properties,
                            Time at) {
  return {{"type", type},
          {"messageId", plan_.anonymous_id + "-" + std::to_string(++message_number_)},
          {"anonymousId", plan_.anonymous_id},
          {"timestamp", format_time(at)},
          {type == "page" ? "name" : "event", name},
          {"properties", std::move(properties)},
          {"context", context()}};
}

Status Shopper::step(Wire& wire) {
  const Time at = *due();
  for (auto back = returns_.begin(); back != returns_.end(); ++back) {
    if (back->at != at) continue;
    json::array events{event("track", "Order Refunded", back->order, at)};
    returns_.erase(back);
    ++books_.sent_back;
    books_.events += 1;
    return wire.batch(std::move(events), at);
  }
  const Visit& visit = plan_.visits[visit_];
  if (step_ == 0) TACT_TRY(begin_visit(wire, at));
  if (step_ == visit.steps.size()) {
    TACT_TRY(leave_page(wire, at));
    end_visit();
    return ok();
  }
  last_step_ = at;
  const Step& step = visit.steps[step_++];
  return step.checkout ? decide_to_order(wire, step, at) : browse(wire, step, at);
}

Status Shopper::begin_visit(Wire& wire, Time at) {
  const Visit& visit = plan_.visits[visit_];
  small_draws_ = Rng(visit.small_draws);
  helps_.clear();
  chance_factor_ = 1.0;
  helped_this_visit_ = false;
  page_ = Step{};
  ++books_.visits;
  if (!consents()) ++books_.visits_without_consent;
  const bool withdraws = plan_.choice == Choice::kWithdraws && visit_ == 1;
  const bool grants = plan_.choice != Choice::kNever && visit_ == 0;
  if (!withdraws && !grants) return ok();
  ++books_.events;
  return wire.batch({event("track", "Segment Consent Preference Updated", {}, at)}, at);
}

void Shopper::end_visit() {
  if (helped_this_visit_) ++books_.visits_with_help;
  ++visit_;
  step_ = 0;
}

// Page Left, and of every decision on the page whether it was really visible.
Status Shopper::leave_page(Wire& wire, Time at) {
  const std::vector<Decided> decided = std::move(decided_);
  decided_.clear();
  if (page_.type.empty() || !consents()) return ok();
  json::array events;
  for (const Decided& one : decided) {
    const json::object about{{"decision", one.id}, {"slot", one.slot}};
    events.push_back(event("track", one.visible ? "Message Seen" : "Message Not Seen", about, at));
    if (one.clicked) events.push_back(event("track", "Message Clicked", about, at));
    if (!one.dismissed) continue;
    json::object dismissal = about;
    dismissal["reason"] = "not_now";
    events.push_back(event("track", "Message Dismissed", std::move(dismissal), at));
  }
  json::object left = page_properties(page_);
  left["seconds"] = std::chrono::duration_cast<std::chrono::seconds>(at - page_since_).count();
  left["scroll_percent"] = 60;
  events.push_back(event("track", "Page Left", std::move(left), at));
  books_.events += events.size();
  return wire.batch(std::move(events), at);
}

Status Shopper::browse(Wire& wire, const Step& step, Time at) {
  json::array events;
  if (!step.type.empty()) {
    TACT_TRY(leave_page(wire, at));
    page_ = step;
    page_since_ = at;
    events.push_back(event("page", step.type, page_properties(step), at));
  }
  if (!step.event.empty())
    events.push_back(event("track", step.event, properties_of(step, step.event), at));
  if (!consents()) events.clear();
  books_.events += events.size();
  if (step.slots.empty()) return wire.batch(std::move(events), at);
  return ask(wire, step, std::move(events), at);
}

Status Shopper::ask(Wire& wire, const Step& step, json::array events, Time at) {
  json::array slots;
  for (const std::string_view slot : step.slots) slots.emplace_back(slot);
  json::object body{{"requestId", plan_.anonymous_id + "-r" + std::to_string(++message_number_)},
                    {"page", page_of_question(page_)},
                    {"context", context()},
                    {"slots", std::move(slots)}};
  if (consents()) {
    body["visitor"] = {{"anonymousId", plan_.anonymous_id}};
    body["events"] = std::move(events);
  }
  TACT_ASSIGN(const json::object answer, wire.decide(std::move(body), at));
  const json::array* decisions = array_at(answer, "decisions");
  for (const std::string_view slot : step.slots) {
    // Drawn whatever the answer is, so that answers do not move later draws.
    const bool visible = small_draws_.chance(kVisible);
    const bool clicked = small_draws_.chance(kClicked), dismissed = small_draws_.chance(kDismissed);
    for (const json::value& decision : decisions == nullptr ? json::array{} : *decisions) {
      const json::object* one = decision.if_object();
      if (one == nullptr || string_at(*one, "slot") != slot) continue;
      take(*one, visible, clicked, dismissed && !clicked, at);
    }
  }
  return ok();
}

void Shopper::take(const json::object& decision, bool visible, bool clicked, bool dismissed,
                   Time at) {
  const json::object* show = object_at(decision, "show");
  if (show != nullptr) {
    ++books_.shown;
    helped_this_visit_ = true;
    const auto moment = planted_.moment_of_message.find(std::string(string_at(*show, "message")));
    if (moment != planted_.moment_of_message.end() && consents()) {
      first_shown_.emplace(moment->second, at);
      books_.moments.emplace(moment->second, MomentTruth{});
      const auto effect = planted_.effects.find(moment->second);
      if (visible && effect != planted_.effects.end() && helps_.insert(moment->second).second) {
        chance_factor_ *= 1.0 + effect->second;
      }
    }
  }
  const std::string_view id = string_at(decision, "id");
  if (id.empty()) return;
  const bool acts = show != nullptr && visible;
  decided_.push_back({std::string(id), std::string(string_at(decision, "slot")), visible,
                      acts && clicked, acts && dismissed});
}

void Shopper::count_order(Time at, std::uint64_t ShopperBooks::* all,
                          std::uint64_t MomentTruth::* of_moment) {
  ++(books_.*all);
  for (auto& [moment, truth] : books_.moments) {
    const Time since = first_shown_.at(moment);
    if (at >= since && at < since + planted_.outcome_window) ++(truth.*of_moment);
  }
}

// The same draw decides with and without help: the difference is what the help caused.
Status Shopper::decide_to_order(Wire& wire, const Step& step, Time at) {
  const Visit& visit = plan_.visits[visit_];
  const bool again = plan_.wish == Wish::kReturning;
  if (visit.order_draw < visit.order_chance && (again || !would_have_ordered_)) {
    would_have_ordered_ = true;
    count_order(at, &ShopperBooks::orders_without, &MomentTruth::orders_without);
  }
  if (visit.order_draw >= visit.order_chance * chance_factor_ || (ordered_ && !again)) return ok();
  ordered_ = true;
  count_order(at, &ShopperBooks::orders, &MomentTruth::orders);
  if (!consents()) return ok();
  TACT_TRY(leave_page(wire, at));
  page_ = Step{.type = "thanks", .path = "/demo/checkout/thank-you"};
  page_since_ = at;
  json::object order = properties_of(step, "Order Completed");
  order["order_id"] = plan_.anonymous_id + "-o" + std::to_string(visit_);
  order["total"] = step.item->price;
  order["currency"] = "EUR";
  if (visit.sent_back) returns_.push_back({at + *visit.sent_back, order});
  books_.events += 2;
  return wire.batch({event("page", "thanks", page_properties(page_), at),
                     event("track", "Order Completed", std::move(order), at)},
                    at);
}

}  // namespace tact::cli
