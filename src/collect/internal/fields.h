// The typed fields of an event, out of the properties that Segment's e-commerce spec v2 and our SDK
// name. Members of a type that says nothing (a price "free") count as absent.
#pragma once

#include <array>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "event/event.h"
#include "playbook/playbook.h"

namespace tact::internal {

// Properties that mean something to Tact: below, and to page_of (collect.cpp). An allow-list of
// properties (`keep_properties`) is about all others.
inline constexpr std::array<std::string_view, 33> kTypedProperties = {"product_id",
                                                                      "sku",
                                                                      "id",
                                                                      "category",
                                                                      "price",
                                                                      "quantity",
                                                                      "product",
                                                                      "products",
                                                                      "total",
                                                                      "revenue",
                                                                      "value",
                                                                      "query",
                                                                      "order_id",
                                                                      "orderId",
                                                                      "seconds",
                                                                      "decision",
                                                                      "request",
                                                                      "reason",
                                                                      "answer",
                                                                      "scroll_percent",
                                                                      "form",
                                                                      "field",
                                                                      "question",
                                                                      "url",
                                                                      "path",
                                                                      "search",
                                                                      "referrer",
                                                                      "type",
                                                                      "brand",
                                                                      "ticket_id",
                                                                      "ticketId",
                                                                      "delivery_promised",
                                                                      "deliveryPromised"};

// {product_id | sku | id, category, brand, price, quantity}; the id empty if none is given.
// with_id: whether a plain `id` counts. `where` is put before the names in errors.
Result<Product> read_product(const json::object& object, bool with_id, std::string_view where,
                             int minor_digits);

// Fills products, category, query, order_id, value_minor, seconds, scroll_percent, decision,
// answer, form, field, question of `event`, whose type and name are set.
Status read_fields(const json::object& properties, const Site& site, Event& event);

}  // namespace tact::internal
