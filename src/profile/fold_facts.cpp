// What sources say of the visitor, and what becomes of orders and tickets.
#include <algorithm>
#include <array>
#include <tuple>

#include "profile/internal/fold_parts.h"

namespace tact {
namespace {

auto key_of(const KnownFact& fact) { return std::tie(fact.name, fact.origin, fact.enriched); }

// The state that `name` means, or nullopt.
template <typename State, std::size_t N>
std::optional<State> state_named(const std::array<std::pair<std::string_view, State>, N>& names,
                                 std::string_view name) {
  for (const auto& [event, state] : names) {
    if (name == event) return state;
  }
  return std::nullopt;
}

constexpr std::array<std::pair<std::string_view, OrderState>, 5> kOrderEvents = {
    {{"Order Shipped", OrderState::kShipped},
     {"Order Delivered", OrderState::kDelivered},
     {"Order Returned", OrderState::kReturned},
     {"Order Refunded", OrderState::kReturned},
     {"Order Cancelled", OrderState::kCancelled}}};

constexpr std::array<std::pair<std::string_view, TicketState>, 3> kTicketEvents = {
    {{"Ticket Opened", TicketState::kOpen},
     {"Ticket Solved", TicketState::kSolved},
     {"Ticket Reopened", TicketState::kReopened}}};

}  // namespace

std::string_view to_string(OrderState state) {
  constexpr std::array<std::string_view, 5> kNames = {"placed", "shipped", "delivered", "returned",
                                                      "cancelled"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string_view to_string(TicketState state) {
  constexpr std::array<std::string_view, 3> kNames = {"open", "solved", "reopened"};
  return kNames[static_cast<std::size_t>(state)];
}

// Of two told for the same instant the greater value stays, so that their order does not matter.
void Core::learn(KnownFact fact) {
  const auto place =
      std::lower_bound(facts.begin(), facts.end(), fact,
                       [](const auto& a, const auto& b) { return key_of(a) < key_of(b); });
  if (place != facts.end() && key_of(*place) == key_of(fact)) {
    if (std::tie(fact.at, fact.value) > std::tie(place->at, place->value)) *place = std::move(fact);
    return;
  }
  facts.insert(place, std::move(fact));
  if (facts.size() <= kMaxFacts) return;
  facts.erase(std::min_element(facts.begin(), facts.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.at, key_of(a)) < std::tuple(b.at, key_of(b));
  }));
}

void Core::note(Ticket ticket) {
  const auto same = std::find_if(tickets.begin(), tickets.end(),
                                 [&](const Ticket& t) { return t.id == ticket.id; });
  if (same == tickets.end()) {
    tickets.push_back(std::move(ticket));
  } else if (std::tie(ticket.at, ticket.state) > std::tie(same->at, same->state)) {
    *same = std::move(ticket);
  }
  std::sort(tickets.begin(), tickets.end(), [](const Ticket& a, const Ticket& b) {
    return std::tie(a.at, a.id) < std::tie(b.at, b.id);
  });
  if (tickets.size() > kMaxTickets) tickets.erase(tickets.begin());
}

// Of two at the same instant the later state stays, so that their order does not matter.
void Order::learn(const EarlyOrderState& told) {
  if (told.due != Time{}) due = told.due;
  if (!told.has_state || std::tie(told.at, told.state) < std::tie(state_at, state)) return;
  state = told.state;
  state_at = told.at;
}

void Core::note(EarlyOrderState told) {
  const auto order = std::find_if(orders.begin(), orders.end(),
                                  [&](const Order& own) { return own.id == told.order; });
  if (order != orders.end()) return order->learn(told);
  if (!told.has_state && told.due == Time{}) return;  // says nothing
  const auto same = std::find_if(early.begin(), early.end(), [&](const EarlyOrderState& own) {
    return own.order == told.order;
  });
  if (same == early.end()) {
    early.push_back(std::move(told));
  } else {
    if (told.due != Time{}) same->due = told.due;
    const auto rank = [](const EarlyOrderState& e) { return std::tie(e.has_state, e.at, e.state); };
    if (rank(told) > rank(*same)) {
      told.due = same->due;
      *same = std::move(told);
    }
  }
  std::sort(early.begin(), early.end(), [](const EarlyOrderState& a, const EarlyOrderState& b) {
    return std::tie(a.at, a.order) < std::tie(b.at, b.order);
  });
  if (early.size() > kMaxEarly) early.erase(early.begin());
}

void Core::note(const Form& form) {
  const auto same = std::find_if(forms.begin(), forms.end(),
                                 [&](const Form& own) { return own.name == form.name; });
  if (same == forms.end()) {
    forms.push_back(form);
  } else {
    same->started = std::max(same->started, form.started);
    same->sent = std::max(same->sent, form.sent);
  }
  std::sort(forms.begin(), forms.end(), [](const Form& a, const Form& b) {
    return std::tuple(a.latest(), a.name) < std::tuple(b.latest(), b.name);
  });
  if (forms.size() > kMaxForms) forms.erase(forms.begin());
}

namespace fold_parts {

void facts(Core& core, const Event& event, Time at) {
  for (const FactValue& fact : event.facts) {
    core.learn({.name = fact.name,
                .value = fact.value,
                .origin = event.origin,
                .enriched = event.enriched,
                .at = at});
  }
}

void order_state(Core& core, const Event& event, Time at) {
  const auto state = state_named(kOrderEvents, event.name);
  if ((!state && event.name != "Order Updated") || event.order_id.empty()) return;
  core.note(EarlyOrderState{.order = event.order_id,
                            .has_state = state.has_value(),
                            .state = state.value_or(OrderState::kPlaced),
                            .at = at,
                            .due = event.due});
}

void ticket(Core& core, const Event& event, Time at) {
  const auto state = state_named(kTicketEvents, event.name);
  if (state && !event.ticket.empty()) core.note({.id = event.ticket, .state = *state, .at = at});
}

void form(Core& core, const Event& event, Time at) {
  if (event.name == "Form Started") core.note(Form{.name = event.form, .started = at, .sent = {}});
  if (event.name == "Form Submitted")
    core.note(Form{.name = event.form, .started = {}, .sent = at});
}

}  // namespace fold_parts
}  // namespace tact
