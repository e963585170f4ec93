// Loyalty cards, e-mail addresses, CRM and till numbers: one person by any of them.
#include <set>

#include "engine/engine_test_util.h"
#include "engine/export.h"

namespace tact {
namespace {

class FurtherIds : public EngineTest {
 protected:
  Record with(Record record, std::vector<std::pair<std::string, std::string>> ids) {
    auto& event = std::get<Event>(record.body);
    for (const auto& [kind, id] : ids)
      event.further_ids.push_back({kind, visitor_named(key_, kind, id)});
    record.flags |= record_flags::kTrustedIdentity;
    return record;
  }
  Record at_the_till(const std::string& card, const std::string& order) {
    Record record = with(event("", "Order Completed", "p7"), {{"loyalty", card}});
    std::get<Event>(record.body).order_id = order;
    std::get<Event>(record.body).value_minor = 1'000;
    return record;
  }
  json::object show(const std::string& kind, const std::string& id) {
    const auto shown = engine_->show_visitor({kind, id});
    return shown.has_value() ? *shown : json::object{{"visitor", "nobody"}};
  }
  std::string visitor(const std::string& kind, const std::string& id) {
    return std::string(show(kind, id).at("visitor").get_string());
  }
  std::size_t orders(const std::string& kind, const std::string& id) {
    const json::object shown = show(kind, id);
    return shown.contains("orders") ? shown.at("orders").as_array().size() : 0;
  }
};

TEST_F(FurtherIds, WhatTheTillSawBelongsToTheUserOnceBothAreNamedTogether) {
  ASSERT_TRUE(track({at_the_till("4711", "o-1")}).has_value());
  EXPECT_EQ(orders("loyalty", "4711"), 1U);
  ASSERT_TRUE(
      track({with(identify("phone", "anna"), {{"loyalty", "4711"}, {"email", "a@b.example"}})})
          .has_value());
  ASSERT_TRUE(track({at_the_till("4711", "o-2")}).has_value());
  const std::string anna = visitor("user", "anna");
  EXPECT_EQ(visitor("loyalty", "4711"), anna);
  EXPECT_EQ(visitor("email", "A@B.example"), anna);
  EXPECT_EQ(visitor("anonymous", "phone"), anna);
  EXPECT_EQ(visitor("crm", "4711"), "nobody");
  EXPECT_EQ(orders("user", "anna"), 2U);
  closed_and_verified();
}

TEST_F(FurtherIds, ACardThatChangesHandsFusesNobody) {
  ASSERT_TRUE(track({with(identify("a", "anna"), {{"loyalty", "4711"}})}).has_value());
  ASSERT_TRUE(track({at_the_till("4711", "o-1")}).has_value());
  ASSERT_TRUE(track({with(identify("b", "ben"), {{"loyalty", "4711"}})}).has_value());
  ASSERT_TRUE(track({at_the_till("4711", "o-2")}).has_value());
  EXPECT_NE(visitor("user", "anna"), visitor("user", "ben"));
  EXPECT_EQ(visitor("loyalty", "4711"), visitor("user", "ben"));
  EXPECT_EQ(orders("user", "anna"), 1U);
  EXPECT_EQ(orders("user", "ben"), 1U);
  ASSERT_TRUE(track({with(identify("a", "anna"), {{"loyalty", "4711"}})}).has_value());
  EXPECT_EQ(visitor("loyalty", "4711"), visitor("user", "anna")) << "and back, by a newer word";
  closed_and_verified();
}

TEST_F(FurtherIds, ANewsletterClickNamesADeviceThatIsNobodysYet) {
  ASSERT_TRUE(track(unsure_of("phone", "p7")).has_value());
  Record click = with(identify("phone", ""), {{"email", "a@b.example"}});
  ASSERT_TRUE(track({click}).has_value());
  EXPECT_EQ(visitor("anonymous", "phone"), visitor("email", "a@b.example"));
  ASSERT_TRUE(track({with(identify("", "anna"), {{"email", "a@b.example"}})}).has_value());
  EXPECT_EQ(visitor("anonymous", "phone"), visitor("user", "anna"));
  // A link that somebody forwarded: the other's device stays theirs.
  ASSERT_TRUE(track({identify("laptop", "ben")}).has_value());
  ASSERT_TRUE(track({with(identify("laptop", ""), {{"email", "a@b.example"}})}).has_value());
  EXPECT_EQ(visitor("anonymous", "laptop"), visitor("user", "ben"));
  EXPECT_EQ(visitor("email", "a@b.example"), visitor("user", "anna"));
  closed_and_verified();
}

TEST_F(FurtherIds, ColleaguesShareTheirAccountsArm) {
  const auto group = [&](const std::string& device, std::uint8_t trust) {
    Record record = event(device, "");
    std::get<Event>(record.body).type = EventType::kGroup;
    std::get<Event>(record.body).group_id = "acme";
    record.flags |= trust;
    return record;
  };
  for (auto& [name, text] : files_) {
    if (name.starts_with("moments/")) replace(text, "hold_back: 0%", "hold_back: 50%");
  }
  ASSERT_TRUE(engine_->publish(files_).has_value());
  const auto held = [&](const std::string& device) {
    json::object answer = decide(question(device, "p7"));
    return first(answer).at("why").at("holdout").at("moment").as_bool();
  };
  std::set<bool> claimed, shared;
  for (int i = 0; i < 12; ++i) {
    const std::string alone = "x-" + std::to_string(i), colleague = "c-" + std::to_string(i);
    ASSERT_TRUE(track(unsure_of(alone, "p7")).has_value());
    ASSERT_TRUE(track({group(alone, 0)}).has_value());
    claimed.insert(held(alone));
    ASSERT_TRUE(track(unsure_of(colleague, "p7")).has_value());
    ASSERT_TRUE(track({group(colleague, record_flags::kTrustedIdentity)}).has_value());
    shared.insert(held(colleague));
  }
  EXPECT_EQ(claimed.size(), 2U) << "a browser's word makes nobody a colleague";
  EXPECT_EQ(shared.size(), 1U);
  EXPECT_EQ(show("anonymous", "c-3").at("account").as_string(), "acme");
  closed_and_verified();
}

TEST_F(FurtherIds, CanBeUnlinked) {
  ASSERT_TRUE(track({at_the_till("4711", "o-1")}).has_value());
  ASSERT_TRUE(track({with(identify("a", "anna"), {{"loyalty", "4711"}})}).has_value());
  EXPECT_EQ(orders("user", "anna"), 1U);
  std::promise<Result<VisitorId>> done;
  engine_->unlink({"loyalty", "4711"}, "a typing error",
                  [&](Result<VisitorId> result) { done.set_value(std::move(result)); });
  ASSERT_TRUE(done.get_future().get().has_value());
  EXPECT_EQ(orders("user", "anna"), 0U);
  EXPECT_EQ(orders("loyalty", "4711"), 1U);
  closed_and_verified();
}

TEST_F(FurtherIds, NeitherTheIdNorItsHolderCanBeReadFromTheDisk) {
  ASSERT_TRUE(track({with(identify("a", "anna"), {{"email", "someone@example.org"}})}).has_value());
  const std::string all =
      json::serialize(*export_visitor(engine_->store(), key_, named("", "anna")));
  EXPECT_EQ(all.find("someone"), std::string::npos);
  const std::string shown = json::serialize(show("user", "anna"));
  EXPECT_EQ(shown.find("someone"), std::string::npos);
  EXPECT_NE(shown.find("email"), std::string::npos) << "that there is one is said";
}

TEST_F(FurtherIds, TenThousandOfThemAreCappedAndSaidSo) {
  std::vector<Record> events;
  for (int i = 0; i < 10'000; ++i)
    events.push_back(with(identify("", "anna"), {{"till", std::to_string(i)}}));
  ASSERT_TRUE(track(std::move(events)).has_value());
  const json::object shown = show("user", "anna");
  EXPECT_EQ(shown.at("ids").as_array().size(), Core::kMaxIds);
  EXPECT_TRUE(shown.at("more_ids").as_bool());
  EXPECT_EQ(visitor("till", "9999"), visitor("user", "anna")) << "linked all the same";
  const auto id = VisitorId::parse(visitor("user", "anna"));
  const auto bytes = engine_->store().get(Family::kProfile, keys::profile(*id));
  EXPECT_LT((*bytes)->size(), 4'096U);
  closed_and_verified();
}

}  // namespace
}  // namespace tact
