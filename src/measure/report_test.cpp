// Rows written by hand into a real store, with known counts, give exact figures.
#include "measure/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "measure/report_json.h"
#include "measure/report_test_util.h"

namespace tact {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

void add_helping(World& world, const std::string& moment = "fit-help") {
  world.add({.visitors = 9'000, .reached = 900, .treated = true, .attributed = 700}, moment);
  world.add({.visitors = 1'000, .reached = 60, .treated = false}, moment);
}

TEST(Report, ExactFiguresOfKnownCounts) {
  World world;
  add_helping(world);
  const Findings report = world.report();
  const MetricFinding& orders = *report.primary();
  EXPECT_EQ(report.metric(orders).name, "orders");
  EXPECT_EQ(orders.arms[1].units, 9'000);
  EXPECT_EQ(orders.arms[1].reached, 900);
  EXPECT_EQ(orders.arms[0].total, 60);
  EXPECT_EQ(orders.arms[1].credited.last, 700);
  EXPECT_EQ(orders.arms[0].credited.last, 0);
  ASSERT_NE(orders.of(1), nullptr);
  const Comparison& effect = *orders.of(1);
  EXPECT_NEAR(effect.difference.estimate, 0.04, 1e-12);
  EXPECT_NEAR(effect.incremental.estimate, 360.0, 1e-8);
  EXPECT_NEAR(effect.incremental.low, effect.difference.low * 9'000, 1e-8);
  // Welch by hand: sqrt(.1 * .9 / 8999 + .06 * .94 / 999) = 0.00815215; t(0.025, 1379) = 1.961684.
  EXPECT_NEAR(effect.fixed.low, 0.04 - 1.961684 * 0.00815215, 1e-7);
  EXPECT_NEAR(effect.fixed.high, 0.04 + 1.961684 * 0.00815215, 1e-7);
  EXPECT_LT(effect.difference.low, effect.fixed.low);  // always valid is wider
  EXPECT_GT(effect.difference.low, 0.0);
  EXPECT_NEAR(effect.lift.estimate.value(), 2.0 / 3.0, 1e-12);
  EXPECT_NEAR(report.smallest_effect, 0.006, 1e-12);
  const MetricFinding& value = report.metrics[2];
  EXPECT_EQ(report.metric(value).value_of, 0u);
  EXPECT_EQ(value.arms[1].total, 45'000.0);
  ASSERT_NE(value.of(1), nullptr);
  EXPECT_NEAR(value.of(1)->difference.estimate, 0.04 * 50, 1e-12);
  ASSERT_TRUE(value.of(1)->capped.has_value());  // all orders alike: nothing to cap
  EXPECT_EQ(value.of(1)->capped->units, 0);
  EXPECT_NEAR(report.credit.captured->estimate, 340.0, 1e-8);
}

TEST(Report, WordsOfAMomentThatHelps) {
  World world;
  add_helping(world);
  const Findings report = world.report();
  EXPECT_EQ(report.verdict, Verdict::kHelps);
  EXPECT_EQ(
      report.says,
      "It helps: about 40 more orders per 1,000 visitors who want to be sure about the size.");
  EXPECT_EQ(report.hypothesis.held, true);
  EXPECT_EQ(report.hypothesis_says, "The hypothesis held: more orders.");
  EXPECT_EQ(
      report.credited_says,
      "Last click would credit it with 700 orders; about 340 of those would have come anyway.");
  EXPECT_EQ(report.note, "");
}

// The interval of what was created spans 0, but not all that is credited fits into it.
TEST(Report, WhatMustHaveComeAnywayIsSaidBeforeAnythingElseIs) {
  World world;
  world.add({.visitors = 1'000, .reached = 100, .treated = false});
  world.add({.visitors = 9'000, .reached = 905, .attributed = 900});
  const Findings report = world.report();
  ASSERT_LT(report.credit.created->low, 0.0);
  ASSERT_GT(report.credit.created->high, 0.0);
  const auto anyway = static_cast<int>(std::ceil(900 - report.credit.created->high));
  ASSERT_GT(anyway, 100);
  EXPECT_EQ(report.credited_says, "Last click would credit it with 900 orders; at least " +
                                      std::to_string(anyway) +
                                      " of those would have come anyway, perhaps all.");
}

TEST(Report, HurtsAndRefutesTheHypothesis) {
  World world;
  world.add({.visitors = 9'000, .reached = 540, .treated = true, .attributed = 500});
  world.add({.visitors = 1'000, .reached = 120, .treated = false});
  const Findings report = world.report();
  EXPECT_EQ(report.verdict, Verdict::kHurts);
  EXPECT_THAT(report.says, StartsWith("It hurts: about 60 fewer orders per 1,000 visitors"));
  EXPECT_EQ(report.hypothesis.held, false);
  EXPECT_EQ(report.hypothesis_says, "The hypothesis did not hold: fewer orders, not more orders.");
  EXPECT_EQ(report.credited_says,
            "Last click would credit it with 500 orders; in truth about 540 were lost.");
}

TEST(Report, FewerIsHelpWhereFewerWasExpected) {
  World world;
  world.playbook().moments[0].expect.more = false;
  world.relearn();
  add_helping(world);
  EXPECT_EQ(world.report().verdict, Verdict::kHurts);
}

TEST(Report, NoEffectWorthCaringAboutNeedsANarrowInterval) {
  World world;
  world.playbook().moments[0].hold_back = {500'000};
  world.add({.visitors = 20'000, .reached = 10'000, .treated = true});
  world.add({.visitors = 20'000, .reached = 10'000, .treated = false});
  const Findings report = world.report();
  EXPECT_EQ(report.verdict, Verdict::kNoEffect);
  EXPECT_THAT(report.says, StartsWith("No effect worth caring about: at most "));
  EXPECT_EQ(report.hypothesis.held, false);
}

TEST(Report, NotClearWhileTheIntervalHoldsBoth) {
  World world;
  world.add({.visitors = 9'000, .reached = 600, .treated = true});
  world.add({.visitors = 1'000, .reached = 60, .treated = false});
  const Findings report = world.report();
  EXPECT_EQ(report.verdict, Verdict::kNotClear);
  EXPECT_THAT(report.says, HasSubstr(" fewer to "));
  EXPECT_EQ(report.hypothesis.held, std::nullopt);
}

TEST(Report, YoungVisitorsAreProvisionalPerGoal) {
  World world;
  add_helping(world);
  world.add({.visitors = 100, .reached = 90, .treated = true, .days_ago = 16});  // 20 d of returns
  world.add({.visitors = 50, .reached = 40, .treated = true, .days_ago = 13});
  world.add(
      {.visitors = 60, .reached = 1, .treated = true, .days_ago = 15});  // closes with its day
  const Findings report = world.report();
  const ArmCounts& orders = report.metrics[0].arms[1];
  EXPECT_EQ(orders.exposed, 9'210);
  EXPECT_EQ(orders.units, 9'160);
  EXPECT_EQ(orders.reached, 991);
  EXPECT_EQ(orders.provisional(), 50);
  EXPECT_EQ(orders.provisional_reached, 40);
  EXPECT_EQ(report.metric(report.metrics[1]).name, "returns");
  EXPECT_EQ(report.metrics[1].arms[1].provisional(), 210);
}

// A day counts once it is over for all of its visitors.
TEST(Report, ADayClosesWhole) {
  World world;
  world.add({.visitors = 100, .reached = 60, .treated = true, .days_ago = 14});
  world.add({.visitors = 100, .reached = 60, .treated = false, .days_ago = 14});
  EXPECT_EQ(world.report().primary()->arms[1].units, 0);
  EXPECT_EQ(world.report("fit-help", {World::kNow + 8h}).primary()->arms[1].units, 100);
}

TEST(Report, SeveralOutcomesOfAVisitorCountAndReachOnce) {
  World world;
  world.add({.visitors = 900, .reached = 80, .treated = true, .orders_each = 3});
  world.add({.visitors = 100, .reached = 50, .treated = false});
  const Findings report = world.report();
  EXPECT_EQ(report.primary()->arms[1].reached, 80);
  EXPECT_EQ(report.primary()->arms[1].total, 240);
  EXPECT_NEAR(report.primary()->of(1)->difference.estimate, 240.0 / 900 - 0.5, 1e-12);
}

TEST(Report, TheGateOpensAtFiftyInEachArm) {
  for (const int reached : {49, 50}) {
    World world;
    world.add({.visitors = 9'000, .reached = 900, .treated = true});
    world.add({.visitors = 1'000, .reached = reached, .treated = false});
    const Findings report = world.report();
    EXPECT_EQ(report.primary()->of(1) != nullptr, reached == 50);
    EXPECT_EQ(report.verdict == Verdict::kNotEnoughData, reached == 49);
  }
}

TEST(Report, ExpectsTheGateAtThePaceOfClosedVisitors) {
  World world;  // 16 closed days: 25 of 50 take as long again
  world.add({.visitors = 900, .reached = 90, .treated = true});
  world.add({.visitors = 100, .reached = 25, .treated = false});
  const Findings report = world.report();
  EXPECT_EQ(report.says, "Not enough data yet — about 16 more days.");
  EXPECT_EQ(report.primary()->expected_at, start_of(day_of(World::kNow) + 16)) << "a whole day";
  ASSERT_EQ(report.primary()->lacking.size(), 1u);
  EXPECT_EQ(report.primary()->lacking[0].arm, 0u);
  EXPECT_EQ(report.primary()->lacking[0].missing, 25);
  EXPECT_EQ(report.note,
            "Each arm needs visitors who placed an order and whose 14 days are over: held back has "
            "25 of 50.");
}

TEST(Report, BeforeAnyWindowClosesTheYoungTellThePace) {
  World world;  // 5 days: 10 of 50 in the held-back arm → 20 more days, and their 14
  world.add({.visitors = 900, .reached = 60, .treated = true, .days_ago = 5});
  world.add({.visitors = 100, .reached = 10, .treated = false, .days_ago = 5});
  EXPECT_EQ(world.report().says, "Not enough data yet — about 34 more days.");
}

TEST(Report, SaysNoDateWhereThereIsNone) {
  World world;
  EXPECT_EQ(world.report().says, "Not enough data yet — nobody has met it so far.");
  world.add({.visitors = 900, .reached = 60, .treated = true});
  world.add({.visitors = 100, .reached = 0, .treated = false});
  const Findings report = world.report();
  EXPECT_EQ(report.says, "Not enough data yet.");
  EXPECT_EQ(report.primary()->expected_at, std::nullopt);
}

TEST(Report, AFailedSampleRatioBlocksTheVerdictAndEveryEffect) {
  World world;
  world.add({.visitors = 8'000, .reached = 900, .treated = true, .returned = 100});
  world.add({.visitors = 2'000, .reached = 100, .treated = false, .returned = 100});
  const Findings report = world.report();
  EXPECT_TRUE(report.ratio.failed);
  EXPECT_EQ(report.verdict, Verdict::kCannotBeJudged);
  EXPECT_EQ(report.says, "It cannot be judged: the arms are not what they should be.");
  EXPECT_THAT(report.note,
              StartsWith("10.0\u00a0% of the visitors were to be held back, 20.0\u00a0% are."));
  for (const MetricFinding& metric : report.metrics) EXPECT_TRUE(metric.against.empty());
}

TEST(Report, AFewVisitorsCannotFailTheSampleRatio) {
  World world;  // chi-squared of 1 in 1 at 10 % would say p = 0.003, of 3 in 3 p < 10^-6
  world.add({.visitors = 3, .treated = false});
  const Findings report = world.report();
  EXPECT_FALSE(report.ratio.checked);
  EXPECT_EQ(report.verdict, Verdict::kNotEnoughData);
}

TEST(Report, WithoutHoldBackThereIsNothingToCompare) {
  World world;
  world.playbook().moments[0].hold_back = {0};
  world.add({.visitors = 900, .reached = 60, .treated = true});
  EXPECT_EQ(world.report().says,
            "It cannot be judged: nobody is held back, so nothing can be compared.");
}

TEST(Report, AllDoingTheSameHasNoInterval) {
  World world;
  world.add({.visitors = 900, .reached = 900, .treated = true});
  world.add({.visitors = 100, .reached = 100, .treated = false});
  EXPECT_EQ(world.report().says, "It cannot be judged: all visitors of both arms did the same.");
}

TEST(Report, SimulatedRowsAreMarkedOrLeftOut) {
  World world;
  add_helping(world);
  EXPECT_FALSE(world.all().simulated);
  const std::string before = world.report().data_hash;
  world.add({.visitors = 30, .reached = 30, .treated = true, .simulated = true});
  EXPECT_TRUE(world.report().simulated());
  EXPECT_TRUE(world.all().simulated);
  const Findings real = world.report("fit-help", {World::kNow, 0.05, false});
  EXPECT_EQ(real.left_out_simulated, 30);
  EXPECT_EQ(real.primary()->arms[1].units, 9'000);
  EXPECT_EQ(real.data_hash, before);
}

TEST(Report, AGuardrailThatIsWorseTurnsTheSentence) {
  World world;
  world.add({.visitors = 9'000, .reached = 900, .treated = true, .returned = 2'000});
  world.add({.visitors = 1'000, .reached = 60, .treated = false, .returned = 60});
  const Findings report = world.report();
  EXPECT_EQ(report.verdict, Verdict::kAtACost);
  EXPECT_EQ(report.says,
            "It helps, but at a cost: about 40 more orders per 1,000 visitors who want to be sure "
            "about the size, at the price of 162 more returns.");
  EXPECT_EQ(report.guardrails_says,
            "Not at the cost of more returns: worse by more than 10\u00a0%.");
  EXPECT_EQ(report.hypothesis.held, true);
  const json::object text = to_json(report);
  EXPECT_EQ(text.at("not_at_the_cost_of").at("verdict").as_string(), "worse");
}

TEST(Report, AGuardrailThatIsNotWorseLeavesTheVerdict) {
  World world;
  world.playbook().moments[0].hold_back = {500'000};
  world.add({.visitors = 20'000, .reached = 2'400, .treated = true, .returned = 8'000});
  world.add({.visitors = 20'000, .reached = 2'000, .treated = false, .returned = 8'000});
  const Findings report = world.report();
  EXPECT_EQ(report.verdict, Verdict::kHelps);
  EXPECT_EQ(report.guardrails_says, "Not at the cost of more returns: not worse by 10\u00a0%.");
}

// Experiment::goals holds the primary one first: the cost's index in the playbook is another.
TEST(Report, CostIsFoundWhereThePrimaryGoalIsNotTheFirst) {
  World world;
  Moment& moment = world.playbook().moments[0];
  moment.expect = {false, 1};
  moment.not_at_the_cost_of = {false, 0};
  world.relearn();
  world.add({.visitors = 9'000, .reached = 800, .treated = true, .returned = 300});
  world.add({.visitors = 1'000, .reached = 90, .treated = false, .returned = 90});
  const Findings report = world.report();
  EXPECT_EQ(report.metric(*report.primary()).name, "returns");
  EXPECT_EQ(report.hypothesis_says, "The hypothesis held: fewer returns.");
  const Metric& orders = report.metric(report.metrics[1]);
  EXPECT_EQ(orders.name, "orders");
  EXPECT_EQ(orders.role, MetricRole::kGuardrail);
  EXPECT_TRUE(orders.more);  // fewer would be the cost
}

TEST(Report, TheOrderOfWritingDoesNotMatter) {
  std::string first;
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    World world;
    auto rows = world.rows({.visitors = 900, .reached = 90, .treated = true});
    for (auto& row : world.rows({.visitors = 100, .reached = 60, .treated = false})) {
      rows.push_back(std::move(row));
    }
    std::shuffle(rows.begin(), rows.end(), std::mt19937_64(seed));
    for (std::size_t i = 0; i < rows.size(); i += 100) {
      Batch batch;
      for (std::size_t j = i; j < i + 100; ++j) {
        batch.put(Family::kFacts, rows[j].first, rows[j].second);
      }
      world.write(batch);
    }
    const std::string text = to_string(json::value(to_json(world.all())));
    if (first.empty()) first = text;
    EXPECT_EQ(text, first);
  }
}

TEST(Report, ADifferentRowIsADifferentHash) {
  World world;
  add_helping(world);
  const Reports before = world.all();
  world.add({.visitors = 1, .treated = true});
  EXPECT_NE(world.all().data_hash, before.data_hash);
  EXPECT_NE(world.report().data_hash, before.moments[0].data_hash);
}

// Through the store: who ordered often before orders anyway, and gets the credit.
TEST(Report, OneMomentPartsByWhatWouldHaveComeAnyway) {
  World world;
  const auto add = [&](const Group& group, std::uint32_t prior_orders, Device device) {
    Batch batch;
    for (const auto& [key, row] : world.rows(group)) {
      ByteReader in(row);
      Exposure exposure = Exposure::decode(in);
      exposure.prior_orders = prior_orders;
      exposure.device = device;
      ByteWriter out;
      exposure.encode(out);
      batch.put(Family::kFacts, key, out.take());
    }
    world.write(batch);
  };
  add({.visitors = 4'500, .reached = 2'700, .treated = true, .attributed = 2'700}, 4,
      Device::kDesktop);
  add({.visitors = 4'500, .reached = 90, .treated = true, .attributed = 90}, 0, Device::kMobile);
  add({.visitors = 500, .reached = 300, .treated = false}, 4, Device::kDesktop);
  add({.visitors = 500, .reached = 10, .treated = false}, 0, Device::kMobile);
  const ReportOptions options{.now = World::kNow, .by_likelihood = true};
  const CreditFinding credit = world.report("fit-help", options).credit;
  EXPECT_EQ(credit.strata_by, "likely anyway");
  ASSERT_EQ(credit.strata.size(), 2u);  // two kinds of visitors, two predictions
  EXPECT_EQ(credit.strata[0].credited, 90.0);
  EXPECT_EQ(credit.strata[1].credited, 2'700.0);
  ASSERT_TRUE(credit.strata[1].created.has_value());
  EXPECT_NEAR(credit.strata[1].created->estimate, 0.0, 1e-6);
  EXPECT_EQ(world.report().credit.strata_by, "orders before");
}

TEST(Report, AllListsTheMetTheUnmetAndTheWhole) {
  World world;
  add_helping(world);
  world.add({.visitors = 9'500, .reached = 950, .treated = true}, "");
  world.add({.visitors = 500, .reached = 60, .treated = false}, "");
  const Reports reports = world.all();
  ASSERT_EQ(reports.moments.size(), 1u);
  EXPECT_EQ(reports.moments[0].plan.name, "fit-help");
  EXPECT_THAT(reports.unmet, ::testing::ElementsAre("gift-note"));
  ASSERT_TRUE(reports.universal.has_value());
  EXPECT_EQ(reports.universal->units(), 10'000);
  EXPECT_FALSE(reports.universal->hypothesis.stated);
  const auto one =
      report_one(world.store(), world.book(), world.playbook(), "fit-help", {World::kNow});
  ASSERT_TRUE(one.has_value());
  const ReportOptions as_one{.now = World::kNow, .by_likelihood = true};
  EXPECT_EQ(to_json(one->moments[0]), to_json(world.report("fit-help", as_one)));
  EXPECT_EQ(to_json(one->moments[0]).at("goals"), to_json(reports.moments[0]).at("goals"));
  EXPECT_FALSE(one->universal.has_value());
}

TEST(Report, RefusesWhatItCannotAnswer) {
  World world;
  const auto ask = [&](const std::string& moment, double alpha) {
    return report_one(world.store(), world.book(), world.playbook(), moment, {World::kNow, alpha});
  };
  EXPECT_EQ(ask("nobody", 0.05).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(ask("fit-help", 0.7).error().code, ErrorCode::kInvalid);
  Batch batch;
  batch.put(Family::kFacts, keys::facts(world.experiment().id, VisitorId{}), "\x01");
  world.write(batch);
  EXPECT_EQ(ask("fit-help", 0.05).error().code, ErrorCode::kCorrupt);
}

TEST(Report, StopsWhenItIsTold) {
  World world;
  world.add({.visitors = 100, .reached = 10});
  std::stop_source stop;
  ReportOptions options{World::kNow};
  options.stop = stop.get_token();
  const Experiment& experiment = world.experiment();
  const Plan plan = internal::plan_of(experiment, {500'000}, options);
  const internal::FactSource rows(world.store(), experiment, plan, options.now, true, {},
                                  options.stop);
  int visited = 0;
  Status scanned = ok();
  for (std::size_t part = 0; part < rows.parts() && scanned.has_value(); ++part) {
    scanned = rows.scan(part, [&](const UnitFacts&) {
      ++visited;
      return stop.request_stop();
    });
  }
  EXPECT_EQ(visited, 1);
  EXPECT_EQ(scanned.error().code, ErrorCode::kUnavailable);
  const auto code = [](const auto& made) { return made.error().code; };
  EXPECT_EQ(code(report_moment(world.store(), experiment, {500'000}, options)),
            ErrorCode::kUnavailable);
  EXPECT_EQ(code(report_all(world.store(), world.book(), world.playbook(), options)),
            ErrorCode::kUnavailable);
  options.uplift = true;
  EXPECT_EQ(code(report_one(world.store(), world.book(), world.playbook(), "fit-help", options)),
            ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace tact
