// Units of whom nothing was heard are summed in a few steps: the same sums as the long way.
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "measure/analyse.h"
#include "measure/internal/moment.h"
#include "measure/report_json.h"
#include "measure/report_test_util.h"
#include "measure/sums.h"

namespace tact::internal {
namespace {

// Each is something that a metric may count.
using Change = void (*)(Exposure&);
const std::array<Change, 20> kHeard = {
    [](Exposure& row) { row.follow_up.order_days.add(3); },
    [](Exposure& row) { row.follow_up.orders = 1; },
    [](Exposure& row) { row.follow_up.value_minor[5] = -7; },
    [](Exposure& row) { row.follow_up.margin_orders = 1; },
    [](Exposure& row) { row.follow_up.margin_minor = 3; },
    [](Exposure& row) { row.follow_up.refunds = 1; },
    [](Exposure& row) { row.follow_up.refund_minor = 11; },
    [](Exposure& row) { row.follow_up.returns = 1; },
    [](Exposure& row) { row.follow_up.next_order = row.at; },
    [](Exposure& row) { row.follow_up.next_price = OrderPrice::kDiscounted; },
    [](Exposure& row) { row.follow_up.full_price_day = 1; },
    [](Exposure& row) { row.follow_up.unsubscribes = 1; },
    [](Exposure& row) { row.follow_up.complaints = 1; },
    [](Exposure& row) { row.follow_up.dismissed = 1; },
    [](Exposure& row) { row.follow_up.ignored = 1; },
    [](Exposure& row) { row.follow_up.ratings = 1; },
    [](Exposure& row) { row.follow_up.rating_milli = -1; },
    [](Exposure& row) { row.follow_up.recall_asked = 1; },
    [](Exposure& row) { row.follow_up.recalled = 1; },
    [](Exposure& row) { row.follow_up.again_day = 1; }};

// Some tell nothing but what was known before, and visits; each of the others one thing.
Exposure drawn(std::mt19937_64& random, const Experiment& experiment) {
  Exposure row;
  row.experiment = experiment.id;
  row.at = World::kNow - days(static_cast<int>(1 + random() % 20));
  row.treated = random() % 2 == 0;
  row.crossover = random() % 10 == 0;
  row.prior_orders = static_cast<std::uint32_t>(random() % 3);
  row.prior_value_minor = static_cast<std::int64_t>(random() % 200'000) * row.prior_orders;
  row.covariates.intent_level = static_cast<IntentLevel>(random() % 5);
  if (random() % 3 != 0) row.covariates.intent = "fit";
  row.follow_up.visit_days.add(random() % 30);
  row.follow_up.withdrew = random() % 9 == 0;
  const std::size_t heard = random() % (kHeard.size() + 5);
  if (heard < kHeard.size()) kHeard[heard](row);
  if (heard == kHeard.size()) {
    row.goals = {{.goal = experiment.goals[0].key, .count = 2, .value_minor = 999}};
  }
  return row;
}

bool same(const MetricFacts& a, const MetricFacts& b) {
  return a.observed == b.observed && a.value == b.value && a.second == b.second &&
         a.covariate == b.covariate && a.credit == b.credit;
}

// With a margin, and shown visitors that cost something each, or do not.
Plan with_returns(Experiment& experiment, std::int64_t per_visitor) {
  experiment.costs = Costs{.per_visitor = per_visitor, .per_order = 7};
  ReportOptions options;
  options.margin = Probability{400'000};
  Plan plan = plan_of(experiment, {100'000}, options);
  EXPECT_TRUE(plan.economics.kept.has_value());
  return plan;
}

// The same row by the long way: a tally of a goal that nobody watches changes no fact.
UnitFacts the_long_way(Exposure row, const Experiment& experiment, const Plan& plan) {
  row.goals.push_back({.goal = ~std::uint64_t{0}});
  UnitFacts facts;
  facts.resize_for(plan);
  EXPECT_TRUE(fill_stored(row, experiment, plan, World::kNow, facts));
  EXPECT_FALSE(facts.quiet);
  return facts;
}

TEST(Quiet, FactsAreThoseOfTheLongWay) {
  World world;
  for (const std::int64_t per_visitor : {0, 3}) {
    Experiment experiment = world.experiment("fit-help");
    const Plan plan = with_returns(experiment, per_visitor);
    UnitFacts facts;
    facts.resize_for(plan);
    std::mt19937_64 random(5);
    std::array<int, 2> quiet{};
    for (int i = 0; i < 3'000; ++i) {
      const Exposure row = drawn(random, experiment);
      ASSERT_TRUE(fill_stored(row, experiment, plan, World::kNow, facts));
      quiet[facts.arm] += facts.quiet ? 1 : 0;
      const UnitFacts expected = the_long_way(row, experiment, plan);
      for (std::size_t m = 0; m < plan.metrics.size(); ++m) {
        ASSERT_TRUE(same(facts.metrics[m], expected.metrics[m])) << plan.metrics[m].name;
      }
    }
    EXPECT_GT(quiet[0], 100);
    EXPECT_EQ(quiet[1] > 0, per_visitor == 0) << "each costs, with or without an order";
  }
}

// Facts are reused from row to row: nothing of the row before may be left.
TEST(Quiet, FactsSayNothingOfTheRowBefore) {
  World world;
  const Experiment& experiment = world.experiment("fit-help");
  const Plan plan = plan_of(experiment, {100'000}, {});
  UnitFacts reused;
  reused.resize_for(plan);
  std::mt19937_64 random(3);
  int quiet = 0;
  for (int i = 0; i < 5'000; ++i) {
    const Exposure row = drawn(random, experiment);
    UnitFacts fresh;
    fresh.resize_for(plan);
    ASSERT_TRUE(fill_stored(row, experiment, plan, World::kNow, fresh));
    ASSERT_TRUE(fill_stored(row, experiment, plan, World::kNow, reused));
    EXPECT_EQ(reused.quiet, fresh.quiet);
    quiet += fresh.quiet ? 1 : 0;
    for (std::size_t m = 0; m < plan.metrics.size(); ++m) {
      ASSERT_TRUE(same(reused.metrics[m], fresh.metrics[m])) << i << ", " << plan.metrics[m].name;
      if (!fresh.quiet) continue;
      EXPECT_EQ(fresh.metrics[m].observed, plan.metrics[m].of_whom.empty()
                                               ? plan.metrics[m].asked == Asked::kNothing
                                               : row.covariates.hesitates());
      EXPECT_EQ(fresh.metrics[m].value, 0);
      EXPECT_EQ(fresh.metrics[m].second, 0);
    }
  }
  EXPECT_GT(quiet, 500);
  EXPECT_LT(quiet, 1'000) << "each thing that may happen is heard of";
}

// The same rows twice: as a source tells them, and without its word of who is quiet.
struct BothWays {
  World world;
  const Experiment& experiment = world.experiment("fit-help");
  const Plan plan = plan_of(experiment, {100'000}, {});
  Sums told{plan}, untold{plan};

  void add(const Exposure& row) {
    EXPECT_TRUE(fill_stored(row, experiment, plan, World::kNow, facts_));
    EXPECT_TRUE(told.add(facts_).has_value());
    UnitFacts loud = facts_;
    loud.quiet = false;
    EXPECT_TRUE(untold.add(loud).has_value());
  }

 private:
  UnitFacts facts_ = [this] {
    UnitFacts facts;
    facts.resize_for(plan);
    return facts;
  }();
};

TEST(Quiet, SumsAreThoseOfTheLongWay) {
  BothWays both;
  const Plan& plan = both.plan;
  std::mt19937_64 random(4);
  for (int i = 0; i < 5'000; ++i) both.add(drawn(random, both.experiment));
  for (Day day = both.told.first_day(); day < both.told.end_day(); ++day) {
    const DaySums *a = both.told.day(day), *b = both.untold.day(day);
    ASSERT_TRUE(a != nullptr && b != nullptr);
    for (std::size_t arm = 0; arm < plan.arms.size(); ++arm) {
      EXPECT_GT(a->quiet[arm], 0);
      for (std::size_t m = 0; m < plan.metrics.size(); ++m) {
        EXPECT_EQ(a->everybody(plan, arm, m), b->everybody(plan, arm, m)) << plan.metrics[m].name;
      }
    }
  }
}

// To the day on which a gate should open: of a share it is told by how many did not, too.
TEST(Quiet, AReportIsThatOfTheLongWay) {
  BothWays both;
  for (int i = 0; i < 2'000; ++i) {
    Exposure row;
    row.experiment = both.experiment.id;
    row.at = World::kNow - days(35 + i / 10 % 4);
    row.treated = i % 10 != 0;
    row.covariates = {.intent_level = IntentLevel::kLikely, .intent = i % 3 == 0 ? "" : "fit"};
    if (i / 10 % 5 == 0) row.follow_up.unsubscribes = 1;
    if (i / 10 % 50 == 1) row.follow_up.returns = 1;
    both.add(row);
  }
  AnalyseOptions options;
  options.now = World::kNow;
  const auto here = analyse(both.plan, both.told, options);
  const auto there = analyse(both.plan, both.untold, options);
  ASSERT_TRUE(here.has_value() && there.has_value());
  EXPECT_EQ(to_string(json::value(to_json(*here))), to_string(json::value(to_json(*there))));
}

TEST(Quiet, WhatIsTooLargeIsRefused) {
  World world;
  const Plan plan = plan_of(world.experiment("fit-help"), {100'000}, {});
  Sums sums(plan);
  UnitFacts facts;
  facts.resize_for(plan);
  facts.quiet = true;
  facts.metrics[0].covariate = kLargestFact;
  EXPECT_TRUE(sums.add(facts).has_value());
  facts.metrics[0].covariate = kLargestFact + 1;
  EXPECT_FALSE(sums.add(facts).has_value());
}

}  // namespace
}  // namespace tact::internal
