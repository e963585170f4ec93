// Whom a moment would have met, and what may be said of it.
#include "engine/prospect.h"

#include <gmock/gmock.h>

#include "engine/engine_test_util.h"

namespace tact {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Prospects : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    publish("hold_back: 0%", "status: draft\n  hold_back: 10%");
  }
  void publish(const std::string& from, const std::string& to) {
    replace(files_.at("moments/fit.yaml"), from, to);
    const auto published = engine_->publish(files_);
    ASSERT_TRUE(published.has_value()) << published.error().to_text();
  }
  // Looks twice at the size guide, or at the page alone, and asks.
  void ask(const std::string& visitor, bool unsure) {
    ASSERT_TRUE(
        track(unsure ? unsure_of(visitor, "p7") : std::vector<Record>{event(visitor, "page", "p7")})
            .has_value());
    decide(question(visitor, "p7"));
  }
  void order(const std::string& visitor, const std::string& id) {
    Record record = event(visitor, "Order Completed", "p7");
    std::get<Event>(record.body).order_id = id;
    ASSERT_TRUE(track({record}).has_value());
  }
  Result<Prospect> look(std::string_view moment = "fit-help") {
    return look_back(engine_->store(), *engine_->playbook(), moment, engine_->now() + days(20));
  }
};

TEST_F(Prospects, OfADraftWhoWouldHaveMetItAndWhatTheyDid) {
  for (int i = 0; i < 6; ++i) ask("unsure-" + std::to_string(i), true);
  for (int i = 0; i < 3; ++i) ask("looks-" + std::to_string(i), false);
  order("unsure-0", "o-1");
  order("unsure-0", "o-1");  // told twice
  order("unsure-1", "o-2");
  order("unsure-1", "o-3");
  order("looks-0", "o-4");
  ask("unsure-2", true);  // later questions are no further meeting
  const auto found = look();
  ASSERT_TRUE(found.has_value()) << found.error().to_text();
  EXPECT_EQ(found->asked, 9);
  EXPECT_EQ(found->met, 6);
  EXPECT_EQ(found->daily.size(), 14U);  // whole weeks of the 20 days since
  EXPECT_EQ(found->daily.front(), 6);
  EXPECT_EQ(found->outcomes.n, 6);
  EXPECT_EQ(found->outcomes.sum, 3.0);
  EXPECT_EQ(found->outcomes.nonzero, 2);
}

TEST_F(Prospects, WhatIsBoughtAfterALoginIsTheVisitors) {
  ASSERT_TRUE(track({identify("phone", "anna")}).has_value());
  ask("tablet", true);
  ASSERT_TRUE(track({identify("tablet", "anna")}).has_value());
  order("phone", "o-1");
  const auto found = look();
  EXPECT_EQ(found->met, 1);
  EXPECT_EQ(found->outcomes.sum, 1.0);
}

TEST_F(Prospects, WhatNobodyIsHeldBackFromCannotBePlanned) {
  EXPECT_EQ(look("no-such").error().code, ErrorCode::kNotFound);
  publish("hold_back: 10%", "hold_back: 0%");
  EXPECT_EQ(look().error().code, ErrorCode::kInvalid);
  publish("hold_back: 0%", "kind: service");
  EXPECT_THAT(look().error().message, HasSubstr("services are not held back"));
}

TEST_F(Prospects, StopsWhenItIsTold) {
  ask("unsure", true);
  std::stop_source stop;
  stop.request_stop();
  const auto found = look_back(engine_->store(), *engine_->playbook(), "fit-help", engine_->now(),
                               stop.get_token());
  EXPECT_EQ(found.error().code, ErrorCode::kUnavailable);
}

Prospect even(std::int64_t per_day, std::int64_t reached, int over = 28) {
  Prospect out{
      .moment = "fit-help", .slot = "top", .goal = "orders", .within = days(14), .hold_back = 0.1};
  out.daily.assign(static_cast<std::size_t>(over), per_day);
  out.met = per_day * over;
  out.outcomes = {out.met, static_cast<double>(reached), static_cast<double>(reached), reached};
  return out;
}

TEST_F(Prospects, OfThinHistoryNoFigureIsTold) {
  Prospect young = even(20, 20);
  young.outcomes.n = 49;  // the time of the others is not over
  for (const Prospect& thin : {even(1, 20), even(20, 9), even(100, 60, 6), young}) {
    const auto plan = plan_of(thin);
    ASSERT_TRUE(plan.has_value());
    EXPECT_FALSE(plan->enough);
    EXPECT_THAT(plan->says, StartsWith("There is too little history"));
    EXPECT_FALSE(to_json(thin, *plan).contains("met"));
  }
}

TEST_F(Prospects, VisitorsAreToldInFifties) {
  const Prospect of = even(3, 30);  // 84 of them
  const auto plan = plan_of(of);
  ASSERT_TRUE(plan.has_value() && plan->enough);
  EXPECT_EQ(to_json(of, *plan).at("met").as_int64(), 50);
}

TEST_F(Prospects, TwiceThePaceIsHalfTheTime) {
  const auto slow = plan_of(even(200, 560)), fast = plan_of(even(400, 1120));
  ASSERT_TRUE(slow.has_value() && fast.has_value());
  EXPECT_EQ(slow->rate, 0.1);
  EXPECT_EQ(slow->worthwhile, 0.01);
  EXPECT_EQ(fast->per_day, 400.0);
  // Less the 14 days that the last ones take.
  EXPECT_NEAR(*fast->every_day - 14, (*slow->every_day - 14) / 2.0, 12.0);
  EXPECT_LT(*fast->gate, *fast->one_look);
  EXPECT_LT(*fast->one_look, *fast->every_day);
  EXPECT_THAT(fast->says, HasSubstr("about 400 visitors a day"));
  EXPECT_THAT(fast->says, HasSubstr("of 100 of them about 10 orders came within 14 days"));
}

}  // namespace
}  // namespace tact
