// What tests of the engine say to it: the shop's playbook, and what its visitors do.
#pragma once

#include <string>
#include <utility>

#include "engine/engine.h"
#include "event/event.h"
#include "playbook/compile.h"

namespace tact::engine_test {

inline void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// Nobody is held back, so that what is decided depends on behaviour alone. Read from the
// repository's root.
inline Result<PlaybookFiles> shop_without_hold_backs() {
  TACT_ASSIGN(PlaybookFiles files, read_playbook_folder("playbooks/shop"));
  for (auto& [name, text] : files) {
    replace_all(text, "hold_back: 5%", "hold_back: 0%");
    replace_all(text, "hold_back: 10%", "hold_back: 0%");
  }
  return files;
}

inline Record record_of(Event body, Time at) {
  Record record;
  record.received_at = at;
  record.event_time = at;
  record.flags = record_flags::kBasisGranted;
  record.body = std::move(body);
  return record;
}

// What the page of a shoe asks.
inline DecideRequest question(const std::string& visitor, const std::string& product) {
  DecideRequest request;
  request.identity.anonymous_id = visitor;
  request.slots = {"product.reassurance"};
  request.where.page_type = "product";
  request.where.path = "/demo/p/" + product;
  request.where.locale = "en";
  request.product = {.id = product, .category = "shoes/trail", .price_minor = 12900};
  request.flags = record_flags::kBasisGranted;
  return request;
}

// Events with message ids of their own.
class EventMaker {
 public:
  // A page about the product if `name` is "page", else a track call.
  Record event(const std::string& visitor, const std::string& name, const std::string& product,
               Time at) {
    Event body = of(visitor);
    body.name = name;
    if (name == "page") {
      body.type = EventType::kPage;
      body.where.page_type = "product";
      body.where.path = "/demo/p/" + product;
    }
    if (!product.empty())
      body.products = {{.id = product, .category = "shoes/trail", .price_minor = 12900}};
    return record_of(std::move(body), at);
  }

  // A login that the site's server vouches for.
  Record identify(const std::string& visitor, const std::string& user, Time at) {
    Event body = of(visitor);
    body.type = EventType::kIdentify;
    body.user_id = user;
    Record record = record_of(std::move(body), at);
    record.flags |= record_flags::kTrustedIdentity;
    return record;
  }

  // The site's server says that two ids are one person's.
  Record alias(const std::string& previous, const std::string& user, Time at) {
    Record record = identify({}, user, at);
    auto& event = std::get<Event>(record.body);
    event.type = EventType::kAlias;
    event.previous_id = previous;
    return record;
  }

 private:
  Event of(const std::string& visitor) {
    Event body;
    body.message_id = "m-" + std::to_string(++messages_);
    body.anonymous_id = visitor;
    return body;
  }

  int messages_ = 0;
};

}  // namespace tact::engine_test
