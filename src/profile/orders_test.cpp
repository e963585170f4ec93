// Orders whose states come in any order, and forms that were left.
#include "profile/fold_test_util.h"

namespace tact {
namespace {

using namespace fold_test;

Event state(std::string name, std::string order, Time due = {}) {
  Event event = track(std::move(name));
  event.order_id = std::move(order);
  event.due = due;
  return event;
}

TEST(EarlyOrderState, WaitsForItsOrder) {
  Folder folder;
  folder.add(state("Order Updated", "o-1", kStart + days(9)), kStart + 1h);
  folder.add(state("Order Shipped", "o-1"), kStart + 2h);
  folder.add(state("Order Delivered", "o-2"), kStart + 3h);
  ASSERT_EQ(folder.profile.core.early.size(), 2U);
  folder.add(order("o-1", 500, "p1"), kStart + 4h, 4h);
  const Core& core = folder.profile.core;
  ASSERT_EQ(core.orders.size(), 1U);
  EXPECT_EQ(core.orders[0].state, OrderState::kShipped);
  EXPECT_EQ(core.orders[0].state_at, kStart + 2h);
  EXPECT_EQ(core.orders[0].due, kStart + days(9));
  ASSERT_EQ(core.early.size(), 1U) << "of another order";
  EXPECT_EQ(core.early[0].order, "o-2");
}

// Whatever comes first, the order ends as it would had its states come after it.
TEST(EarlyOrderState, TheOrderOfArrivalDoesNotMatter) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Rng rng(seed);
    std::vector<Record> records;
    const Time end = kStart + days(20);
    for (int id = 0; id < 4; ++id) {
      const std::string name = "o-" + std::to_string(id);
      Time at = kStart + Duration{static_cast<std::int64_t>(rng.below(3'600'000))};
      records.push_back(record_of(order(name, 100, "p1"), end, end - at));
      for (const char* next : {"Order Shipped", "Order Delivered", "Order Returned"}) {
        if (rng.chance(0.3)) break;
        at += days(1);
        records.push_back(record_of(state(next, name), end, end - at));
      }
    }
    const Core first = folded(records).profile.core;
    shuffle(records, rng);
    const Core core = folded(records).profile.core;
    ASSERT_EQ(core.orders, first.orders) << "seed " << seed;
    ASSERT_TRUE(core.early.empty()) << "seed " << seed;
  }
}

TEST(EarlyOrderState, AJoinBringsTheTwoTogether) {
  for (const bool winner_has_order : {true, false}) {
    Folder with_order, with_state;
    with_order.add(order("o-1", 500, "p1"), kStart);
    with_state.add(state("Order Delivered", "o-1"), kStart + 1h);
    Folder& winner = winner_has_order ? with_order : with_state;
    winner.profile.core.absorb((winner_has_order ? with_state : with_order).profile.core);
    ASSERT_EQ(winner.profile.core.orders.size(), 1U);
    EXPECT_EQ(winner.profile.core.orders[0].state, OrderState::kDelivered);
    EXPECT_TRUE(winner.profile.core.early.empty());
  }
}

TEST(EarlyOrderState, IsBoundedAndTheOldestGoes) {
  Folder folder;
  for (int i = 0; i < 20; ++i)
    folder.add(state("Order Shipped", "o-" + std::to_string(i)), kStart + Duration{i});
  const auto& early = folder.profile.core.early;
  ASSERT_EQ(early.size(), Core::kMaxEarly);
  EXPECT_EQ(early.front().order, "o-12");
  EXPECT_EQ(early.back().order, "o-19");
  folder.add(state("Order Updated", "o-99"), kStart + 1h);
  EXPECT_EQ(early.front().order, "o-12") << "says nothing, takes no place";
}

Event form(std::string name, std::string which) {
  Event event = track(std::move(name));
  event.form = std::move(which);
  return event;
}

TEST(Forms, ALaterStartOrSendingCountsWhateverItsOrder) {
  Folder folder;
  folder.add(form("Form Submitted", "quote"), kStart + 2h);
  folder.add(form("Form Started", "quote"), kStart + 3h, 2h);
  ASSERT_EQ(folder.profile.core.forms.size(), 1U);
  EXPECT_FALSE(folder.profile.core.forms[0].is_left()) << "sent an hour after it was begun";
  folder.add(form("Form Started", "quote"), kStart + 4h);
  EXPECT_TRUE(folder.profile.core.forms[0].is_left());
  for (int i = 0; i < 20; ++i)
    folder.add(form("Form Started", "f" + std::to_string(i)), kStart + days(1) + Duration{i});
  ASSERT_EQ(folder.profile.core.forms.size(), Core::kMaxForms);
  EXPECT_EQ(folder.profile.core.forms.front().name, "f12");
}

TEST(Forms, OneOnASensitivePageIsNotKept) {
  Folder folder;
  Event event = form("Form Started", "hiv-test-request");
  event.where.sensitive = true;
  folder.add(event, kStart);
  EXPECT_TRUE(folder.profile.core.forms.empty());
}

}  // namespace
}  // namespace tact
