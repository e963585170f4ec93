// What a moment earned: margin told by orders or assumed, costs as the messages say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "measure/internal/moment.h"
#include "measure/report_html.h"
#include "measure/report_json.h"
#include "measure/report_test_util.h"
#include "measure/report_text.h"
#include "stats/value/incremental.h"

namespace tact {
namespace {

using testing::HasSubstr;

constexpr Time kNow = World::kNow;

Experiment with_money(Costs costs) {
  Experiment experiment;
  experiment.id = 7;
  experiment.moment = "fit-help";
  experiment.goals.resize(2);
  experiment.goals[0].key = 1;
  experiment.goals[0].goal.id = "visits";
  experiment.goals[1].key = 2;
  experiment.goals[1].goal.id = "orders";
  experiment.goals[1].goal.value_from_total = true;
  experiment.goals[1].goal.within = days(14);
  experiment.costs = costs;
  return experiment;
}

MetricFacts kept_of(const Experiment& experiment, const Exposure& row, std::int32_t ppm) {
  ReportOptions options;
  options.margin = Probability{ppm};
  const Plan plan = internal::plan_of(experiment, {100'000}, options);
  EXPECT_TRUE(check_plan(plan).has_value());
  EXPECT_TRUE(plan.economics.kept);
  UnitFacts facts;
  facts.resize_for(plan);
  EXPECT_TRUE(fill_stored(row, experiment, plan, kNow, facts));
  EXPECT_EQ(plan.metrics[*plan.economics.value].name, "orders value");
  EXPECT_EQ(plan.metrics[*plan.economics.kept].name, "orders margin");
  return facts.metrics[*plan.economics.kept];
}

Exposure bought(GoalTally tally, bool treated = true) {
  Exposure row;
  row.at = kNow - days(40);
  row.treated = treated;
  tally.goal = 2;
  row.goals = {{.goal = 1, .count = 9, .value_minor = 900}, tally};
  return row;
}

// In thousandths of a minor unit.
TEST(MomentReturns, WhatOrdersTellCountsAndTheRestIsAssumed) {
  const Experiment experiment = with_money({50, 4'000});
  const auto kept = [&](const GoalTally& tally) {
    return kept_of(experiment, bought(tally), 375'000).value;
  };
  EXPECT_EQ(kept({.count = 1, .value_minor = 1'001}), 375'375);
  EXPECT_EQ(kept({.count = 1, .value_minor = -1'001}), -375'375);
  EXPECT_EQ(kept({.count = 1, .value_minor = 1'000, .told_minor = 1'000, .margin_minor = 120}),
            120'000);
  EXPECT_EQ(kept({.count = 2, .value_minor = 1'800, .told_minor = 1'000, .margin_minor = -20}),
            -20'000 + 300'000);
  EXPECT_EQ(kept({.count = 1, .value_minor = INT64_MAX}), kLargestFact);
  EXPECT_EQ(kept({.count = 1, .value_minor = INT64_MIN}), -kLargestFact);
}

TEST(MomentReturns, OnlyWhoWasShownSomethingCosts) {
  const Experiment experiment = with_money({50, 4'000});
  const auto cost = [&](const Exposure& row) { return kept_of(experiment, row, 400'000).second; };
  EXPECT_EQ(cost(bought({.count = 3, .value_minor = 1})), 12'050);
  EXPECT_EQ(cost(bought({.count = 3, .value_minor = 1}, false)), 0);
  Exposure nothing = bought({});
  nothing.goals.clear();
  EXPECT_EQ(cost(nothing), 50);
}

// Each arm costs what it shows.
TEST(MomentReturns, ArmsOfAnExperimentCostWhatTheyShow) {
  Experiment experiment = with_money({});
  experiment.costs.reset();
  experiment.name = "voucher";
  experiment.arms = {{"plain", Arm::Kind::kMoment, {500'000}, Costs{10, 0}},
                     {"voucher", Arm::Kind::kMoment, {500'000}, Costs{0, 5'000}}};
  Exposure row = bought({.count = 2, .value_minor = 100});
  row.is_arm = true;
  row.variant = "voucher";
  EXPECT_EQ(kept_of(experiment, row, 400'000).second, 10'000);
  row.variant = "plain";
  EXPECT_EQ(kept_of(experiment, row, 400'000).second, 10);
  experiment.arms[1].costs.reset();
  ReportOptions options;
  options.margin = Probability{400'000};
  const Plan plan = internal::plan_of(experiment, {}, options);
  EXPECT_FALSE(plan.economics.value || plan.economics.kept);
  EXPECT_THAT(plan.economics.assumed, HasSubstr("No return is reckoned"));
}

std::string unwrapped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n';
    if (!blank) out += c;
    if (blank && !out.empty() && out.back() != ' ') out += ' ';
  }
  return out;
}

void sell(World& world, std::optional<std::int32_t> margin, Costs costs) {
  if (margin) world.playbook().site.margin = Probability{*margin};
  Message message;
  message.id = "fit-guide";
  message.costs = costs;
  world.playbook().messages.push_back(message);
  world.playbook().moments[0].messages = {0};
  world.relearn();
}

ReportOptions of(World& world) {
  ReportOptions options;
  options.now = kNow;
  options.margin = world.playbook().site.margin;
  return options;
}

void meet(World& world) {
  world.add({.visitors = 9'000, .reached = 1'080, .treated = true});
  world.add({.visitors = 1'000, .reached = 80, .treated = false});
}

TEST(MomentReturns, FiguresAreThoseOfPlainSums) {
  World world;
  sell(world, 400'000, {5'000, 150'000});  // 5 cents a visitor, 1.50 an order
  meet(world);
  const Findings found = world.report("fit-help", of(world));
  ASSERT_EQ(found.returns.size(), 1U);
  const ReturnFinding& money = found.returns[0];
  stats::ValueAndCost shown, held_back;
  for (int i = 0; i < 9'000; ++i) shown.add(i < 1'080 ? 50.0 : 0.0, i < 1'080 ? 1.55 : 0.05);
  for (int i = 0; i < 1'000; ++i) held_back.add(i < 80 ? 50.0 : 0.0, 0.0);
  const auto plain =
      stats::incremental_return(shown, held_back, {.margin = 0.4, .tuning_visitors = 5'000.0});
  ASSERT_TRUE(plain.has_value());
  const auto same = [](const Estimate& e, double estimate, const stats::Interval& interval) {
    const double slack = 1e-9 * (1.0 + std::abs(estimate));
    EXPECT_NEAR(e.estimate, estimate, slack);
    EXPECT_NEAR(e.low, interval.lower, slack);
    EXPECT_NEAR(e.high, interval.upper, slack);
  };
  same(money.value, plain->value.estimate, plain->value.interval);
  same(money.cost, plain->cost.value, plain->cost.interval);
  same(money.profit, plain->profit.estimate, plain->profit.interval);
  same(money.total, plain->total.value, plain->total.interval);
  EXPECT_NEAR(money.value.estimate, 2.0, 1e-9);  // 12 % of 50 less 8 % of 50
  EXPECT_NEAR(money.kept.estimate, 0.8, 1e-9);
  EXPECT_NEAR(money.cost.estimate, 0.05 + 0.12 * 1.5, 1e-9);
  EXPECT_NEAR(*money.roi.estimate, *plain->roi.estimate, 1e-9);
  EXPECT_NEAR(money.roi.ends.lower, plain->roi.ends.lower, 1e-9);
  EXPECT_NEAR(money.roi.ends.upper, plain->roi.ends.upper, 1e-9);
}

TEST(MomentReturns, EveryRenderingSaysItAndWhatIsAssumed) {
  World world;
  sell(world, 400'000, {5'000, 150'000});
  meet(world);
  const Reports reports = world.all();
  const std::string assumed =
      "Assumed: 40 % of an order is kept where it does not tell its own margin. Costs: shown "
      "€0.05 for each visitor and €1.50 for each of their orders, as the messages say. What was "
      "sent back is not taken off.";
  ASSERT_EQ(reports.moments.size(), 1U);
  EXPECT_EQ(reports.moments[0].return_assumes, assumed);
  EXPECT_THAT(reports.moments[0].returns[0].says,
              HasSubstr("after margin and what the messages cost"));
  const std::string json = json::serialize(to_json(reports));
  EXPECT_THAT(json, HasSubstr(assumed));
  EXPECT_THAT(json, HasSubstr("\"kept\":"));
  const std::string text = unwrapped(to_text(reports));
  EXPECT_THAT(text, HasSubstr(assumed));
  EXPECT_THAT(text, HasSubstr("EUR per visitor: value +2.0"));
  EXPECT_THAT(text, HasSubstr("return on the cost +"));
  const std::string page = to_html(reports);
  EXPECT_THAT(page, HasSubstr("Is it worth its cost?"));
  EXPECT_THAT(page, HasSubstr("kept of it"));
  EXPECT_THAT(page, HasSubstr(assumed));
}

TEST(MomentReturns, WithoutAMarginNothingIsReckoned) {
  World world;
  sell(world, std::nullopt, {5'000, 0});
  meet(world);
  const Findings found = world.report("fit-help", of(world));
  EXPECT_TRUE(found.returns.empty());
  EXPECT_EQ(found.return_assumes, "");
}

TEST(MomentReturns, TheGateIsThatOfTheMoney) {
  World world;
  sell(world, 400'000, {5'000, 0});
  world.add({.visitors = 9'000, .reached = 1'080, .treated = true});
  world.add({.visitors = 1'000, .reached = 49, .treated = false});
  const Findings found = world.report("fit-help", of(world));
  EXPECT_TRUE(found.returns.empty());
  EXPECT_EQ(found.return_assumes, "") << "what is assumed is of no interest yet";
}

// The universal holdout is of many moments, and a row does not tell which of them somebody met.
TEST(MomentReturns, TheUniversalHoldoutHasAReturnOnlyWhereNothingCosts) {
  for (const std::int64_t cost : {0, 5'000}) {
    World world;
    sell(world, 400'000, {cost, 0});
    world.add({.visitors = 9'500, .reached = 1'140, .treated = true}, "");
    world.add({.visitors = 500, .reached = 60, .treated = false}, "");
    const Findings found = world.report("", of(world));
    EXPECT_EQ(found.returns.size(), cost == 0 ? 1U : 0U);
    EXPECT_THAT(found.return_assumes,
                HasSubstr(cost == 0 ? "No message says that it costs anything" : "some messages"));
  }
}

TEST(MomentReturns, MessagesThatCostDifferentlyAreNotGuessed) {
  World world;
  sell(world, 400'000, {5'000, 0});
  world.playbook().messages.push_back(Message{});
  world.playbook().moments[0].messages = {0, 1};
  world.relearn();
  meet(world);
  const Findings found = world.report("fit-help", of(world));
  EXPECT_TRUE(found.returns.empty());
  EXPECT_THAT(found.return_assumes, HasSubstr("cost differently"));
  const Reports reports = world.all();
  EXPECT_THAT(to_html(reports), HasSubstr("cost differently"));
}

}  // namespace
}  // namespace tact
