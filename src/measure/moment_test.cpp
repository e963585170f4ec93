// Rows of `facts` as units: nothing that a row knows goes to the wrong place.
#include "measure/internal/moment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "measure/cut.h"
#include "measure/report_test_util.h"

namespace tact {
namespace {

constexpr Time kNow = World::kNow;

Experiment with_goals() {
  Experiment experiment;
  experiment.id = 7;
  experiment.moment = "fit-help";
  experiment.expect = {true, 0};
  experiment.goals.resize(2);
  experiment.goals[0].key = 1;
  experiment.goals[0].goal.id = "orders";
  experiment.goals[0].goal.value_from_total = true;
  experiment.goals[0].goal.within = days(14);
  experiment.goals[1].key = 2;
  experiment.goals[1].goal.id = "returns";
  return experiment;
}

Experiment ab() {
  Experiment experiment = with_goals();
  experiment.name = "tone";
  experiment.arms = {{"plain", Arm::Kind::kMoment, {500'000}},
                     {"warm", Arm::Kind::kMoment, {250'000}},
                     {"generic", Arm::Kind::kGeneric, {250'000}}};
  return experiment;
}

UnitFacts unit_of(const Exposure& row, const Experiment& experiment) {
  const Plan plan = internal::plan_of(experiment, {100'000}, {});
  EXPECT_TRUE(check_plan(plan).has_value());
  UnitFacts facts;
  facts.resize_for(plan);
  EXPECT_TRUE(fill_stored(row, experiment, plan, kNow, facts));
  return facts;
}

const MetricFacts& metric(const UnitFacts& facts, const Experiment& experiment,
                          const std::string& name) {
  const Plan plan = internal::plan_of(experiment, {100'000}, {});
  for (std::size_t m = 0; m < plan.metrics.size(); ++m) {
    if (plan.metrics[m].name == name) return facts.metrics[m];
  }
  ADD_FAILURE() << name;
  return facts.metrics[0];
}

TEST(Moment, GoalsMoneyAndCreditGoWhereTheyBelong) {
  const Experiment experiment = with_goals();
  Exposure row;
  row.at = kNow - days(40);
  row.treated = true;
  row.prior_orders = 3;
  row.prior_value_minor = 12'345;
  row.goals = {{.goal = 2, .count = 5},
               {.goal = 1,
                .count = 2,
                .value_minor = 9'900,
                .attributed = 1,
                .linear = 1'500'000,
                .position = 1'400'000}};
  const UnitFacts facts = unit_of(row, experiment);
  EXPECT_EQ(facts.arm, 1u);
  const MetricFacts& orders = metric(facts, experiment, "orders");
  EXPECT_EQ(orders.value, 2);
  EXPECT_EQ(orders.covariate, 3);
  EXPECT_EQ(orders.credit, (Credit{1, 1'500'000, 1'400'000}));
  EXPECT_EQ(metric(facts, experiment, "orders value").value, 9'900);
  EXPECT_EQ(metric(facts, experiment, "orders value").covariate, 12'345);
  EXPECT_EQ(metric(facts, experiment, "returns").value, 5);
}

TEST(Moment, WhatCameLaterIsToldOfThoseWhoWereAsked) {
  const Experiment experiment = with_goals();
  Exposure row;
  row.at = kNow - days(100);
  FollowUp& after = row.follow_up;
  after.value_minor = {5'000, 0, 2'000, 0, 0, 0};
  after.refund_minor = 1'500;
  UnitFacts facts = unit_of(row, experiment);
  EXPECT_EQ(facts.arm, 0u);
  EXPECT_EQ(metric(facts, experiment, "value less refunds").value, 5'500);
  EXPECT_FALSE(metric(facts, experiment, "satisfaction").observed);
  EXPECT_FALSE(metric(facts, experiment, "remembered").observed);
  after.ratings = 2;
  after.rating_milli = 9'000;
  after.recall_asked = 1;
  facts = unit_of(row, experiment);
  EXPECT_TRUE(metric(facts, experiment, "satisfaction").observed);
  EXPECT_EQ(metric(facts, experiment, "satisfaction").value, 9'000);
  EXPECT_EQ(metric(facts, experiment, "satisfaction").second, 2);
  EXPECT_TRUE(metric(facts, experiment, "remembered").observed);
  EXPECT_EQ(metric(facts, experiment, "remembered").value, 0);
}

// Of who did not hesitate nothing can come back.
TEST(Moment, WhoHesitatedIsAskedWhetherTheyDidSoAgain) {
  const Experiment experiment = with_goals();
  Exposure row;
  row.at = kNow - days(100);
  const auto told = [&] {
    const MetricFacts facts = metric(unit_of(row, experiment), experiment, "hesitated again");
    return facts.observed ? std::to_string(facts.value) : "-";
  };
  row.covariates = {.intent_level = IntentLevel::kMaybe, .intent = "fit"};
  EXPECT_EQ(told(), "-");
  row.covariates.intent_level = IntentLevel::kLikely;
  EXPECT_EQ(told(), "0") << "whether they came back or not";
  row.follow_up.again_day = 30;
  EXPECT_EQ(told(), "1");
  row.covariates.intent_level = IntentLevel::kSure;
  EXPECT_EQ(told(), "1");
}

// One row after the other is read into the same unit.
TEST(Moment, NothingOfAHesitationIsLeftForTheNextRow) {
  const Experiment experiment = with_goals();
  const Plan plan = internal::plan_of(experiment, {100'000}, {});
  UnitFacts facts;
  facts.resize_for(plan);
  Exposure row;
  row.at = kNow - days(100);
  row.covariates = {.intent_level = IntentLevel::kSure, .intent = "fit"};
  row.follow_up.again_day = 3;
  EXPECT_TRUE(fill_stored(row, experiment, plan, kNow, facts));
  row.covariates = {};
  row.follow_up = {};
  EXPECT_TRUE(fill_stored(row, experiment, plan, kNow, facts));
  const MetricFacts& next = metric(facts, experiment, "hesitated again");
  EXPECT_FALSE(next.observed);
  EXPECT_EQ(next.value, 0);
}

// With so many goals that there is room for one of the two, the verdict's guardrails have it.
TEST(Moment, HesitationGivesWayToAllOthers) {
  Experiment experiment = with_goals();
  experiment.goals.resize(1);
  constexpr std::size_t kMoneyLaterAndGuards = 1 + 3 + 4;
  while (experiment.goals.size() < kMostMetrics - kMoneyLaterAndGuards) {
    experiment.goals.emplace_back().goal.id = "goal-" + std::to_string(experiment.goals.size());
  }
  const auto counted = [&] {
    const Plan plan = internal::plan_of(experiment, {100'000}, {});
    EXPECT_TRUE(check_plan(plan).has_value());
    std::pair<int, int> guards_and_again;
    for (const Metric& metric : plan.metrics) {
      guards_and_again.first += metric.standing ? 1 : 0;
      guards_and_again.second += metric.of_whom.empty() ? 0 : 1;
    }
    return guards_and_again;
  };
  EXPECT_EQ(counted(), std::pair(4, 0));
  experiment.goals.pop_back();
  EXPECT_EQ(counted(), std::pair(4, 1));
}

// They are final after the month in which answers count, so they speak then.
TEST(Moment, SurveysHaveTheirOwnWindow) {
  const Experiment experiment = with_goals();
  const Plan plan = internal::plan_of(experiment, {100'000}, {});
  int asked = 0;
  for (const Metric& metric : plan.metrics) {
    if (metric.asked == Asked::kNothing) continue;
    EXPECT_EQ(metric.within, days(30)) << metric.name;
    ++asked;
  }
  EXPECT_EQ(asked, 2);
}

TEST(Moment, CurvesKnowTheFirstDayOrTheLastOneSeen) {
  const Experiment experiment = with_goals();
  Exposure row;
  row.at = kNow - days(10) - 1h;  // day 9 is over, day 10 is not
  row.follow_up.visit_days.add(0);
  UnitFacts facts = unit_of(row, experiment);
  EXPECT_TRUE(facts.curves[0].counts);
  EXPECT_FALSE(facts.curves[0].event);  // the exposure's own day is no coming back
  EXPECT_EQ(facts.curves[0].day, 9);
  row.follow_up.visit_days.add(4);
  row.follow_up.visit_days.add(7);
  row.follow_up.order_days.add(0);
  row.follow_up.full_price_day = 8;  // day 7
  facts = unit_of(row, experiment);
  EXPECT_TRUE(facts.curves[0].event);
  EXPECT_EQ(facts.curves[0].day, 4);
  EXPECT_FALSE(facts.curves[1].event);  // a first order is no repeat
  EXPECT_EQ(facts.curves[1].day, 9);
  EXPECT_EQ(facts.curves[2].day, 7);
  row.prior_orders = 1;
  EXPECT_TRUE(unit_of(row, experiment).curves[1].event);
  EXPECT_EQ(unit_of(row, experiment).curves[1].day, 0);
  row.prior_orders = 0;
  row.follow_up.order_days.add(5);
  EXPECT_TRUE(unit_of(row, experiment).curves[1].event);
  EXPECT_EQ(unit_of(row, experiment).curves[1].day, 5);
  // An event of a day that is not over yet is not counted before those without one can be.
  row.follow_up.full_price_day = 11;
  EXPECT_FALSE(unit_of(row, experiment).curves[2].event);
  row.at = kNow - 2h;
  EXPECT_FALSE(unit_of(row, experiment).curves[0].counts);
}

TEST(Moment, SegmentsAreWhatWasKnownBefore) {
  const Experiment experiment = with_goals();
  Exposure row;
  row.at = kNow - days(1);
  EXPECT_THAT(unit_of(row, experiment).cells,
              ::testing::ElementsAre(-1, 0, 0, -1, -1, -1, -1, -1, -1, -1));
  row.device = Device::kTablet;
  row.visit_number = 2;
  row.prior_orders = 2;
  row.covariates.intent_level = IntentLevel::kLikely;
  row.covariates.source = TrafficSource::kDirect;
  row.covariates.language = "de";
  row.account = 99;
  const UnitFacts facts = unit_of(row, experiment);
  const Plan plan = internal::plan_of(experiment, {100'000}, {});
  std::vector<std::string> names;
  for (std::size_t d = 0; d < 6; ++d) {
    names.push_back(plan.dimensions[d].cells[static_cast<std::size_t>(facts.cells[d])]);
  }
  EXPECT_THAT(names, ::testing::ElementsAre("tablet", "returning", "1 or 2", "likely",
                                            std::string(to_string(TrafficSource::kDirect)), "de"));
  EXPECT_EQ(facts.cluster, 99u);
}

TEST(Moment, WhatIsFoundInTheRowsHasCellsOfItsOwn) {
  const Experiment experiment = with_goals();
  internal::OpenValues page_types, intents, stages;
  for (int i = 0; i < 60; ++i) {
    page_types.add("product", 0);
    intents.add("unsure_about_fit", 0);
    intents.add("none leads", 0);
    stages.add("decision", 0);
  }
  const internal::Opened opened = {internal::OpenCells{}, page_types.name({}), intents.name({}),
                                   stages.name({})};
  const Plan plan = internal::plan_of(experiment, {100'000}, {}, opened);
  ASSERT_TRUE(check_plan(plan).has_value());
  ASSERT_EQ(plan.dimensions.size(), 10u);
  Exposure row;
  row.at = kNow - days(1);
  UnitFacts facts;
  facts.resize_for(plan);
  const auto cells = [&] {
    EXPECT_TRUE(fill_stored(row, experiment, plan, kNow, facts, opened));
    std::vector<std::string> names;
    for (std::size_t d = 6; d < plan.dimensions.size(); ++d) {
      const std::int32_t cell = facts.cells[d];
      names.push_back(plan.dimensions[d].name + ": " +
                      (cell < 0 ? "-" : plan.dimensions[d].cells[static_cast<std::size_t>(cell)]));
    }
    return names;
  };
  EXPECT_THAT(cells(),
              ::testing::ElementsAre("region: -", "page type: -", "intent: -", "stage: -"));
  row.covariates = {.intent_level = IntentLevel::kSure,
                    .intent = "unsure_about_fit",
                    .stage = "decision",
                    .region = "DE-BY",
                    .page_type = "product"};
  EXPECT_THAT(cells(), ::testing::ElementsAre("region: -", "page type: product",
                                              "intent: unsure_about_fit", "stage: decision"));
  row.covariates = {
      .intent_level = IntentLevel::kUnclear, .stage = "research", .page_type = "cart"};
  EXPECT_THAT(cells(), ::testing::ElementsAre("region: -", "page type: other", "intent: none leads",
                                              "stage: other"));
}

// So many visitors in each arm on each of four days, and those of them who reached the goal.
void add_country(World& world, const std::string& region, int visitors, int held, int shown) {
  for (int day = 30; day < 34; ++day) {
    for (const bool treated : {false, true}) {
      Group group;
      group.visitors = visitors;
      group.reached = treated ? shown : held;
      group.treated = treated;
      group.days_ago = day;
      group.before = {.intent_level = IntentLevel::kLikely,
                      .intent = "unsure_about_fit",
                      .region = region,
                      .page_type = "product"};
      world.add(group);
    }
  }
}

const SegmentFinding& segment(const Findings& report, std::string_view name) {
  for (const SegmentFinding& one : report.segments) {
    if (report.plan.dimensions[one.dimension].name == name) return one;
  }
  ADD_FAILURE() << name;
  return report.segments.front();
}

TEST(Moment, AReportTellsWhetherTheEffectDependsOnTheRegion) {
  World world;
  world.playbook().moments[0].hold_back = {500'000};
  world.relearn();
  add_country(world, "DE", 1'000, 75, 175);
  add_country(world, "AT", 1'000, 75, 77);
  add_country(world, "LI", 5, 1, 1);
  const Findings report = world.report();
  const SegmentFinding& regions = segment(report, "region");
  ASSERT_EQ(regions.cells.size(), 3u);
  EXPECT_EQ(regions.cells[0].name, "AT");
  EXPECT_EQ(regions.cells[2].name, "other");
  EXPECT_TRUE(regions.cells[2].withheld) << "forty of Liechtenstein";
  // Were the other two shown, everybody less both would be the forty.
  EXPECT_TRUE(regions.cells[0].withheld);
  EXPECT_EQ(regions.not_shown, 10'040) << "and Germany's last day, which waits for Austria";
  ASSERT_TRUE(regions.cells[1].difference[0]);
  EXPECT_NEAR(regions.cells[1].difference[0]->estimate, 0.1, 1e-12);
  EXPECT_EQ(segment(report, "page type").cells[0].name, "product");
  EXPECT_EQ(segment(report, "intent").cells[0].name, "unsure_about_fit");
  add_country(world, "CH", 1'000, 75, 72);
  const Findings more = world.report();
  const SegmentFinding& three = segment(more, "region");
  ASSERT_EQ(three.interactions.size(), 1u);
  EXPECT_TRUE(three.interactions[0].differs);
  EXPECT_EQ(three.says, "The effect depends on region.");
}

TEST(Moment, AReportTellsWhetherTheEffectDependsOnTheStage) {
  World world;
  world.playbook().moments[0].hold_back = {500'000};
  world.relearn();
  for (const auto& [stage, shown] : {std::pair{"research", 300}, {"decision", 700}, {"", 300}}) {
    for (const bool treated : {false, true}) {
      Group group;
      group.visitors = 4'000;
      group.reached = treated ? shown : 300;
      group.treated = treated;
      group.before.stage = stage;
      world.add(group);
    }
  }
  const Findings report = world.report();
  const SegmentFinding& stages = segment(report, "stage");
  ASSERT_EQ(stages.cells.size(), 3u);
  EXPECT_EQ(stages.cells[0].name, "decision");
  EXPECT_EQ(stages.cells[0].arms[1].total, 700.0);
  EXPECT_EQ(stages.cells[1].name, "research");
  EXPECT_EQ(stages.cells[1].arms[1].units, 4'000);
  EXPECT_EQ(stages.not_shown, 8'000) << "of whom no stage was told";
  EXPECT_EQ(stages.says, "The effect depends on stage.");
  EXPECT_TRUE(segment(report, "intent").cells.empty());
}

TEST(Moment, RegionsOfSimulatedVisitorsAreNotFoundWhereTheyAreLeftOut) {
  World world;
  add_country(world, "DE", 25, 3, 3);
  Group simulated;
  simulated.visitors = 500;
  simulated.simulated = true;
  simulated.before.region = "FR";
  world.add(simulated);
  ReportOptions options{World::kNow};
  EXPECT_EQ(segment(world.report("fit-help", options), "region").cells.size(), 3u);
  options.include_simulated = false;
  const Findings report = world.report("fit-help", options);
  ASSERT_EQ(segment(report, "region").cells.size(), 2u);
  EXPECT_EQ(segment(report, "region").cells[0].name, "DE");
}

TEST(Moment, SmallCellsOfSimulatedVisitorsAreNamedWhereAsked) {
  World world;
  Group few;
  few.visitors = 3;
  few.simulated = true;
  few.before.region = "FR";
  world.add(few);
  ReportOptions options{World::kNow};
  options.small_cells = true;
  EXPECT_EQ(segment(world.report("fit-help", options), "region").cells[0].name, "FR");
  Group real = few;
  real.simulated = false;
  world.add(real);
  EXPECT_EQ(segment(world.report("fit-help", options), "region").cells[0].name, "other");
}

TEST(Moment, AnABExperimentHasItsArmsWithTheirWeights) {
  const Experiment experiment = ab();
  const Plan plan = internal::plan_of(experiment, {}, {});
  ASSERT_EQ(plan.arms.size(), 3u);
  EXPECT_EQ(plan.name, "tone");
  EXPECT_EQ(plan.arms[0].name, "plain");
  EXPECT_EQ(plan.arms[2].weight, 0.25);
  Exposure row;
  row.is_arm = true;
  row.variant = "generic";
  EXPECT_EQ(unit_of(row, experiment).arm, 2u);
  row.variant = "gone";
  UnitFacts facts;
  facts.resize_for(plan);
  EXPECT_FALSE(fill_stored(row, experiment, plan, kNow, facts));
}

TEST(Moment, AnABExperimentIsReportedLikeAMoment) {
  World world;
  const Experiment experiment = ab();
  Batch batch;
  std::uint64_t next = 0;
  const auto add = [&](const char* arm, int visitors, int reached) {
    for (int i = 0; i < visitors; ++i) {
      Exposure row;
      row.experiment = experiment.id;
      row.at = kNow - days(30);
      row.treated = arm != std::string("plain");
      row.is_arm = true;
      row.variant = arm;
      if (i < reached) row.goals = {{.goal = 1, .count = 1, .value_minor = 5'000}};
      ByteWriter out;
      row.encode(out);
      VisitorId visitor;
      const std::uint64_t number = hash64(std::to_string(++next));
      for (std::size_t b = 0; b < 8; ++b) {
        visitor.bytes[b] = static_cast<std::uint8_t>(number >> (8 * b));
      }
      batch.put(Family::kFacts, keys::facts(experiment.id, visitor), out.take());
    }
  };
  add("plain", 4'000, 400);
  add("warm", 2'000, 340);
  add("generic", 2'000, 195);
  world.write(batch);
  const auto report = report_experiment(world.store(), experiment, {kNow});
  ASSERT_TRUE(report.has_value()) << report.error().to_text();
  EXPECT_EQ(report->verdict, Verdict::kHelps);
  EXPECT_THAT(report->says, ::testing::StartsWith("warm helps: about 70 more orders per 1,000"));
  EXPECT_THAT(report->says, ::testing::HasSubstr("generic: not clear yet: "));
  EXPECT_FALSE(report->ratio.failed);
  EXPECT_EQ(report->units(), 8'000);
}

}  // namespace
}  // namespace tact
