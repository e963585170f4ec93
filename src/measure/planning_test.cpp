// When it will be told: the planner's figures in a report, kept to in worlds that go on.
#include <gmock/gmock.h>

#include <cmath>
#include <cstdio>
#include <random>

#include "measure/analyse_test_util.h"
#include "measure/report_html.h"
#include "measure/report_json.h"
#include "measure/report_text.h"

namespace tact {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Day kDay = 20'000;

std::string json_of(const Findings& findings) { return to_string(json::value(to_json(findings))); }

std::vector<std::string> renderings(const Findings& findings) {
  Reports reports;
  reports.moments.push_back(findings);
  return {to_text(reports, {}), to_html(reports), to_string(json::value(to_json(reports)))};
}

// Each day so many units an arm, of whom so many reach the goal.
UnitList steady(const Plan& plan, int from, int until, int units, int reached, int more = 0) {
  UnitList list(plan);
  for (int day = from; day < until; ++day) {
    list.add_many(0, kDay + day, units, reached);
    list.add_many(1, kDay + day, units, reached + more);
  }
  return list;
}

TEST(Planning, OfNotEnoughDataSaysHowLargeAnEffectCanBeToldThenAndHowLongTheSmallestTakes) {
  Plan plan = two_arms();
  plan.metrics[0].within = days(2);
  const Findings findings = found(plan, steady(plan, 0, 14, 60, 2), kDay + 14);
  ASSERT_EQ(findings.verdict, Verdict::kNotEnoughData);
  ASSERT_TRUE(findings.planning && findings.planning->enough);
  const Planning& planning = *findings.planning;
  EXPECT_EQ(planning.per_day, 120.0);
  EXPECT_EQ(planning.worthwhile, 0.0033) << "10 % of 2 in 60, to two digits";
  ASSERT_TRUE(planning.ready && planning.detectable && planning.worthwhile_at);
  // 50 in each arm take 25 days, the last of them two more.
  EXPECT_EQ(*planning.ready, start_of(kDay + 27));
  EXPECT_GT(*planning.detectable, planning.worthwhile);
  EXPECT_LT(*planning.detectable_fixed, *planning.detectable);
  EXPECT_GT(*planning.worthwhile_at, *planning.worthwhile_at_fixed);
  EXPECT_GT(*planning.worthwhile_at_fixed, *planning.ready);
  EXPECT_THAT(planning.says, HasSubstr("By then a difference of about "));
  EXPECT_THAT(planning.says, HasSubstr("3.3 orders per 1,000 visitors (10\u00a0% of what happens "
                                       "anyway), in about "));
  EXPECT_THAT(planning.says, HasSubstr("at about 120 visitors a day, as so far."));
}

TEST(Planning, OfNotClearSaysWhatCanBeToldByNow) {
  const Plan plan = two_arms();
  const Findings findings = found(plan, steady(plan, 0, 10, 60, 15, 1), kDay + 10);
  ASSERT_EQ(findings.verdict, Verdict::kNotClear);
  ASSERT_TRUE(findings.planning && findings.planning->enough);
  EXPECT_FALSE(findings.planning->ready) << "the gate is open";
  EXPECT_NEAR(findings.planning->worthwhile, findings.smallest_effect, 0.0005);
  EXPECT_THAT(findings.planning->says, HasSubstr("By now a difference of about "));
  const auto& primary = *findings.primary()->of(1);
  EXPECT_LT(*findings.planning->detectable,
            2.0 * (primary.difference.high - primary.difference.low))
      << "of the interval's size";
}

// The sentence's promise: an effect of 10 % is found by then in 80 % of worlds. 80 worlds; 64
// expected, at least 53 and at most 75 with 3 standard deviations.
TEST(Planning, IsKeptInWorldsThatGoOn) {
  constexpr int kWorlds = 80;
  Plan plan = two_arms();
  plan.metrics[0].kind = MetricKind::kProportion;
  int told = 0;
  for (int world = 0; world < kWorlds; ++world) {
    std::mt19937_64 random(static_cast<std::uint64_t>(world));
    std::binomial_distribution<int> control(100, 0.5), treatment(100, 0.55);
    UnitList units(plan);
    const auto go_on = [&](int from, int until) {
      for (int day = from; day < until; ++day) {
        units.add_many(0, kDay + day, 100, control(random));
        units.add_many(1, kDay + day, 100, treatment(random));
      }
    };
    go_on(0, 8);
    const Findings early = found(plan, units, kDay + 8);
    ASSERT_TRUE(early.verdict != Verdict::kNotClear || early.planning) << world;
    if (!early.planning) {  // found by chance already
      ++told;
      continue;
    }
    ASSERT_TRUE(early.planning->worthwhile_at) << world;
    const Day until = day_of(*early.planning->worthwhile_at);
    ASSERT_GT(until, kDay + 8) << world;
    go_on(8, until - kDay);
    told += found(plan, units, until).primary()->of(1)->difference.low > 0.0;
  }
  std::printf("planned: told in %d of %d worlds by the day, at 80 %% power\n", told, kWorlds);
  EXPECT_GE(told, 53);
  EXPECT_LE(told, 75);
}

TEST(Planning, SaysNothingWhereTheHistoryIsTooShortOrTheVerdictIsThere) {
  const Plan plan = two_arms();
  for (const Findings& findings :
       {found(plan, steady(plan, 0, 6, 60, 5), kDay + 6),       // six days
        found(plan, steady(plan, 0, 6, 60, 5), kDay + 30),      // six days, long ago
        found(plan, steady(plan, 0, 12, 60, 0), kDay + 12)}) {  // no order at all
    ASSERT_EQ(findings.verdict, Verdict::kNotEnoughData);
    ASSERT_TRUE(findings.planning);
    EXPECT_FALSE(findings.planning->enough);
    EXPECT_THAT(findings.planning->says, HasSubstr("too short a history"));
    EXPECT_THAT(json_of(findings), Not(HasSubstr("worthwhile")));
  }
  EXPECT_FALSE(found(plan, steady(plan, 0, 20, 60, 10, 20), kDay + 20).planning) << "it helps";
  EXPECT_FALSE(found(plan, UnitList(plan), kDay + 20).planning) << "nobody";
}

// Before the gate the arms' rates are not told, so neither may the figures tell them: of all arms
// together, whoever of them had the outcomes.
TEST(Planning, BeforeTheGateTellsNothingOfTheDifference) {
  const Plan plan = two_arms();
  UnitList one(plan), other(plan);
  for (int day = 0; day < 10; ++day) {
    one.add_many(0, kDay + day, 60, 1);
    one.add_many(1, kDay + day, 60, 4);
    other.add_many(0, kDay + day, 60, 4);
    other.add_many(1, kDay + day, 60, 1);
  }
  const Findings a = found(plan, one, kDay + 10), b = found(plan, other, kDay + 10);
  ASSERT_EQ(a.verdict, Verdict::kNotEnoughData);
  ASSERT_TRUE(a.planning && a.planning->enough && b.planning);
  EXPECT_EQ(a.planning->says, b.planning->says);
  EXPECT_EQ(a.planning->worthwhile, 0.0042) << "a tenth of 50 in 1,200";
}

// Exposures that no block holds change no byte of it: fewer than 50 are not shown.
TEST(Planning, LooksAtTheBlocksShownAlone) {
  const Plan plan = two_arms();
  UnitList units = steady(plan, 0, 10, 60, 15, 1);
  const Findings before = found(plan, units, kDay + 11);
  units.add_many(0, kDay + 10, 49, 49);
  units.add_many(1, kDay + 10, 7, 3);
  const Findings after = found(plan, units, kDay + 11);
  ASSERT_TRUE(after.waiting && before.planning && after.planning);
  EXPECT_EQ(to_string(json::value(to_json(before)["planning"])),
            to_string(json::value(to_json(after)["planning"])));
}

// Where nobody came for long, that is the pace.
TEST(Planning, AStandstillIsPartOfThePace) {
  const Plan plan = two_arms();
  const UnitList units = steady(plan, 0, 10, 60, 15, 1);
  EXPECT_EQ(found(plan, units, kDay + 10).planning->per_day, 120.0);
  EXPECT_EQ(found(plan, units, kDay + 11).planning->per_day, 120.0) << "a day may be late";
  EXPECT_EQ(found(plan, units, kDay + 31).planning->per_day, 40.0);
}

TEST(Planning, OfATableSaysHowManyItTakes) {
  const Plan plan = two_arms();
  const UnitList units = steady(plan, 0, 1, 500, 150, 5);
  AnalyseOptions options;
  options.now = start_of(kDay + 1);
  options.one_look = true;
  const auto findings = analyse(plan, units, options);
  ASSERT_TRUE(findings.has_value());
  ASSERT_EQ(findings->verdict, Verdict::kNotClear);
  ASSERT_TRUE(findings->planning && findings->planning->enough);
  ASSERT_TRUE(findings->planning->worthwhile_units);
  // As the normal approximation has it, with the wider interval: beyond (z + z)² 2 σ² / δ² an arm.
  const double fixed = std::pow((1.96 + 0.8416) / 0.03, 2.0) * 2.0 * 2.0 * 0.3 * 0.7;
  EXPECT_GT(static_cast<double>(*findings->planning->worthwhile_units), fixed);
  EXPECT_LT(static_cast<double>(*findings->planning->worthwhile_units), 2.5 * fixed);
  EXPECT_THAT(findings->planning->says, HasSubstr("So many visitors tell a difference of about "));
  EXPECT_THAT(findings->planning->says, HasSubstr(" in all."));
  EXPECT_THAT(findings->planning->says, Not(HasSubstr("day")));
}

// Rates near 0 and 1, huge and tiny amounts, one in a million, a stop for years: never NaN, never a
// crash, in no rendering.
TEST(Planning, NoDataMakeItSayNonsense) {
  std::mt19937_64 random(7);
  int planned = 0;
  for (int world = 0; world < 150; ++world) {
    Plan plan = two_arms();
    plan.metrics[0].money = world % 3 == 1;
    if (world % 3 == 2) plan.metrics[0].kind = MetricKind::kProportion;
    if (world % 3 == 1) plan.metrics[0].digits = 2;
    plan.metrics[0].within = days(static_cast<int>(random() % 40));
    if (world % 5 == 0) plan.arms.push_back({"third", 0.2});
    UnitList units(plan);
    const int last = 8 + static_cast<int>(random() % 30);
    for (int day = 0; day < last; ++day) {
      for (std::uint32_t arm = 0; arm < plan.arms.size(); ++arm) {
        const int n = 50 + static_cast<int>(random() % 40);
        const auto reached = static_cast<int>(random() % 5 == 0 ? n : random() % 4);
        const std::int64_t amount =
            plan.metrics[0].money ? static_cast<std::int64_t>(random() % kLargestFact) - 999 : 1;
        units.add_many(arm, kDay + day, n, reached, amount);
      }
    }
    const Findings findings = found(plan, units, kDay + last + static_cast<int>(random() % 3'000));
    if (!findings.planning) continue;
    const std::string& says = findings.planning->says;
    ASSERT_FALSE(says.empty());
    EXPECT_THAT(says, Not(AnyOf(HasSubstr("nan"), HasSubstr("inf"), HasSubstr("\u221e"),
                                HasSubstr("\u2212"), HasSubstr("  "))));
    EXPECT_EQ(says.back(), '.');
    for (const std::string& rendered : renderings(findings)) {
      EXPECT_NE(rendered.find(says.substr(0, 12)), std::string::npos) << world << ": " << says;
      EXPECT_EQ(rendered.find("nan,"), std::string::npos) << world;
    }
    ++planned;
  }
  EXPECT_GE(planned, 30) << "the test is too tame";
}

}  // namespace
}  // namespace tact
