// Who can be persuaded, in worlds whose truth is known. Seeded; bounds are said where they are
// used.
#include "measure/persuadable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <random>

#include "measure/analyse_test_util.h"
#include "measure/internal/arm_sample.h"
#include "measure/internal/numbers.h"
#include "measure/internal/parts_json.h"
#include "measure/internal/unit_columns.h"
#include "measure/report_html.h"
#include "measure/report_test_util.h"
#include "measure/report_text.h"

namespace tact {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Day kFirst = 20'000, kNow = kFirst + 60;
constexpr int kDays = 10;

// Orders within two weeks; device, whether new, and two numbers that say nothing.
Plan plan_of_orders() {
  Plan plan = two_arms();
  plan.metrics[0].says = "placed an order";
  plan.metrics[0].within = days(14);
  plan.dimensions = {{"device", {"desktop", "mobile", "tablet"}},
                     {"visitor", {"new", "returning"}}};
  plan.features = {"hour", "noise"};
  return plan;
}

struct Rates {
  double anyway = 0.10;
  double persuaded = 0.0;  // more, of new visitors on phones
  double others = 0.0;     // more, of everybody else
  double sure = 0.0;       // more anyway, of new visitors on phones
  int one_in = 2;          // held back
};

UnitFacts& add_unit(UnitList& list, const Rates& rates, Day day, int number,
                    std::mt19937_64& random) {
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  const std::uint32_t arm = number % rates.one_in == 0 ? 0 : 1;
  const auto device = static_cast<std::int32_t>(random() % 3);
  const auto visitor = static_cast<std::int32_t>(random() % 2);
  const bool those = device == 1 && visitor == 0;
  const double anyway = rates.anyway + (those ? rates.sure : 0.0);
  const double more = those ? rates.persuaded : rates.others;
  UnitFacts& facts = list.add(arm, day, unit(random) < anyway + (arm == 1 ? more : 0.0) ? 1 : 0);
  facts.key = random();
  facts.cells = {device, visitor};
  facts.features = {static_cast<float>(random() % 24), static_cast<float>(unit(random))};
  return facts;
}

UnitList world(const Plan& plan, const Rates& rates, int units, std::uint64_t seed) {
  UnitList list(plan);
  std::mt19937_64 random(seed);
  for (int i = 0; i < units; ++i)
    add_unit(list, rates, kFirst + i / rates.one_in % kDays, i, random);
  return list;
}

Findings persuaded(const Plan& plan, const UnitSource& units, PersuadableOptions options = {}) {
  options.reached = true;
  Findings findings = found(plan, units, kNow);
  const Status put = find_persuadable(plan, units, options, findings);
  EXPECT_TRUE(put.has_value()) << (put.has_value() ? "" : put.error().to_text());
  return findings;
}

UpliftFinding the_one(const Findings& findings) {
  if (findings.uplift.size() != 1) {
    ADD_FAILURE() << findings.uplift.size() << " findings";
    return {};
  }
  return findings.uplift.front();
}

std::string bytes(const Findings& findings) { return to_string(internal::uplift_json(findings)); }

TEST(Persuadable, FirstTimeVisitorsOnPhonesAreFound) {
  const Plan plan = plan_of_orders();
  const Findings findings = persuaded(plan, world(plan, {.persuaded = 0.20}, 12'000, 1));
  const UpliftFinding found = the_one(findings);
  ASSERT_TRUE(found.report.enough) << found.says;
  EXPECT_GT(found.report.qini.interval.lower, 0.0);
  EXPECT_EQ(found.units, 12'000);
  EXPECT_EQ(found.of, 12'000);
  // A sixth of the visitors are all of the effect: of the true order 0.0333 * (1 - 1/6) / 2.
  EXPECT_NEAR(found.report.effect.estimate, 0.0333, 0.012);
  EXPECT_NEAR(found.report.qini.estimate, 0.0139, 0.006);
  EXPECT_GT(found.report.curve[2].gain, 0.75 * found.report.effect.estimate);
  EXPECT_GT(found.report.auuc.estimate, 0.5 * found.report.effect.estimate);
  EXPECT_THAT(found.says, HasSubstr("better than random (Qini +"));
  EXPECT_THAT(found.says, HasSubstr(" per 1,000)."));
  EXPECT_THAT(findings.method.back(), HasSubstr("device, visitor, hour, noise"));
}

// One effect for all, whether they are alike before (`sure` = 0) or new visitors on phones order
// anyway: in how many worlds does the interval miss 0?
int misses(int worlds, double sure) {
  const Plan plan = plan_of_orders();
  int out = 0;
  for (int seed = 1; seed <= worlds; ++seed) {
    const Rates alike{.persuaded = 0.05, .others = 0.05, .sure = sure};
    const auto number = static_cast<std::uint64_t>(seed);
    const UpliftFinding found = the_one(persuaded(plan, world(plan, alike, 4'000, number)));
    EXPECT_TRUE(found.report.enough) << found.says;
    const bool holds = found.report.qini.interval.contains(0.0);
    out += holds ? 0 : 1;
    EXPECT_EQ(found.says.find("no better than random") != std::string::npos, holds) << found.says;
  }
  return out;
}

// Of 20 worlds an honest 95 % interval misses 0 in more than 3 once in 60 times; these are wider
// (predict/README.md). At length (TACT_LONG=1) of 400 in more than 32 once in 200 times.
TEST(Persuadable, WhereAllAreAlikeNobodyIsFound) {
  const bool at_length = std::getenv("TACT_LONG") != nullptr;
  const int worlds = at_length ? 400 : 20, most = at_length ? 32 : 3;
  for (const double sure : {0.0, 0.4}) {
    const int missed = misses(worlds, sure);
    EXPECT_LE(missed, most) << sure;
    RecordProperty(sure > 0.0 ? "sure_things" : "alike", missed);
  }
}

// The same visitors with the arms' names exchanged: what helped a few now harms them, and the order
// puts them last.
TEST(Persuadable, WithTheArmsSwappedTheSignIs) {
  const Plan plan = plan_of_orders();
  UnitList units = world(plan, {.persuaded = 0.20}, 12'000, 2);
  const UpliftFinding before = the_one(persuaded(plan, units));
  for (UnitFacts& facts : units.units()) facts.arm = 1 - facts.arm;
  const UpliftFinding swapped = the_one(persuaded(plan, units));
  EXPECT_NEAR(swapped.report.effect.estimate, -before.report.effect.estimate, 1e-12);
  EXPECT_LT(swapped.report.effect.interval.upper, 0.0);
  // Without the last sixth, harm is small; at random half of the visitors have half of it.
  const auto& half = swapped.report.curve[4];
  EXPECT_GT(half.gain, 0.25 * swapped.report.effect.estimate);
  EXPECT_GT(swapped.report.qini.interval.lower, 0.0);
}

TEST(Persuadable, BehindTheSameGateAsEverythingElse) {
  const Plan plan = plan_of_orders();
  const Findings findings = persuaded(plan, world(plan, {.anyway = 0.05}, 1'000, 3));
  const UpliftFinding found = the_one(findings);
  EXPECT_FALSE(found.report.enough);
  EXPECT_TRUE(found.report.curve.empty());
  EXPECT_EQ(found.says,
            "Whom it persuades: not enough data yet. Each arm needs 50 visitors who placed an "
            "order, and 50 others, whose 14 days are over.");
  const std::string json = bytes(findings);
  EXPECT_THAT(json, HasSubstr("\"enough_data\":false"));
  for (const char* figure : {"qini", "auuc", "curve", "visitors\"", "effect"}) {
    EXPECT_THAT(json, Not(HasSubstr(figure)));
  }
  // Nor where nearly everybody does it, though the report compares how often.
  UnitList often = world(plan, {.anyway = 1.0}, 4'000, 4);
  for (std::size_t i = 0; i < often.units().size(); i += 3) often.units()[i].metrics[0].value = 2;
  const Findings all = persuaded(plan, often);
  ASSERT_NE(all.primary()->of(1), nullptr);
  EXPECT_THAT(the_one(all).says, HasSubstr("not enough data yet"));
}

TEST(Persuadable, TheSameUnitsInAnyOrderGiveTheSameBytes) {
  const Plan plan = plan_of_orders();
  UnitList units = world(plan, {.persuaded = 0.2}, 6'000, 5);
  const PersuadableOptions few{.most = 3'000};
  const std::string all = bytes(persuaded(plan, units)), some = bytes(persuaded(plan, units, few));
  std::mt19937_64 random(6);
  std::shuffle(units.units().begin(), units.units().end(), random);
  EXPECT_EQ(bytes(persuaded(plan, units)), all);
  EXPECT_EQ(bytes(persuaded(plan, units, few)), some);
  EXPECT_NE(all, some);
}

TEST(Persuadable, OfManyASampleIsTaken) {
  Plan plan = plan_of_orders();
  plan.arms[1].weight = 9.0;
  const Findings findings =
      persuaded(plan, world(plan, {.persuaded = 0.3, .one_in = 10}, 40'000, 7), {.most = 8'000});
  const UpliftFinding found = the_one(findings);
  EXPECT_EQ(found.of, 40'000);
  EXPECT_LE(found.units, 8'000);
  // All 4,000 held back, and more than about half of 4,000 of the others.
  EXPECT_GT(found.units, 5'800);
  EXPECT_THAT(found.says, HasSubstr("a sample of " + internal::grouped(found.units) +
                                    " of the 40,000 visitors compared."));
  EXPECT_GT(found.report.qini.interval.lower, 0.0);
  EXPECT_THAT(findings.method.back(), HasSubstr("by halves"));
}

TEST(Persuadable, ASampleIsOfTheLowestKeys) {
  std::mt19937_64 random(8);
  std::vector<std::uint64_t> keys(5'000);
  for (std::uint64_t& key : keys) key = random();
  internal::ArmSample all(1, 1'000), first(1, 1'000), second(1, 1'000);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const float number = static_cast<float>(i);
    all.add(keys[i], 0, static_cast<double>(i), {&number, 1});
    (i < 4'500 ? first : second).add(keys[i], 0, static_cast<double>(i), {&number, 1});
    EXPECT_LE(all.size(), 1'000u);
  }
  second.merge(first);
  all.sort();
  second.sort();
  ASSERT_EQ(second.size(), all.size());
  EXPECT_EQ(all.halvings(), 3);
  std::sort(keys.begin(), keys.end());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all.units()[i].key, keys[i]);
    EXPECT_EQ(second.units()[i].key, keys[i]);
    for (const auto* sample : {&all, &second}) {
      EXPECT_EQ(sample->numbers(sample->units()[i])[0], sample->units()[i].outcome);
    }
  }
  EXPECT_GE(keys[all.size()], std::uint64_t{1} << 61U);  // who is left out is above the threshold
}

// 60 of each arm come to a report that counts a tenth of the visitors in its sample: the report
// goes on by them, the sample does not, or two reports would differ by six visitors of it.
TEST(Persuadable, ASampleGoesOnByFiftyOfEachArm) {
  const Plan plan = plan_of_orders();
  UnitList units = world(plan, {.persuaded = 0.2}, 20'000, 9);
  const PersuadableOptions few{.most = 4'000};
  const UpliftFinding before = the_one(persuaded(plan, units, few));
  std::mt19937_64 random(10);
  for (int i = 0; i < 120; ++i) add_unit(units, {}, kFirst + kDays, i, random);
  const UpliftFinding after = the_one(persuaded(plan, units, few));
  EXPECT_EQ(after.of, before.of + 120);
  EXPECT_EQ(after.units, before.units);
  EXPECT_EQ(after.report.effect.estimate, before.report.effect.estimate);
  EXPECT_EQ(after.report.qini.estimate, before.report.qini.estimate);
  // Of everybody it goes on with the report.
  const UpliftFinding all = the_one(persuaded(plan, units));
  EXPECT_EQ(all.units, all.of);
}

std::uint64_t reversed(std::uint64_t bits) {
  std::uint64_t out = 0;
  for (int i = 0; i < 64; ++i) out |= (bits >> i & 1U) << (63 - i);
  return out;
}

// The third arm is halved on the 24th day, after which its share of a step needs 12 days and not 10
// as that of the others. Were the steps of all days found anew by today's halvings, the sample of
// the other two would go from day 20 to day 24: 20 visitors of each.
TEST(Persuadable, AnArmThatIsHalvedLeavesTheStepsOfTheOthers) {
  Plan plan = plan_of_orders();
  plan.arms.push_back({"other", 1.0});
  plan.arms[0].weight = plan.arms[1].weight = 160;
  plan.arms[2].weight = 72;
  UnitList units(plan);
  std::mt19937_64 random(21);
  std::array<std::uint64_t, 3> number{};
  for (Day day = kFirst; day < kFirst + 28; ++day) {
    for (std::uint32_t arm : {0u, 1u, 2u}) {
      for (int i = 0; i < (arm == 2 ? 72 : 160); ++i) {
        UnitFacts& facts = add_unit(units, {.anyway = 0.3}, day, i, random);
        facts.arm = arm;
        facts.key = reversed(number[arm]++);
      }
    }
  }
  std::int64_t before = 0;
  for (Day day = kFirst + 18; day < kFirst + 28; ++day) {
    Findings findings = found(plan, units, day + 15);
    ASSERT_TRUE(
        find_persuadable(plan, units, {.reached = true, .most = 630}, findings).has_value());
    ASSERT_EQ(findings.uplift.size(), 2u);
    const std::int64_t now = findings.uplift[0].units;
    ASSERT_GT(now, 100);
    EXPECT_TRUE(before == 0 || now == before || std::abs(now - before) >= 100) << day - kFirst;
    before = now;
  }
}

TEST(Persuadable, ASampleOfTooFewSaysThatItIsOne) {
  const Plan plan = plan_of_orders();
  const UnitList units = world(plan, {.anyway = 0.015}, 12'000, 22);
  const Findings findings = persuaded(plan, units, {.most = 2'000});
  ASSERT_NE(findings.primary()->of(1), nullptr) << "compared";
  const UpliftFinding found = the_one(findings);
  EXPECT_FALSE(found.report.enough);
  EXPECT_THAT(found.says, HasSubstr("not told, because of the sample of "));
  EXPECT_THAT(found.says, HasSubstr(" of the 12,000 visitors compared too few are, in an arm, "
                                    "visitors who placed an order."));
}

// 20 held back a day: the report's blocks are of three days. Everybody in them is learnt from; and
// of a sample of the others alone, everybody held back but those of the blocks that wait.
TEST(Persuadable, TheStepsAreBlocksOfTheReport) {
  Plan plan = plan_of_orders();
  plan.arms[1].weight = 9.0;
  UnitList units(plan);
  std::mt19937_64 random(20);
  for (int i = 0; i < 200 * 25; ++i) {
    add_unit(units, {.anyway = 0.3, .one_in = 10}, kFirst + i / 200, i, random);
  }
  const UpliftFinding all = the_one(persuaded(plan, units));
  EXPECT_EQ(all.of, 200 * 24);
  EXPECT_EQ(all.units, all.of);
  const Findings few = persuaded(plan, units, {.most = 1'200});
  const UpliftFinding some = the_one(few);
  ASSERT_TRUE(some.report.enough) << some.says;
  EXPECT_GT(some.units, 20 * 18 + 200);
  EXPECT_LE(some.units, 20 * 24 + 600);
}

// Of the visitors after the last block, or whose time is not over, nothing is read.
TEST(Persuadable, OnlyWhomTheReportCounts) {
  const Plan plan = plan_of_orders();
  UnitList units = world(plan, {.persuaded = 0.2}, 6'000, 11);
  const std::string before = bytes(persuaded(plan, units));
  std::mt19937_64 random(12);
  for (int i = 0; i < 4'000; ++i) {  // open, and the other way round
    add_unit(units, {.anyway = 0.5, .persuaded = -0.5}, kNow - 10, i, random);
  }
  for (int i = 0; i < 60; ++i) add_unit(units, {.anyway = 1.0}, kFirst + kDays, i, random);
  EXPECT_EQ(bytes(persuaded(plan, units)), before);
  for (int i = 0; i < 4'000; ++i) {
    add_unit(units, {.anyway = 0.5}, kFirst, i, random).simulated = true;
  }
  SumOptions people;
  people.include_simulated = false;
  AnalyseOptions options;
  options.now = start_of(kNow);
  Findings without = analyse(plan, units, options, people).value();
  PersuadableOptions of{.reached = true, .include_simulated = false};
  ASSERT_TRUE(find_persuadable(plan, units, of, without));
  EXPECT_EQ(bytes(without), before);
}

// Two more metrics, curves and the exposure's fate say without error who orders only when treated.
// As a number from before it is found at once; as what came after it changes no bit.
TEST(Persuadable, WhatCameAfterTheExposureTeachesNothing) {
  Plan plan = plan_of_orders();
  Metric after = plan.metrics[0];
  after.name = "returns";
  after.role = MetricRole::kSecondary;
  plan.metrics.push_back(after);
  plan.curves = {{"came back", true, 30}};
  plan.attrition = true;
  UnitList units = world(plan, {}, 6'000, 13);
  std::mt19937_64 random(14);
  std::vector<bool> responds;
  for (UnitFacts& facts : units.units()) {
    responds.push_back(random() % 4 == 0);
    facts.metrics[0].value = responds.back() && facts.arm == 1 ? 1 : random() % 20 == 0 ? 1 : 0;
  }
  const std::string before = bytes(persuaded(plan, units));
  EXPECT_THAT(before, HasSubstr("no better than random"));
  for (std::size_t i = 0; i < responds.size(); ++i) {
    UnitFacts& facts = units.units()[i];
    facts.metrics[1].value = facts.metrics[1].second = responds[i] ? 7 : 0;
    facts.metrics[0].second = facts.metrics[0].credit.last = responds[i] ? 1 : 0;
    facts.curves[0] = {true, responds[i], responds[i] ? 3 : 29};
    facts.fate = {true, responds[i], !responds[i], responds[i]};
    facts.crossover = responds[i];
  }
  EXPECT_EQ(bytes(persuaded(plan, units)), before);
  for (std::size_t i = 0; i < responds.size(); ++i) {
    units.units()[i].features[1] = responds[i] ? 1.0F : 0.0F;
  }
  EXPECT_GT(the_one(persuaded(plan, units)).report.qini.interval.lower, 0.05);
}

// The row of a visitor: all that is not frozen at the exposure, changed at once.
TEST(Persuadable, OfARowOnlyWhatWasKnownBefore) {
  const World world;
  ReportOptions options{.now = World::kNow, .uplift = true};
  const Experiment& experiment = world.experiment();
  const Plan plan = internal::plan_of(experiment, Probability{100'000}, options);
  Exposure row;
  row.experiment = experiment.id;
  row.at = World::kNow - days(40);
  row.device = Device::kMobile;
  row.visit_number = 3;
  row.prior_orders = 2;
  row.prior_value_minor = 9'900;
  row.covariates.language = "de";
  row.covariates.hour_of_week = 30;
  row.covariates.days_since_order = 12;
  const internal::UnitColumns columns(plan);
  const auto packed = [&](const Exposure& of) {
    UnitFacts facts;
    facts.resize_for(plan);
    EXPECT_TRUE(fill_stored(of, experiment, plan, World::kNow, facts));
    std::vector<float> out;
    columns.pack(facts, out);
    for (float& number : out) number = std::isnan(number) ? -99.0F : number;
    return out;
  };
  const std::vector<float> before = packed(row);
  for (const float known : {3.0F, 2.0F, 99.0F, 5.0F, 12.0F}) {  // visit, orders, value, hour, days
    EXPECT_THAT(before, ::testing::Contains(known));
  }
  Exposure later = row;
  later.treated = true;
  later.variant = "b";
  later.crossover = later.simulated = true;
  later.account = 77;
  later.slot = SlotSeen::kSeen;
  later.follow_up.orders = 5;
  later.follow_up.withdrew = true;
  later.follow_up.value_minor.fill(10'000);
  later.follow_up.ratings = 1;
  later.follow_up.rating_milli = 5'000;
  for (const WatchedGoal& watched : experiment.goals) {
    GoalTally tally;
    tally.goal = watched.key;
    tally.count = 4;
    tally.value_minor = 40'000;
    later.goals.push_back(tally);
  }
  EXPECT_EQ(packed(later), before);
  row.visit_number = 1;
  EXPECT_NE(packed(row), before);
}

TEST(Persuadable, OfAccountsItIsNotTold) {
  Plan plan = plan_of_orders();
  plan.clustered = true;
  plan.cluster_name = "account";
  UnitList units = world(plan, {.persuaded = 0.2}, 6'000, 15);
  const std::string alone = bytes(persuaded(plan, units));
  EXPECT_THAT(alone, HasSubstr("better than random"));
  for (std::size_t i = 0; i < units.units().size(); ++i) {
    units.units()[i].cluster = 1 + i % 2 + i / 20 * 2;  // ten colleagues, one arm
  }
  const Findings findings = persuaded(plan, units);
  ASSERT_NE(findings.primary()->of(1), nullptr);
  EXPECT_EQ(the_one(findings).says,
            "Whom it persuades: not told, because it would take the visitors of one account as "
            "independent, and they are not.");
}

TEST(Persuadable, WhereNothingCanBeJudgedItSaysSo) {
  const Plan plan = plan_of_orders();
  UnitList units(plan);
  std::mt19937_64 random(16);
  for (int i = 0; i < 6'000; ++i) add_unit(units, {.one_in = 3}, kFirst, i, random);
  EXPECT_THAT(the_one(persuaded(plan, units)).says,
              HasSubstr("not told, because the arms are not what they should be"));
  Plan blank = plan;
  blank.dimensions.clear();
  blank.features.clear();
  UnitList unknown(blank);
  for (std::uint32_t arm : {0u, 1u}) unknown.add_many(arm, kFirst, 1'000, 100);
  EXPECT_THAT(the_one(persuaded(blank, unknown)).says,
              HasSubstr("nothing is known from before by which the visitors differ"));
  EXPECT_THAT(the_one(persuaded(plan, UnitList(plan))).says, HasSubstr("not enough data yet"));
}

// Three arms: the first persuades new visitors on phones, the second everybody alike.
TEST(Persuadable, EveryArmAgainstControl) {
  Plan plan = plan_of_orders();
  plan.arms.push_back({"other", 1.0});
  UnitList units = world(plan, {.persuaded = 0.2}, 10'000, 17);
  std::mt19937_64 random(18);
  for (int i = 0; i < 5'000; ++i) {
    add_unit(units, {.anyway = 0.15}, kFirst + i % kDays, 1, random).arm = 2;
  }
  const Findings findings = persuaded(plan, units);
  ASSERT_EQ(findings.uplift.size(), 2u);
  for (const UpliftFinding& found : findings.uplift) {
    EXPECT_EQ(found.alpha, 0.025);
    EXPECT_EQ(found.units, 10'000);
  }
  EXPECT_THAT(findings.uplift[0].says, HasSubstr("Whom treatment persuades can be told"));
  EXPECT_THAT(findings.uplift[1].says, HasSubstr("Whom other persuades cannot be told"));
  const Findings second = persuaded(plan, units, {.arms = {2}});
  EXPECT_EQ(the_one(second).arm, 2u);
  EXPECT_EQ(the_one(second).alpha, 0.05);
}

// A tenth held back: between two points of the curve are 50 of them, or there is no point.
TEST(Persuadable, NoPointOfTheCurveTellsOfFewerThanFifty) {
  Plan plan = plan_of_orders();
  plan.arms[1].weight = 9.0;
  const Rates rates{.anyway = 0.3, .persuaded = 0.2, .one_in = 10};
  const UpliftFinding found = the_one(persuaded(plan, world(plan, rates, 5'000, 19)));
  ASSERT_TRUE(found.report.enough) << found.says;
  EXPECT_GT(found.report.curve.size(), 2u);
  EXPECT_LE(found.report.curve.size(), 500u / 50u - 1u);
  EXPECT_EQ(found.report.curve.back().fraction, 1.0);
}

TEST(Persuadable, InEveryRenderingInOneUnit) {
  World world;
  for (const bool german : {true, false}) {
    Covariates before;
    before.language = german ? "de" : "en";
    world.add({.visitors = 3'000, .reached = german ? 900 : 300, .before = before});
    world.add({.visitors = 400, .reached = 40, .treated = false, .before = before});
  }
  world.playbook().moments[0].hold_back = Probability{117'600};
  world.relearn();
  const auto reports = report_one(world.store(), world.book(), world.playbook(), "fit-help",
                                  {.now = World::kNow, .uplift = true});
  ASSERT_TRUE(reports.has_value()) << reports.error().to_text();
  const Findings& findings = reports->moments.at(0);
  const UpliftFinding found = the_one(findings);
  ASSERT_TRUE(found.report.enough) << found.says;
  EXPECT_TRUE(found.reached);
  EXPECT_THAT(found.says, HasSubstr("better than random (Qini +"));
  const std::string figure =
      found.says.substr(found.says.find("Qini +") + 5,
                        found.says.find(" per 1,000)") - found.says.find("Qini +") - 5);
  EXPECT_THAT(to_text(*reports, {}), HasSubstr(figure));
  const std::string page = to_html(*reports);
  EXPECT_THAT(page, HasSubstr("Who can be persuaded?"));
  EXPECT_THAT(page, HasSubstr(figure + " per 1,000 visitors"));
  EXPECT_THAT(page, HasSubstr("visitors who placed an order gained per 1,000 visitors"));
  EXPECT_THAT(page, Not(HasSubstr("Qini 0.0")));
  // A fraction for programs.
  EXPECT_LT(found.report.qini.estimate, 0.1);
  EXPECT_GT(found.report.qini.interval.lower, 0.0);
  const auto plain =
      report_one(world.store(), world.book(), world.playbook(), "fit-help", {.now = World::kNow});
  EXPECT_TRUE(plain->moments.at(0).uplift.empty());
  EXPECT_THAT(to_html(*plain), Not(HasSubstr("Who can be persuaded?")));
  EXPECT_EQ(plain->moments[0].data_hash, findings.data_hash);
}

TEST(Persuadable, StopsBetweenTwoTreesOrResamples) {
  const Plan plan = plan_of_orders();
  const UnitList units = world(plan, {.persuaded = 0.20}, 4'000, 31);
  Findings findings = found(plan, units, kNow);
  std::stop_source stop;
  stop.request_stop();
  const Status put =
      find_persuadable(plan, units, {.reached = true, .stop = stop.get_token()}, findings);
  EXPECT_EQ(put.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace tact
