// Interests, cart and orders.
#include <algorithm>
#include <tuple>

#include "profile/internal/fold_parts.h"

namespace tact::fold_parts {
namespace {

bool is_view(const Event& event) {
  return event.type == EventType::kTrack &&
         (event.name == "Product Viewed" || event.name == "Product List Viewed");
}

// Categories and brands are what product and list views are about; topics, pages.
void note_interests(Core& core, const Event& event, Time at) {
  if (event.type == EventType::kPage || event.type == EventType::kScreen)
    core.note_interest(InterestKind::kTopic, event.where.topic, at);
  if (!is_view(event)) return;
  core.note_interest(InterestKind::kCategory, event.subject_category(), at);
  if (!event.products.empty())
    core.note_interest(InterestKind::kBrand, event.products[0].brand, at);
}

auto find_in_cart(Core& core, std::string_view id) {
  return std::find_if(core.cart.begin(), core.cart.end(),
                      [&](const Product& p) { return p.id == id; });
}

void add_to_cart(Core& core, const Product& product) {
  if (product.id.empty()) return;
  const auto same = find_in_cart(core, product.id);
  if (same != core.cart.end()) {
    same->quantity += std::max(product.quantity, 1U);
  } else if (core.cart.size() < Core::kMaxCart) {
    core.cart.push_back(product);
  }
}

void remove_from_cart(Core& core, const Product& product) {
  const auto same = find_in_cart(core, product.id);
  if (same == core.cart.end()) return;
  if (same->quantity > product.quantity) {
    same->quantity -= product.quantity;
  } else {
    core.cart.erase(same);
  }
}

// What may be known of the event's products. The mark and the brand stay in the log: a Core has no
// place for them.
std::vector<Product> usable_products(const Event& event, bool usable) {
  std::vector<Product> products;
  for (const Product& product : event.products) {
    if (product.sensitive && !usable) continue;
    products.push_back(product);
    products.back().sensitive = false;
    products.back().brand.clear();
  }
  return products;
}

void note_cart(Core& core, const Event& event, const std::vector<Product>& products, Time at) {
  if (at < core.cart_changed) return;  // a late event does not undo what came after it
  if (event.name == "Product Added") {
    for (const Product& product : products) add_to_cart(core, product);
  } else if (event.name == "Product Removed") {
    for (const Product& product : products) remove_from_cart(core, product);
  } else if (event.name == "Cart Viewed" && !event.products.empty()) {
    core.cart.clear();
    for (const Product& product : products) add_to_cart(core, product);
  } else if (event.name == "Order Completed") {
    core.cart.clear();
  } else {
    return;
  }
  core.cart_changed = at;
}

void note_order(Core& core, const Event& event, std::vector<Product> products, Time at) {
  if (event.name != "Order Completed") return;
  const bool again = !event.order_id.empty() &&
                     std::any_of(core.orders.begin(), core.orders.end(),
                                 [&](const Order& order) { return order.id == event.order_id; });
  if (again) return;
  ++core.orders_total;
  core.value_total_minor = add_saturated(core.value_total_minor, event.value_minor);
  Order order{.at = at,
              .id = event.order_id,
              .value_minor = event.value_minor,
              .products = std::move(products),
              .state_at = at,
              .due = event.due};
  if (order.products.size() > Core::kMaxOrderProducts)
    order.products.resize(Core::kMaxOrderProducts);
  const auto place = std::upper_bound(core.orders.begin(), core.orders.end(), at,
                                      [](Time t, const Order& o) { return t < o.at; });
  for (auto early = core.early.begin(); early != core.early.end(); ++early) {
    if (order.id.empty() || early->order != order.id) continue;
    order.learn(*early);
    core.early.erase(early);
    break;
  }
  core.orders.insert(place, std::move(order));
  if (core.orders.size() > Core::kMaxOrders) core.orders.erase(core.orders.begin());
}

}  // namespace

void commerce(Core& core, const Event& event, Time at, bool usable) {
  if (usable) note_interests(core, event, at);
  if (event.type != EventType::kTrack) return;
  std::vector<Product> products = usable_products(event, usable);
  note_cart(core, event, products, at);
  note_order(core, event, std::move(products), at);
  order_state(core, event, at);
  ticket(core, event, at);
  if (usable) form(core, event, at);
}

}  // namespace tact::fold_parts
