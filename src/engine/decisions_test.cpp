// What the table of decisions holds, and of whom it holds nothing.
#include "engine/decisions.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <vector>

#include "consent/consent.h"
#include "engine/engine_test_util.h"

namespace tact {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Decisions : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    publish("hold_back: 0%", "hold_back: 30%");
  }
  void publish(const std::string& from, const std::string& to) {
    replace(files_.at("moments/fit.yaml"), from, to);
    const auto published = engine_->publish(files_);
    ASSERT_TRUE(published.has_value()) << published.error().to_text();
  }

  static std::string visitor(int i) { return "device-" + std::to_string(i); }

  // Looks, asks, and is shown something or held back.
  bool meet(const std::string& id, const std::string& page_type = "product") {
    EXPECT_TRUE(track(unsure_of(id, "p7")).has_value());
    DecideRequest request = question(id, "p7");
    request.where.page_type = page_type;
    return !first(decide(request)).at("show").is_null();
  }
  void order(const std::string& id) {
    Record record = event(id, "Order Completed", "p7");
    auto& body = std::get<Event>(record.body);
    body.order_id = "o-" + id;
    body.value_minor = 4'250;
    ASSERT_TRUE(track({record}).has_value());
  }
  Record refusal(const std::string& id, Purpose purpose) {
    Record record = event(id, std::string(kConsentEvent));
    set_choice(std::get<Event>(record.body).consent, purpose, ConsentState::kRefused);
    return record;
  }

  DecisionsAsked asked(Duration later = days(15)) {
    return {.moment = "fit-help", .now = engine_->now() + later};
  }
  DecisionTable table(const DecisionsAsked& asked) {
    auto made = engine_->decisions(asked);
    EXPECT_TRUE(made.has_value()) << made.error().to_text();
    return made.has_value() ? std::move(*made) : DecisionTable{};
  }
  // Rows without the header, cells by place; no cell here holds a comma.
  static std::vector<std::vector<std::string>> rows(const DecisionTable& table) {
    std::vector<std::vector<std::string>> out;
    std::istringstream lines(table.csv);
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
      std::istringstream cells(line);
      out.emplace_back();
      for (std::string cell; std::getline(cells, cell, ',');) out.back().push_back(cell);
    }
    return out;
  }
  enum Column { kDay, kMessage, kVariant, kPropensity, kReward, kDevice, kVisit, kOrders };
};

TEST_F(Decisions, SayWhatWasDoneByWhatChanceAndWhatCameOfIt) {
  constexpr int kVisitors = 40;
  int shown = 0, ordered = 0, ordered_shown = 0;
  for (int i = 0; i < kVisitors; ++i) {
    const bool seen = meet(visitor(i));
    shown += seen;
    if (i % 3 != 0) continue;
    order(visitor(i));
    ++ordered;
    ordered_shown += seen;
  }
  const DecisionTable made = table(asked());
  EXPECT_EQ(made.rows, kVisitors);
  int with_variant = 0, rewarded = 0, rewarded_shown = 0;
  std::set<std::string> variants;
  for (const auto& row : rows(made)) {
    EXPECT_EQ(row[kDay], format_time(engine_->now()).substr(0, 10));
    const bool something = !row[kVariant].empty();
    EXPECT_EQ(row[kMessage], something ? "fit-guide" : "");
    // Two variants of this language, evenly, of the 70 % who are not held back.
    EXPECT_EQ(row[kPropensity], something ? "0.350000" : "0.300000");
    with_variant += something;
    rewarded += row[kReward] == "1";
    rewarded_shown += something && row[kReward] == "1";
    variants.insert(row[kVariant]);
    EXPECT_EQ(row[kVisit], "1");
    EXPECT_EQ(row[kOrders], "0");
  }
  EXPECT_EQ(with_variant, shown);
  EXPECT_EQ(rewarded, ordered);
  EXPECT_EQ(rewarded_shown, ordered_shown);
  EXPECT_EQ(variants, (std::set<std::string>{"", "plain", "warm"}));
}

TEST_F(Decisions, TellNobodysIdAndNoTimeOfTheDay) {
  for (int i = 0; i < 10; ++i) meet(visitor(i));
  const DecisionTable made = table(asked());
  EXPECT_THAT(made.csv, Not(HasSubstr("device-")));
  EXPECT_THAT(made.csv, Not(HasSubstr(":")));
  auto lines = rows(made);
  EXPECT_TRUE(std::is_sorted(lines.begin(), lines.end()));
}

TEST_F(Decisions, MoneyIsInUnitsOfTheCurrency) {
  meet(visitor(1));
  order(visitor(1));
  DecisionsAsked money = asked();
  money.goal = "orders";
  money.money = true;
  EXPECT_EQ(rows(table(money)).at(0)[kReward], "42.50");
  money.goal = "returns";
  EXPECT_EQ(engine_->decisions(money).error().code, ErrorCode::kInvalid);
  money.goal = "fame";
  EXPECT_EQ(engine_->decisions(money).error().code, ErrorCode::kNotFound);
  money.moment = "nothing";
  EXPECT_EQ(engine_->decisions(money).error().code, ErrorCode::kNotFound);
}

TEST_F(Decisions, ARewardThatMayStillComeIsNotTold) {
  meet(visitor(1));
  const DecisionTable made = table(asked(days(13)));
  EXPECT_EQ(made.rows, 0U);
  EXPECT_EQ(made.open, 1U);
  EXPECT_EQ(say_left_out(made), "0 decisions; left out: 1 whose time for the goal is not over");
}

TEST_F(Decisions, StopWhenTheyAreTold) {
  meet(visitor(1));
  std::stop_source stop;
  stop.request_stop();
  DecisionsAsked some = asked();
  some.stop = stop.get_token();
  EXPECT_EQ(engine_->decisions(some).error().code, ErrorCode::kUnavailable);
}

TEST_F(Decisions, AreOfTheDaysAskedFor) {
  meet(visitor(1));
  DecisionsAsked some = asked();
  some.from = engine_->now() + days(1);
  EXPECT_EQ(table(some).rows, 0U);
  some.from = engine_->now() - days(1);
  some.until = engine_->now() + days(1);
  EXPECT_EQ(table(some).rows, 1U);
}

TEST_F(Decisions, OfWhoWithdrewConsentAreLeftOut) {
  for (int i = 0; i < 3; ++i) meet(visitor(i));
  ASSERT_TRUE(track({refusal(visitor(0), Purpose::kPersonalization)}).has_value());
  ASSERT_TRUE(track({refusal(visitor(1), Purpose::kAnalytics)}).has_value());
  const DecisionTable made = table(asked());
  EXPECT_EQ(made.rows, 1U);
  EXPECT_EQ(made.withdrew, 2U);
}

TEST_F(Decisions, OfADeviceAreFoundAfterItsLogin) {
  ASSERT_TRUE(track({identify("phone", "anna")}).has_value());
  meet(visitor(1));
  ASSERT_TRUE(track({identify(visitor(1), "anna")}).has_value());
  order(visitor(1));
  const DecisionTable made = table(asked());
  EXPECT_EQ(made.rows, 1U) << say_left_out(made);
  EXPECT_EQ(rows(made).at(0)[kReward], "1");
}

TEST_F(Decisions, OnlyTheFirstOfAVisitorCounts) {
  publish("at_most: 1 per visit, 3 per week, 6 ever", "at_most: 20 per visit");
  for (int again = 0; again < 3; ++again) meet(visitor(1));
  EXPECT_EQ(table(asked()).rows, 1U);
}

TEST_F(Decisions, OfAnABExperimentAreLeftOut) {
  files_["experiments/tone.yaml"] =
      "fit-tone:\n  asks: does a warmer tone help\n  because: they want permission\n"
      "  moment: fit-help\n  arms:\n    plain: {variants: [plain, plain-de]}\n"
      "    warm: {variants: [warm, warm-de]}\n  expect: more orders\n  owner: merchandising\n";
  publish("hold_back: 30%", "hold_back: 20%");
  meet(visitor(1));
  const DecisionTable made = table(asked());
  EXPECT_EQ(made.rows, 0U);
  EXPECT_EQ(made.in_experiment, 1U);
}

// The share of the day of the decision, whatever it is today.
TEST_F(Decisions, TheChanceIsThatOfThen) {
  for (int i = 0; i < 20; ++i) meet(visitor(i));
  publish("hold_back: 30%", "hold_back: 80%");
  for (const auto& row : rows(table(asked())))
    EXPECT_EQ(row[kPropensity], row[kVariant].empty() ? "0.300000" : "0.350000");
}

TEST_F(Decisions, WhatABrowserSentIsNoFormulaAndNoSecondCell) {
  meet(visitor(1), "=1+1,\"x\"");
  EXPECT_THAT(table(asked()).csv, HasSubstr(",\"'=1+1,\"\"x\"\"\","));
}

}  // namespace
}  // namespace tact
