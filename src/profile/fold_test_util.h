// A small playbook, records, and random histories for the tests of the fold.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "base/hash.h"
#include "base/rng.h"
#include "profile/fold.h"

namespace tact::fold_test {

inline const Time kStart = *parse_time("2026-11-02T08:00:00Z");
inline constexpr int kHistories = 1'000;

inline Signal signal(std::string id, std::string event, Subject about, Duration half_life) {
  Signal out;
  out.id = std::move(id);
  out.says = "did it";
  out.seen.name = std::move(event);
  out.about = about;
  out.half_life = half_life;
  return out;
}

inline Playbook make_playbook() {
  Playbook playbook;
  playbook.hash = content_hash("a test's playbook");
  playbook.derived_hash = 77;
  playbook.signals = {signal("size_guide", "Size Guide Opened", Subject::kProduct, days(2)),
                      signal("delivery", "Delivery Info Opened", Subject::kNothing, days(1)),
                      signal("compared", "Product Compared", Subject::kCategory, days(7))};
  Signal ignored = signal("ignored", "", Subject::kNothing, days(14));
  ignored.seen.kind = Seen::Kind::kBuiltin;
  ignored.seen.builtin = Builtin::kIgnoredMessage;
  playbook.signals.push_back(ignored);
  Goal orders;
  orders.id = "orders";
  orders.seen.name = "Order Completed";
  orders.value_from_total = true;
  orders.within = days(14);
  playbook.goals = {orders};
  for (const char* id : {"fit-help", "delivery-promise", "gift-note"}) {
    Moment moment;
    moment.id = id;
    moment.key = hash64(id);
    moment.expect.goal = 0;
    playbook.moments.push_back(moment);
  }
  return playbook;
}

inline const Playbook& playbook() {
  static const Playbook made = make_playbook();
  return made;
}

inline const ExperimentBook& experiments() {
  static const ExperimentBook book = [] {
    ExperimentBook made;
    made.add(playbook());
    return made;
  }();
  return book;
}

inline const FoldContext kContext{playbook(), experiments()};
inline const VisitorId kVisitor{{9, 1}};

inline Record record_of(Event event, Time received, Duration late = Duration{}) {
  Record record;
  record.received_at = received;
  record.event_time = received - late;
  record.body = std::move(event);
  return record;
}

inline Event track(std::string name, std::string product = {}, std::string category = {}) {
  Event event;
  event.anonymous_id = "a-1";
  event.name = std::move(name);
  if (!product.empty()) event.products.push_back({.id = std::move(product), .category = category});
  event.category = std::move(category);
  return event;
}

inline Event page(std::string path, std::string product = {}) {
  Event event = track("", std::move(product));
  event.type = EventType::kPage;
  event.where.path = std::move(path);
  return event;
}

inline Event order(std::string id, std::int64_t value, std::string product) {
  Event event = track("Order Completed", std::move(product), "shoes");
  event.order_id = std::move(id);
  event.value_minor = value;
  return event;
}

inline DecisionRecord decided(std::string moment, Outcome outcome = Outcome::kShown) {
  DecisionRecord decision;
  decision.slot = "s";
  decision.playbook = playbook().hash;
  decision.moment = std::move(moment);
  decision.message = "m";
  decision.variant = "plain";
  decision.outcome = outcome;
  decision.held_out_moment = outcome == Outcome::kWithheld;
  return decision;
}

inline Record decision_at(Time at, DecisionRecord decision) {
  Record record;
  record.received_at = at;
  record.event_time = at;
  record.body = std::move(decision);
  return record;
}

inline std::string name_of(std::uint64_t offset) {
  return DecisionId{kVisitor.partition(), Offset{offset}, 0}.to_text();
}

inline Event reaction(std::string name, std::uint64_t offset, std::string answer = {}) {
  Event event = track(std::move(name));
  event.decision = name_of(offset);
  event.answer = std::move(answer);
  return event;
}

// One visitor being folded, offsets counted from 1.
struct Folder {
  Profile profile = start(playbook());
  std::uint64_t offset = 0;
  FoldEffects effects;

  void add(const Record& record) {
    fold(profile, kVisitor, Offset{++offset}, record, kContext, effects);
  }
  void add(Event event, Time at, Duration late = Duration{}) {
    add(record_of(std::move(event), at, late));
  }
};

// A random event of a shop; `variety` is how many different products, orders, … there are.
inline Event random_event(Rng& rng, std::uint64_t variety, std::uint64_t decisions) {
  const std::string product = "p" + std::to_string(rng.below(variety));
  const std::string category = "c" + std::to_string(rng.below(variety) % 40);
  static const char* const kTracked[] = {"Size Guide Opened", "Product Compared", "Product Viewed",
                                         "Product Added",     "Product Removed",  "Anything"};
  static const char* const kReactions[] = {"Message Seen", "Message Not Seen", "Message Clicked",
                                           "Message Dismissed"};
  const std::uint64_t what = rng.below(14);
  if (what < 6) return track(kTracked[what], product, category);
  if (what < 8) return page("/p/" + product, product);
  if (what == 8) return track("Delivery Info Opened");
  if (what == 9) {
    const std::uint64_t id = rng.below(variety);  // the same id has the same value: a repetition
    return order("o" + std::to_string(id), static_cast<std::int64_t>(100 + id), product);
  }
  if (what == 10) {
    Event event = track("Segment Consent Preference Updated");
    event.consent[rng.below(kPurposes)] = static_cast<ConsentState>(rng.below(4));
    return event;
  }
  return reaction(kReactions[rng.below(4)], 1 + rng.below(decisions + 1), "not_now");
}

inline std::vector<Record> random_history(std::uint64_t seed, int size, std::uint64_t variety,
                                          bool with_decisions) {
  Rng rng(seed);
  std::vector<Record> records;
  Time now = kStart;
  for (int i = 0; i < size; ++i) {
    now += Duration{static_cast<std::int64_t>(rng.chance(0.1) ? rng.below(4 * 86'400'000ULL)
                                                              : rng.below(20 * 60'000))};
    if (with_decisions && rng.chance(0.2)) {
      const auto& moments = playbook().moments;
      DecisionRecord decision =
          rng.chance(0.2) ? decided("")
                          : decided(moments[rng.below(3)].id,
                                    rng.chance(0.3) ? Outcome::kWithheld : Outcome::kShown);
      decision.request = rng.below(5);
      decision.held_out_universal = decision.outcome == Outcome::kWithheld && rng.chance(0.3);
      records.push_back(decision_at(now, std::move(decision)));
      continue;
    }
    const auto late = static_cast<std::int64_t>(rng.chance(0.2) ? rng.below(3 * 86'400'000ULL) : 0);
    records.push_back(record_of(random_event(rng, variety, records.size()), now, Duration{late}));
    if (rng.chance(0.03)) records.back().flags |= record_flags::kGpc;
    if (rng.chance(0.03)) records.back().flags |= record_flags::kReportOnly;
  }
  return records;
}

inline void shuffle(std::vector<Record>& records, Rng& rng) {
  for (std::size_t i = records.size(); i > 1; --i) std::swap(records[i - 1], records[rng.below(i)]);
}

inline Folder folded(const std::vector<Record>& records) {
  Folder folder;
  for (const Record& record : records) folder.add(record);
  return folder;
}

inline void expect_bounded(const Profile& profile) {
  const Core& core = profile.core;
  ASSERT_LE(core.ids.size(), Core::kMaxIds);
  ASSERT_LE(core.interests.size(), kInterestKinds * Core::kMaxInterests);
  ASSERT_LE(core.early.size(), Core::kMaxEarly);
  ASSERT_LE(core.forms.size(), Core::kMaxForms);
  ASSERT_LE(core.responses.cells.size(), Responses::kMaxCells);
  ASSERT_LE(core.deliveries.size(), kMaxDeliveries);
  ASSERT_LE(core.cart.size(), Core::kMaxCart);
  ASSERT_LE(core.orders.size(), Core::kMaxOrders);
  ASSERT_LE(core.contacts.size(), Core::kMaxContacts);
  ASSERT_LE(core.moments.size(), Core::kMaxMoments);
  ASSERT_LE(core.exposures.size(), Core::kMaxExposures);
  ASSERT_LE(core.requests.size(), Core::kMaxRequests);
  ASSERT_LE(profile.derived.signals.size(), Derived::kMaxSignals);
  for (const Order& order : core.orders) {
    ASSERT_LE(order.products.size(), Core::kMaxOrderProducts);
  }
}

}  // namespace tact::fold_test
