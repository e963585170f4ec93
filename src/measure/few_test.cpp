// Attacks by which a report once told of 1 to 49 visitors of an arm, one test for each: a day that
// is not over, simulated visitors around a few people, exposures that few pages follow, variances
// and covariates of a few, models and names begun by who is in no block, counts of who was lost.
#include <gmock/gmock.h>

#include <set>

#include "measure/analyse_test_util.h"
#include "measure/cut.h"
#include "measure/likelihood.h"
#include "measure/report_json.h"
#include "measure/report_test_util.h"

namespace tact {
namespace {

using ::testing::HasSubstr;

constexpr Day kDay = 20'000;
bool told_well(std::int64_t n) { return n == 0 || n >= kSmallCell; }

// `as_of` may lie ahead of the clock: today is then "a whole day that is over".
TEST(Few, OfADayThatIsNotOver) {
  World world;
  for (const bool treated : {true, false}) {
    world.add({.visitors = 60, .reached = 10, .treated = treated, .days_ago = 0, .later = -5h});
  }
  ReportOptions ahead{World::kNow + days(30)};  // GET /v1/reports/fit-help?as_of=…
  ahead.present = World::kNow;
  const Findings at_ten = world.report("fit-help", ahead);
  world.add({.visitors = 1, .reached = 1, .treated = true, .days_ago = 0, .later = -4h});
  const Findings at_eleven = world.report("fit-help", ahead);
  const ArmCounts& before = at_ten.primary()->arms[1];
  const ArmCounts& after = at_eleven.primary()->arms[1];
  EXPECT_PRED1(told_well, after.units - before.units);
  EXPECT_EQ(after.reached, before.reached) << "the one visitor of that hour bought";
}

// Simulated visitors fill a block up to 50.
TEST(Few, AmongSimulatedVisitors) {
  World world;
  for (const bool treated : {true, false}) {
    world.add(
        {.visitors = 49, .reached = 7, .treated = treated, .days_ago = 30, .simulated = true});
  }
  ReportOptions small{World::kNow};
  small.small_cells = true;
  const Findings simulated = world.report("fit-help", small);  // exact, of 49
  world.add({.visitors = 1, .reached = 1, .treated = true, .days_ago = 30});
  world.add({.visitors = 1, .reached = 0, .treated = false, .days_ago = 30});
  const Findings mixed = world.report();
  ASSERT_EQ(simulated.units(), 98);
  EXPECT_EQ(mixed.units(), 0) << "one person in each arm";
  world.add({.visitors = 49, .treated = true, .days_ago = 29});
  world.add({.visitors = 49, .treated = false, .days_ago = 29});
  EXPECT_EQ(world.report().units(), 198);
  ReportOptions uplift{World::kNow};
  uplift.uplift = true;
  EXPECT_THAT(world.report("fit-help", uplift).uplift.front().says, HasSubstr("are simulated"));
}

Plan with_fates() {
  Plan plan = two_arms();
  plan.attrition = true;
  return plan;
}

struct Fates {
  int units = 0, followed = 0, seen = 0, withdrew = 0, crossed = 0;
};
void add(UnitList& units, std::uint32_t arm, Day day, const Fates& of) {
  for (int i = 0; i < of.units; ++i) {
    UnitFacts& unit = units.add(arm, day, i % 5 == 0 ? 1 : 0);
    unit.fate = {i < of.followed, i < of.seen, i >= of.seen && i < of.followed, i < of.withdrew};
    unit.crossover = i < of.crossed;
  }
}

// `followed` is a count of some visitors, as seen, lost and withdrew are.
TEST(Few, AreFollowed) {
  const Plan plan = with_fates();
  for (const int seen : {0, 5}) {
    UnitList units(plan);
    add(units, 0, kDay, {1'000, 500, 500});
    add(units, 1, kDay, {1'000, 5, seen});
    const Findings report = found(plan, units, kDay + 1);
    EXPECT_FALSE(report.attrition->arms[1].followed) << report.attrition->loss.says;
  }
}

// Words, too: what became of these five.
TEST(Few, AreFollowedWordsDoNotTellWhatBecameOfThem) {
  const Plan plan = with_fates();
  std::set<std::string> says;
  for (const int seen : {0, 5}) {
    UnitList units(plan);
    add(units, 0, kDay, {1'000, 500, 400});
    add(units, 1, kDay, {1'000, 5, seen});
    says.insert(found(plan, units, kDay + 1).attrition->loss.says);
  }
  EXPECT_EQ(says.size(), 1U) << ::testing::PrintToString(says);
}

TEST(Few, AreNotFollowed) {
  const Plan plan = with_fates();
  UnitList units(plan);
  add(units, 0, kDay, {1'000, 1'000, 900});
  add(units, 1, kDay, {1'000, 997, 900});
  const Findings report = found(plan, units, kDay + 1);
  EXPECT_FALSE(report.attrition->arms[1].followed) << "three were not";
}

// Whatever came to be known of three more of them, of two reports the difference is no cell.
TEST(Few, AreNotTheDifferenceOfWhatWasKnownBefore) {
  const Plan plan = with_fates();
  for (const int more : {1, 3, 49}) {
    std::vector<Findings> reports;
    for (const int lost : {100, 100 + more}) {
      UnitList units(plan);
      add(units, 0, kDay, {1'000, 1'000, 900});
      add(units, 1, kDay, {1'000, 1'000, 1'000 - lost, lost, lost});
      reports.push_back(found(plan, units, kDay + 1));
    }
    const auto counts = [&](std::size_t report) {
      const AttritionFinding::Arm& arm = reports[report].attrition->arms[1];
      return std::vector{*arm.followed, *arm.seen,     *arm.not_seen,
                         *arm.lost,     *arm.withdrew, *reports[report].crossovers[1]};
    };
    for (std::size_t i = 0; i < counts(0).size(); ++i) {
      EXPECT_PRED1(told_well, std::abs(counts(1)[i] - counts(0)[i])) << i << ", " << more;
      EXPECT_EQ(counts(1)[i] % kSmallCell, 0);
    }
    // Nor does p, or a sentence.
    for (const Findings& report : reports) {
      const auto& p = report.attrition->loss.log10_p;
      ASSERT_TRUE(p.has_value());
      EXPECT_EQ(*p, std::ceil(*p));
    }
    EXPECT_THAT(reports[1].attrition->withdrawal.says, HasSubstr("10.0 to 14.9"));
  }
}

// One account of a few visitors in the arm, everybody else in none.
Findings with_colleagues(int who_bought, int size = 2) {
  static Plan plan = [] {
    Plan out = two_arms();
    out.clustered = true;
    out.cluster_name = "account";
    return out;
  }();
  UnitList units(plan);
  for (const std::uint32_t arm : {0u, 1u}) {
    units.add_many(arm, kDay, 200, 70);
    if (arm == 0) continue;
    auto& all = units.units();
    const std::size_t first = all.size() - 200;
    for (int i = 0; i < size; ++i) {
      const bool bought = i < who_bought;
      all[bought ? first + static_cast<std::size_t>(i)
                 : all.size() - 1 - static_cast<std::size_t>(i)]
          .cluster = 7;
    }
  }
  return found(plan, units, kDay + 1);
}

TEST(Few, AreColleaguesAndNoErrorTellsWhetherTheyBought) {
  std::set<double> errors, clusters;
  for (const int bought : {0, 1, 2}) {
    const Findings report = with_colleagues(bought);
    ASSERT_NE(report.primary()->of(1), nullptr) << report.says;
    EXPECT_EQ(report.primary()->arms[1].reached, 70);
    errors.insert(report.primary()->of(1)->standard_error);
    clusters.insert(*report.primary()->of(1)->clusters);
  }
  EXPECT_EQ(errors.size(), 1U) << ::testing::PrintToString(errors);
  // And how many they are.
  for (const int size : {2, 3, 4}) {
    errors.insert(with_colleagues(0, size).primary()->of(1)->standard_error);
    clusters.insert(*with_colleagues(0, size).primary()->of(1)->clusters);
  }
  EXPECT_EQ(errors.size(), 1U) << ::testing::PrintToString(errors);
  EXPECT_EQ(clusters.size(), 1U) << ::testing::PrintToString(clusters);
}

TEST(Few, HaveAnAccountAndAreInNoBlock) {
  Plan plan = two_arms();
  plan.clustered = true;
  plan.cluster_name = "account";
  plan.metrics[0].covariate = true;
  std::set<std::string> reports;
  for (const std::uint64_t account : {0u, 7u}) {
    UnitList units(plan);
    for (const std::uint32_t arm : {0u, 1u}) units.add_many(arm, kDay, 200, 70);
    for (std::size_t i = 0; i < 400; ++i) {
      units.units()[i].metrics[0].covariate = static_cast<std::int64_t>(i % 3);
    }
    units.add(1, kDay + 1).cluster = account;
    reports.insert(to_string(json::value(to_json(found(plan, units, kDay + 2)))));
  }
  EXPECT_EQ(reports.size(), 1U);
}

// Of 3 of 240 and 2 of 200 who had ordered before, difference and error of the adjusted figure have
// one solution: how many they are, and how many of them reached the goal.
TEST(Few, HaveNoCovariateInAnAdjustedFigure) {
  Plan plan = two_arms();
  plan.metrics[0].covariate = true;
  UnitList units(plan);
  for (const std::uint32_t arm : {0u, 1u}) units.add_many(arm, kDay, arm == 0 ? 200 : 240, 70);
  const auto is_adjusted = [&](std::size_t each) {
    for (std::size_t i = 0; i < each; ++i) {
      for (const std::size_t from : {0u, 200u}) {
        units.units()[from + i].metrics[0].covariate = 1;
      }
    }
    const Findings report = found(plan, units, kDay + 1);
    return report.primary()->of(1)->adjusted.has_value();
  };
  EXPECT_FALSE(is_adjusted(3));
  EXPECT_FALSE(is_adjusted(49));
  EXPECT_TRUE(is_adjusted(50));
}

// Once they are 50 the adjusted figure waits until 50 more of an arm had something before: else two
// of them, and what everybody did, have one solution for the one who came between.
TEST(Few, JoinNoAdjustedFigure) {
  Plan plan = two_arms();
  plan.metrics[0].covariate = true;
  std::set<std::string> adjusted;
  std::set<std::int64_t> units_behind;
  const auto report_with = [&](std::size_t more) {
    UnitList units(plan);
    for (const Day day : {kDay, kDay + 1}) {
      for (const std::uint32_t arm : {0u, 1u}) units.add_many(arm, day, 200, 70);
    }
    for (std::size_t i = 0; i < 60; ++i) {
      for (const std::size_t from : {0u, 200u}) {
        units.units()[from + i * 3].metrics[0].covariate = 1 + static_cast<int>(i % 2);
      }
    }
    for (std::size_t i = 0; i < more; ++i) {
      for (const std::size_t from : {400u, 600u}) units.units()[from + i].metrics[0].covariate = 3;
    }
    return found(plan, units, kDay + 2);
  };
  for (const std::size_t more : {1u, 2u, 49u}) {
    const Findings report = report_with(more);
    const Comparison& compared = *report.primary()->of(1);
    ASSERT_TRUE(compared.adjusted.has_value()) << more;
    EXPECT_EQ(compared.behind, 800.0);
    units_behind.insert(compared.adjusted->units);
    adjusted.insert(::testing::PrintToString(compared.adjusted->difference.low) + " " +
                    compared.adjusted->says);
    EXPECT_THAT(compared.adjusted->says, HasSubstr("for the first 400 visitors"));
  }
  EXPECT_EQ(adjusted.size(), 1U) << ::testing::PrintToString(adjusted);
  EXPECT_EQ(units_behind, (std::set<std::int64_t>{400}));
  const Findings enough = report_with(50);
  EXPECT_EQ(enough.primary()->of(1)->adjusted->units, 800);
}

// What is known before tells who reaches the goal.
Plan with_hint() {
  Plan plan = two_arms();
  plan.dimensions = {{"orders before", {"none", "some"}, true}};
  plan.features = {"hint"};
  return plan;
}

void add_with_hint(UnitList& units, std::uint32_t arm, Day day, int visitors, int reached) {
  for (int i = 0; i < visitors; ++i) {
    UnitFacts& unit = units.add(arm, day, i < reached ? 1 : 0);
    unit.features = {i < reached ? 1.0F : 0.0F};
    unit.cells[0] = 0;
    unit.key = units.units().size() * 0x9E3779B97F4A7C15ULL;
  }
}

// The model of likelihood is begun by a day's visitors whom no block holds.
TEST(Few, BeginNoModelOfLikelihoodFromNoBlock) {
  const Plan plan = with_hint();
  std::set<std::string> methods;
  for (const int bought : {2, 3}) {
    UnitList units(plan);
    const auto give = [&](std::uint32_t arm, Day day, int n, int reached) {
      add_with_hint(units, arm, day, n, reached);
    };
    for (const std::uint32_t arm : {0u, 1u}) {
      for (int i = 0; i < 2; ++i) give(arm, kDay + i, 150, i == 0 ? 49 : 48);
    }
    give(0, kDay + 2, 5, bought);  // 97 + 3 = 100
    give(1, kDay + 2, 5, 0);
    AnalyseOptions options;
    options.now = start_of(kDay + 3);
    const auto report = analyse_by_likelihood(plan, units, options, {}, true);
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(report->exposed[0], 300) << "the five are in no block";
    methods.insert(report->method.back());
  }
  EXPECT_EQ(methods.size(), 1U) << ::testing::PrintToString(methods);
}

// Nor does its size, or its last day, tell of one day beside what a block told before.
TEST(Few, CameOnOneDayThatTheModelLearnsFrom) {
  const Plan plan = with_hint();
  std::set<std::string> methods;
  for (const int came : {4, 14, 24}) {
    UnitList units(plan);
    const auto give = [&](std::uint32_t arm, Day day, int n, int reached) {
      add_with_hint(units, arm, day, n, reached);
    };
    for (const std::uint32_t arm : {0u, 1u}) give(arm, kDay, 300, 99);
    for (const std::uint32_t arm : {0u, 1u}) give(arm, kDay + 1, came, 2);
    for (const std::uint32_t arm : {0u, 1u}) give(arm, kDay + 2, 100 - came, 30);
    AnalyseOptions options;
    options.now = start_of(kDay + 3);
    const auto report = analyse_by_likelihood(plan, units, options, {}, true);
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(report->exposed[0], 400);
    methods.insert(report->method.back());
  }
  EXPECT_EQ(methods.size(), 1U) << ::testing::PrintToString(methods);
}

// A value gets no name by visitors in no block.
TEST(Few, MakeNoName) {
  std::set<std::string> names;
  for (const int came : {49, 50}) {
    World world;
    for (const bool treated : {true, false}) {
      Group group{.visitors = 120, .reached = 60, .treated = treated, .days_ago = 30};
      group.before.region = "DE-BY";
      world.add(group);
    }
    Group late{.visitors = came, .treated = false, .days_ago = 2};
    late.before.region = "CH-ZH";
    world.add(late);
    world.add({.visitors = 3, .treated = true, .days_ago = 2});
    const Findings report = world.report();
    EXPECT_EQ(report.units(), 240);
    for (const Dimension& dimension : report.plan.dimensions) {
      if (dimension.name == "region") names.insert(::testing::PrintToString(dimension.cells));
    }
  }
  EXPECT_EQ(names.size(), 1U) << ::testing::PrintToString(names);
}

// Of simulated visitors they may be shown, and their values named, however the report is made.
TEST(Few, AreNamedWhereAllAreSimulated) {
  World world;
  for (const bool treated : {true, false}) {
    Group group{.visitors = 20, .reached = 5, .treated = treated, .simulated = true};
    group.before.region = "CH-ZH";
    world.add(group);
  }
  for (const bool by_likelihood : {false, true}) {
    ReportOptions options{World::kNow};
    options.small_cells = true;
    options.by_likelihood = by_likelihood;
    const Findings report = world.report("fit-help", options);
    for (const Dimension& dimension : report.plan.dimensions) {
      if (dimension.name != "region") continue;
      EXPECT_EQ(dimension.cells, (std::vector<std::string>{"CH-ZH", "other"})) << by_likelihood;
    }
  }
}

}  // namespace
}  // namespace tact
