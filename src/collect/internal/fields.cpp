#include "collect/internal/fields.h"

#include <algorithm>
#include <optional>

#include "collect/collect.h"
#include "collect/internal/local_time.h"
#include "collect/internal/money.h"
#include "collect/internal/text.h"

namespace tact::internal {
namespace {

constexpr std::int64_t kMaxQuantity = 1'000'000;

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* value = find_member(object, key);
  if (value == nullptr) return {};
  if (value->is_string()) return cut(value->get_string(), kMaxTextBytes);
  return text_or_integer(*value).value_or(std::string());
}

// The first of `keys` that is present and not empty.
std::string first_text(const json::object& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (std::string text = text_at(object, key); !text.empty()) return text;
  }
  return {};
}

std::string category_at(const json::object& object) {
  const json::value* value = find_member(object, "category");
  return value == nullptr ? std::string() : cut(category_of(*value), kMaxTextBytes);
}

// A product id is a key of state: it is refused rather than cut.
Status read_product_id(const json::object& object, bool with_id, std::string_view where,
                       std::string& out) {
  for (const std::string_view key : {"product_id", "sku", "id"}) {
    if (key == "id" && !with_id) break;
    const json::value* value = find_member(object, key);
    if (value == nullptr) continue;
    std::string id = text_or_integer(*value).value_or(std::string());
    if (id.size() > kMaxIdBytes) {
      return make_error(ErrorCode::kInvalid,
                        "must not be over " + std::to_string(kMaxIdBytes) + " bytes",
                        member_path(where, key));
    }
    if (id.empty()) continue;
    out = std::move(id);
    return ok();
  }
  return ok();
}

Status read_products(const json::object& properties, int digits, Event& event) {
  const bool about_product = event.name.find("Product") != std::string::npos;
  TACT_ASSIGN(Product subject, read_product(properties, about_product, "properties", digits));
  if (const json::object* object = object_at(properties, "product"); object && subject.id.empty()) {
    TACT_ASSIGN(subject, read_product(*object, true, "properties.product", digits));
    if (subject.category.empty()) subject.category = category_at(properties);
  }
  if (!subject.id.empty()) {
    event.products.push_back(std::move(subject));
  } else {
    event.category = category_at(properties);
  }
  const json::array* list = array_at(properties, "products");
  if (list == nullptr) return ok();
  if (list->size() + event.products.size() > kMaxProducts) {
    return make_error(ErrorCode::kTooLarge, "over " + std::to_string(kMaxProducts) + " products",
                      "properties.products");
  }
  const std::string subject_id = event.products.empty() ? std::string() : event.products[0].id;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const json::object* object = (*list)[i].if_object();
    if (object == nullptr) continue;
    const std::string where = "properties.products[" + std::to_string(i) + "]";
    TACT_ASSIGN(Product product, read_product(*object, true, where, digits));
    if (product.id.empty() || product.id == subject_id) continue;
    event.products.push_back(std::move(product));
  }
  return ok();
}

// `value` is also what a slider or a web vital reports: only total and revenue are surely amounts.
Status read_value(const json::object& properties, int digits, Event& event) {
  for (const std::string_view key : {"total", "revenue"}) {
    TACT_ASSIGN(const auto amount,
                read_amount(find_member(properties, key), digits, "properties", key));
    if (!amount) continue;
    event.value_minor = *amount;
    return ok();
  }
  const auto value = read_amount(find_member(properties, "value"), digits, "properties", "value");
  if (value.has_value()) event.value_minor = value->value_or(0);
  return ok();
}

// An amount that may be negative; nullopt where none is told, or none that can be.
std::optional<std::int64_t> signed_amount(const json::object& object, std::string_view key,
                                          int digits) {
  const json::value* value = find_member(object, key);
  if (value == nullptr) return std::nullopt;
  const std::string text = value->is_string()   ? std::string(value->get_string())
                           : value->is_number() ? json::serialize(*value)
                                                : std::string();
  const bool negative = text.starts_with('-');
  const json::value size(text.substr(negative ? 1 : 0));
  const auto amount = read_amount(&size, digits, {}, key);
  if (!amount.has_value() || !*amount) return std::nullopt;
  return negative ? -**amount : **amount;
}

// Of an order whose products all say their price and cost, less its discount.
std::optional<std::int64_t> margin_of_products(const json::object& properties, int digits) {
  const json::array* list = array_at(properties, "products");
  if (list == nullptr || list->empty()) return std::nullopt;
  std::int64_t margin = 0;
  for (const json::value& item : *list) {
    const json::object* product = item.if_object();
    if (product == nullptr) return std::nullopt;
    const auto price = signed_amount(*product, "price", digits);
    const auto cost = signed_amount(*product, "cost", digits);
    if (!price || !cost) return std::nullopt;
    const std::int64_t pieces =
        product->contains("quantity") ? signed_amount(*product, "quantity", 0).value_or(0) : 1;
    std::int64_t earned = 0;
    if (__builtin_mul_overflow(*price - *cost, pieces, &earned) ||
        __builtin_add_overflow(margin, earned, &margin))
      return std::nullopt;
  }
  return margin - signed_amount(properties, "discount", digits).value_or(0);
}

// Did a discount or a coupon lower it? Who never speaks of either has told nothing.
OrderPrice price_of(const json::object& properties, int digits) {
  const auto discount = signed_amount(properties, "discount", digits);
  const bool lowered = discount.value_or(0) > 0 || !text_at(properties, "coupon").empty();
  if (lowered) return OrderPrice::kDiscounted;
  return discount || properties.contains("coupon") ? OrderPrice::kFull : OrderPrice::kUntold;
}

// What only reports look at. Whatever cannot be read is not told: it must not cost the event.
void read_outcome(const json::object& properties, int digits, Event& event) {
  if (event.type != EventType::kTrack) return;
  if (event.name == "Survey Answered") {
    constexpr int kMilli = 3;
    const auto score = signed_amount(properties, "score", kMilli);
    event.has_score = score.has_value();
    event.score_milli = score.value_or(0);
  }
  if (event.name != "Order Completed") return;
  event.price = price_of(properties, digits);
  auto margin = signed_amount(properties, "margin", digits);
  if (!margin) margin = margin_of_products(properties, digits);
  event.has_margin = margin.has_value();
  event.margin_minor = margin.value_or(0);
}

// A count of whole units, at least 0; anything else is 0.
std::int64_t count_at(const json::object& object, std::string_view key, std::int64_t max) {
  const auto value = read_amount(find_member(object, key), 0, {}, key);
  return value.has_value() ? std::min(value->value_or(0), max) : 0;
}

// A day alone is kept to its end where the site is.
Time promised_at(const json::object& properties, const Site& site) {
  const std::string text = first_text(properties, {"delivery_promised", "deliveryPromised"});
  const auto at = parse_time(text);
  constexpr std::size_t kDayOnly = 10;  // 2026-11-24
  if (!at) return Time{};
  return text.size() == kDayOnly ? end_of_local_day(*at, site.time_zone) : *at;
}

}  // namespace

Result<Product> read_product(const json::object& object, bool with_id, std::string_view where,
                             int minor_digits) {
  Product product;
  TACT_TRY(read_product_id(object, with_id, where, product.id));
  product.category = category_at(object);
  product.brand = text_at(object, "brand");
  TACT_ASSIGN(const auto price,
              read_amount(find_member(object, "price"), minor_digits, where, "price"));
  product.price_minor = price.value_or(0);
  TACT_ASSIGN(const auto quantity,
              read_amount(find_member(object, "quantity"), 0, where, "quantity"));
  if (quantity.value_or(1) > kMaxQuantity) {
    return make_error(ErrorCode::kInvalid, "must not be over 1,000,000",
                      member_path(where, "quantity"));
  }
  product.quantity = static_cast<std::uint32_t>(quantity.value_or(1));
  return product;
}

Status read_fields(const json::object& properties, const Site& site, Event& event) {
  const int digits = site.minor_digits;
  TACT_TRY(read_products(properties, digits, event));
  TACT_TRY(read_value(properties, digits, event));
  event.query = text_at(properties, "query");
  event.order_id = first_text(properties, {"order_id", "orderId"});
  event.ticket = first_text(properties, {"ticket_id", "ticketId"});
  event.due = promised_at(properties, site);
  event.seconds = static_cast<std::uint32_t>(count_at(properties, "seconds", 0xFFFF'FFFF));
  event.scroll_percent = static_cast<std::uint8_t>(count_at(properties, "scroll_percent", 100));
  event.decision = text_at(properties, "decision");
  if (const auto request = text_at(properties, "request");
      event.decision.empty() && !request.empty())
    event.decision = std::string(kOfRequest) + request;
  event.answer = first_text(properties, {"reason", "answer"});
  event.form = text_at(properties, "form");
  event.field = text_at(properties, "field");
  event.question = text_at(properties, "question");
  read_outcome(properties, digits, event);
  return ok();
}

}  // namespace tact::internal
