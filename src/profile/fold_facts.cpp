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
  if (!state && event.name != "Order Updated") return;
  const auto order = std::find_if(core.orders.begin(), core.orders.end(), [&](const Order& known) {
    return !event.order_id.empty() && known.id == event.order_id;
  });
  if (order == core.orders.end()) return;
  if (event.due != Time{}) order->due = event.due;
  // Of two at the same instant the later state stays, so that their order does not matter.
  if (!state || std::tie(at, *state) < std::tie(order->state_at, order->state)) return;
  order->state = *state;
  order->state_at = at;
}

void ticket(Core& core, const Event& event, Time at) {
  const auto state = state_named(kTicketEvents, event.name);
  if (state && !event.ticket.empty()) core.note({.id = event.ticket, .state = *state, .at = at});
}

}  // namespace fold_parts
}  // namespace tact
