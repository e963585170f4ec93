// From units to findings: exactness, agreement, and what bad data may not do.
#include "measure/analyse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>

#include "measure/analyse_test_util.h"
#include "measure/report_html.h"
#include "measure/report_json.h"
#include "measure/report_text.h"

namespace tact {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Day kDay = 20'000;

std::string json_of(const Findings& findings) { return to_string(json::value(to_json(findings))); }

Plan rich_plan() {
  Plan plan = two_arms();
  plan.arms.push_back({"other", 1.0});
  Metric money;
  money.name = "revenue";
  money.money = true;
  money.digits = 2;
  money.covariate = true;
  money.covariate_name = "revenue before";
  money.second = SecondIs::kCost;
  money.second_digits = 2;
  plan.metrics.push_back(money);
  plan.dimensions = {{"device", {"phone", "desktop"}}, {"region", {"n", "e", "s", "w"}}};
  plan.curves = {{"bought again"}};
  plan.economics = {1, 0.4, 1'000.0, 0.1};
  return plan;
}

UnitList rich_units(const Plan& plan, int count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  UnitList units(plan);
  const auto below = [&](int n) {
    return static_cast<std::int32_t>(random() % static_cast<std::uint64_t>(n));
  };
  for (int i = 0; i < count; ++i) {
    UnitFacts& unit = units.add(static_cast<std::uint32_t>(below(3)), kDay + below(40),
                                below(10) < 3 ? 1 + below(3) : 0);
    MetricFacts& money = unit.metrics[1];
    money.covariate = below(100'000);
    // Squares beyond 2^53, so that sums of doubles would depend on their order.
    money.value = unit.metrics[0].value * (below(30'000'000) + money.covariate);
    money.second = below(500);
    unit.cells = {below(3) - 1, below(4)};
    unit.curves[0] = {true, below(2) == 0, below(90)};
    unit.crossover = below(50) == 0;
  }
  return units;
}

// Whatever is added first, and however the parts are merged: the same bytes.
TEST(Analyse, TheOrderOfAddingAndMergingChangesNoByte) {
  const Plan plan = rich_plan();
  UnitList units = rich_units(plan, 20'000, 1);
  AnalyseOptions options;
  options.now = start_of(kDay + 60);
  std::mt19937_64 random(2);
  std::string first;
  for (const std::size_t parts : {1u, 2u, 7u, 64u}) {
    std::shuffle(units.units().begin(), units.units().end(), random);
    std::vector<Sums> partial;
    for (std::size_t part = 0; part < parts; ++part) partial.emplace_back(plan, SumOptions{false});
    for (std::size_t i = 0; i < units.units().size(); ++i) {
      ASSERT_TRUE(partial[i % parts].add(units.units()[i]).has_value());
    }
    std::vector<std::size_t> order(parts);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), random);
    Sums sums(plan, SumOptions{false});
    for (const std::size_t part : order) ASSERT_TRUE(sums.merge(partial[part]).has_value());
    const auto findings = analyse(plan, sums, options);
    ASSERT_TRUE(findings.has_value()) << findings.error().to_text();
    const std::string text = json_of(*findings);
    if (first.empty()) first = text;
    EXPECT_EQ(text, first) << parts;
  }
}

// What is not valid at every look says so, in each rendering, and by which method it is made.
TEST(Analyse, WhatIsForOneLookSaysSo) {
  const Plan plan = rich_plan();
  const Findings findings = found(plan, rich_units(plan, 20'000, 5), kDay + 200);
  ASSERT_FALSE(findings.novelty.empty());
  ASSERT_FALSE(findings.curves[0].differences.empty());
  ASSERT_FALSE(findings.returns.empty());
  EXPECT_THAT(findings.method, Contains(HasSubstr("except where one look is said")));
  EXPECT_THAT(findings.method, Contains(AllOf(HasSubstr("Kaplan-Meier"), HasSubstr("one look"))));
  EXPECT_THAT(findings.method, Contains(AllOf(HasSubstr("Novelty"), HasSubstr("one look"))));
  EXPECT_THAT(findings.method, Contains(AllOf(HasSubstr("Returns"), HasSubstr("same sequence"))));
  const json::object out = to_json(findings);
  for (const char* member : {"novelty", "curves"}) {
    for (const json::value& one : out.at(member).as_array()) {
      EXPECT_TRUE(one.as_object().at("one_look").as_bool()) << member;
      EXPECT_THAT(std::string(one.as_object().at("says").as_string()), HasSubstr("at one look."));
    }
  }
  Reports reports;
  reports.moments = {findings};
  const std::string text = to_text(reports, {});
  EXPECT_THAT(text, HasSubstr("intervals that may be read any day,\n"));
  EXPECT_THAT(text, HasSubstr("except at one look or fixed time"));
  EXPECT_THAT(text, HasSubstr("later "));
  const std::string html = to_html(reports);
  EXPECT_THAT(html, HasSubstr("Does it last? <span class=\"tag plain\">at one look</span></h3>"));
  EXPECT_THAT(html, Not(HasSubstr("how sure is it? <span")));
}

// Two threads, many runs: the same bytes, winsorised amounts included.
TEST(Analyse, TwoThreadsGiveTheSameBytesEveryTime) {
  const Plan plan = rich_plan();
  const UnitList units = rich_units(plan, 20'000, 3);
  const std::string first = json_of(found(plan, units, kDay + 60));
  EXPECT_THAT(first, HasSubstr("winsorised"));
  for (int run = 0; run < 5; ++run) EXPECT_EQ(json_of(found(plan, units, kDay + 60)), first);
}

// Against sums made the slow, plain way over the same units.
TEST(Analyse, FiguresAreThoseOfPlainSums) {
  const Plan plan = rich_plan();
  UnitList units = rich_units(plan, 20'000, 4);
  const Findings findings = found(plan, units, kDay + 60);
  for (std::uint32_t arm = 0; arm < 3; ++arm) {
    std::vector<double> values;
    std::int64_t phones = 0;
    for (const UnitFacts& unit : units.units()) {
      if (unit.arm != arm) continue;
      values.push_back(static_cast<double>(unit.metrics[1].value) / 100.0);
      phones += unit.cells[0] == 0 ? 1 : 0;
    }
    const ArmCounts& counts = findings.metrics[1].arms[arm];
    ASSERT_EQ(counts.units, static_cast<std::int64_t>(values.size()));
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    EXPECT_NEAR(counts.total, sum, 1e-6);
    // Some days have fewer than 50 phones in an arm, but three together have not.
    EXPECT_NEAR(static_cast<double>(findings.segments[0].cells[0].arms[arm].exposed), phones,
                0.05 * static_cast<double>(phones));
  }
  const auto moments = [&](std::uint32_t arm) {
    double n = 0, mean = 0, squares = 0;  // Welford
    for (const UnitFacts& unit : units.units()) {
      if (unit.arm != arm) continue;
      const double x = static_cast<double>(unit.metrics[1].value) / 100.0;
      n += 1;
      const double delta = x - mean;
      mean += delta / n;
      squares += delta * (x - mean);
    }
    return std::pair(mean, squares / (n - 1) / n);
  };
  const auto [kept, kept_variance] = moments(0);
  const auto [shown, shown_variance] = moments(2);
  const Comparison& comparison = *findings.metrics[1].of(2);
  EXPECT_NEAR(comparison.difference.estimate, shown - kept, 1e-6);
  EXPECT_NEAR(comparison.standard_error, std::sqrt(kept_variance + shown_variance), 1e-6);
}

TEST(Analyse, IntervalsOfSeveralArmsAgreeWithHolm) {
  Plan plan = two_arms();
  plan.arms = {{"control", 1}, {"a", 1}, {"b", 1}, {"c", 1}};
  std::mt19937_64 random(5);
  int found_different = 0, checked = 0;
  for (int world = 0; world < 60; ++world) {
    UnitList units(plan);
    for (std::uint32_t arm = 0; arm < 4; ++arm) {
      const double rate = 0.10 + 0.02 * static_cast<double>(random() % 3) * (arm > 0 ? 1 : 0);
      units.add_many(arm, kDay, 3'000, std::binomial_distribution<int>(3'000, rate)(random));
    }
    const Findings findings = found(plan, units, kDay + 2);
    for (const Comparison& comparison : findings.primary()->against) {
      const bool excludes = comparison.difference.low > 0.0 || comparison.difference.high < 0.0;
      EXPECT_EQ(excludes, comparison.adjusted_log10_p < std::log10(0.05));
      EXPECT_GE(comparison.adjusted_log10_p, comparison.log10_p);
      found_different += excludes ? 1 : 0;
      ++checked;
    }
  }
  EXPECT_EQ(checked, 180);
  EXPECT_GT(found_different, 20);  // so that both sides were seen
  EXPECT_LT(found_different, 150);
}

TEST(Analyse, ExchangedArmsExchangeTheSign) {
  Plan plan = two_arms();
  UnitList units(plan);
  units.add_many(0, kDay, 1'000, 100);
  units.add_many(1, kDay, 1'010, 190, 2);
  const Findings there = found(plan, units, kDay + 2);
  for (UnitFacts& unit : units.units()) unit.arm = 1 - unit.arm;
  const Findings back = found(plan, units, kDay + 2);
  const Comparison& a = *there.primary()->of(1);
  const Comparison& b = *back.primary()->of(1);
  EXPECT_EQ(a.difference.estimate, -b.difference.estimate);
  EXPECT_EQ(a.difference.low, -b.difference.high);
  EXPECT_EQ(a.fixed.high, -b.fixed.low);
  EXPECT_EQ(a.log10_p, b.log10_p);
}

TEST(Analyse, ClustersCountAndNotTheirMembers) {
  Plan plan = two_arms();
  plan.clustered = true;
  plan.cluster_name = "store";
  std::mt19937_64 random(6);
  UnitList units(plan);
  for (std::uint64_t store = 1; store <= 200; ++store) {
    // Stores differ, their customers hardly: 100 customers tell as much as one.
    const int buyers = 10 + static_cast<int>(random() % 60);
    for (int i = 0; i < 100; ++i) {
      units.add(store % 2, kDay, i < buyers ? 1 : 0).cluster = store;
    }
  }
  const Findings clustered = found(plan, units, kDay + 2);
  plan.clustered = false;
  const Findings naive = found(plan, units, kDay + 2);
  const Comparison& honest = *clustered.primary()->of(1);
  ASSERT_TRUE(honest.clusters.has_value());
  EXPECT_NEAR(*honest.clusters, 100.0, 1e-9);
  EXPECT_EQ(honest.difference.estimate, naive.primary()->of(1)->difference.estimate);
  EXPECT_GT(honest.standard_error, 3.0 * naive.primary()->of(1)->standard_error);
  EXPECT_THAT(clustered.method, ::testing::Contains("Variances count stores, not visitors."));
}

TEST(Analyse, FewClustersAreComparedOnceOrNotAtAll) {
  Plan plan = two_arms();
  plan.clustered = true;
  plan.cluster_name = "store";
  UnitList units(plan);
  for (std::uint64_t store = 1; store <= 20; ++store) {
    for (int i = 0; i < 100; ++i) {
      units.add(store % 2, kDay, i < 20 + static_cast<int>(store) ? 1 : 0).cluster = store;
    }
  }
  const Findings daily = found(plan, units, kDay + 2);
  EXPECT_EQ(daily.verdict, Verdict::kCannotBeJudged);
  EXPECT_THAT(daily.says, HasSubstr("fewer than 50 clusters"));
  AnalyseOptions options;
  options.now = start_of(kDay + 2);
  options.one_look = true;
  const auto once = analyse(plan, units, options);
  ASSERT_TRUE(once.has_value());
  ASSERT_NE(once->primary()->of(1), nullptr);
  EXPECT_TRUE(once->primary()->of(1)->one_look);
  EXPECT_THAT(once->method, Contains(HasSubstr("the difference, too, is for one look")));
  Reports reports;
  reports.moments = {*once};
  EXPECT_THAT(to_text(reports, {}), HasSubstr(", at one look"));
  EXPECT_THAT(to_html(reports), HasSubstr("how sure is it? <span class=\"tag plain\">at one look"));
}

TEST(Analyse, AFadingEffectIsSaidToFade) {
  Plan plan = two_arms();
  std::mt19937_64 random(7);
  UnitList units(plan);
  for (int day = 0; day < 42; ++day) {
    const double rate = day < 14 ? 0.30 : 0.105;
    units.add_many(0, kDay + day, 500, std::binomial_distribution<int>(500, 0.10)(random));
    units.add_many(1, kDay + day, 500, std::binomial_distribution<int>(500, rate)(random));
  }
  const Findings findings = found(plan, units, kDay + 60);
  ASSERT_EQ(findings.novelty.size(), 1u);
  EXPECT_EQ(findings.novelty[0].verdict, stats::NoveltyVerdict::kFades);
  EXPECT_THAT(findings.novelty[0].says, HasSubstr("The effect fades, from +"));
  ASSERT_EQ(findings.sequences.size(), 1u);
  const auto& points = findings.sequences[0].points;
  EXPECT_GE(points.size(), 40u);  // from the first look behind the gate on
  EXPECT_EQ(points.back().difference.low, findings.primary()->of(1)->difference.low);
}

TEST(Analyse, ReturnsCountMarginAndCosts) {
  Plan plan = rich_plan();
  plan.arms.pop_back();
  plan.economics = {1, 0.5, 100.0, 0.25};
  UnitList units(plan);
  for (std::uint32_t arm = 0; arm < 2; ++arm) {
    for (int i = 0; i < 1'000; ++i) {
      UnitFacts& unit = units.add(arm, kDay, 0);
      const bool buys = i < (arm == 1 ? 300 : 100);
      unit.metrics[1].value = buys ? 5'000 : 0;  // 50.00
      unit.metrics[1].second = arm == 1 && buys ? 200 : 0;
      unit.metrics[0].value = buys ? 1 : 0;
    }
  }
  const Findings findings = found(plan, units, kDay + 2);
  ASSERT_EQ(findings.returns.size(), 1u);
  const ReturnFinding& found_return = findings.returns[0];
  EXPECT_NEAR(found_return.value.estimate, 10.0, 1e-9);       // (300 − 100) × 50 / 1,000
  EXPECT_NEAR(found_return.cost.estimate, 0.6 + 0.25, 1e-9);  // 300 × 2 / 1,000, and a stamp
  EXPECT_NEAR(found_return.profit.estimate, 5.0 - 0.85, 1e-9);
  EXPECT_NEAR(found_return.total.estimate, 4'150.0 - 100.0, 1e-6);
  EXPECT_NEAR(found_return.roi.estimate.value(), 4'050.0 / 950.0, 1e-9);
  EXPECT_THAT(found_return.says, HasSubstr("It earned €4,050.00"));
}

TEST(Analyse, ASegmentWhoseSplitFailedBlocksTheVerdict) {
  Plan plan = two_arms();
  plan.dimensions = {{"browser", {"old", "new"}}};
  UnitList units(plan);
  const auto add = [&](std::uint32_t arm, std::int32_t cell, int n, int reached) {
    for (int i = 0; i < n; ++i) units.add(arm, kDay, i < reached ? 1 : 0).cells = {cell};
  };
  add(0, 0, 1'000, 100);
  add(1, 0, 600, 200);
  add(0, 1, 2'000, 200);
  add(1, 1, 2'390, 400);  // in all 3,000 and 2,990
  const Findings findings = found(plan, units, kDay + 2);
  EXPECT_FALSE(findings.ratio.failed);
  EXPECT_EQ(findings.verdict, Verdict::kCannotBeJudged);
  EXPECT_THAT(findings.note, HasSubstr("Of browser old the shares are not as planned."));
  EXPECT_TRUE(findings.primary()->against.empty());
  for (const SegmentCell& cell : findings.segments[0].cells) EXPECT_FALSE(cell.difference[0]);
}

TEST(Analyse, AnArmThatAppearsMidWayIsNotCompared) {
  Plan plan = two_arms();
  plan.arms.push_back({"late", 1.0});
  UnitList units(plan);
  for (int day = 0; day < 20; ++day) {
    units.add_many(0, kDay + day, 100, 30);
    units.add_many(1, kDay + day, 100, 40);
    if (day >= 10) units.add_many(2, kDay + day, 100, 90);
  }
  const Findings findings = found(plan, units, kDay + 30);
  EXPECT_EQ(findings.verdict, Verdict::kCannotBeJudged);
  EXPECT_THAT(findings.says, HasSubstr("the arms did not begin together"));
  EXPECT_THAT(findings.note, HasSubstr("late was not there from the beginning"));
}

// No number that is none, and no confident sentence, whatever little there is.
TEST(Analyse, ThinDataAreNeverJudged) {
  const Plan plan = two_arms();
  struct Case {
    int control, control_reached, treatment, treatment_reached;
  };
  for (const Case& thin : {Case{0, 0, 0, 0}, Case{1, 1, 0, 0}, Case{1, 0, 1, 1}, Case{60, 0, 0, 0},
                           Case{60, 60, 60, 0}, Case{900, 49, 900, 500}, Case{2, 1, 2, 2}}) {
    UnitList units(plan);
    units.add_many(0, kDay, thin.control, thin.control_reached);
    units.add_many(1, kDay, thin.treatment, thin.treatment_reached);
    const Findings findings = found(plan, units, kDay + 2);
    EXPECT_TRUE(findings.verdict == Verdict::kNotEnoughData ||
                findings.verdict == Verdict::kCannotBeJudged)
        << findings.says;
    EXPECT_TRUE(findings.primary()->against.empty());
    const std::string text = json_of(findings);
    for (const char* word : {"nan", "inf", "helps", "hurts", "\"low\""}) {
      EXPECT_THAT(text, ::testing::Not(HasSubstr(word)));
    }
  }
}

TEST(Analyse, RefusesPlansAndUnitsThatAreNone) {
  const auto refused = [](const Plan& plan) { return !check_plan(plan).has_value(); };
  EXPECT_FALSE(refused(two_arms()));
  Plan plan = two_arms();
  plan.arms.pop_back();
  EXPECT_TRUE(refused(plan));
  for (const double weight : {-1.0, std::nan(""), HUGE_VAL}) {
    plan = two_arms();
    plan.arms[1].weight = weight;
    EXPECT_TRUE(refused(plan)) << weight;
  }
  plan = two_arms();
  plan.arms[1].name = "control";
  EXPECT_TRUE(refused(plan));
  plan = two_arms();
  plan.metrics[0].kind = MetricKind::kRatio;  // without a denominator
  EXPECT_TRUE(refused(plan));
  plan = two_arms();
  UnitList units(plan);
  units.add(2, kDay);
  AnalyseOptions options;
  EXPECT_EQ(analyse(plan, units, options).error().code, ErrorCode::kInvalid);
  units.units()[0].arm = 1;
  units.units()[0].metrics[0].value = kLargestFact + 1;
  EXPECT_EQ(analyse(plan, units, options).error().where, "value");
  units.units()[0].metrics[0].value = kLargestFact;
  EXPECT_TRUE(analyse(plan, units, options).has_value());
  options.alpha = 0.7;
  EXPECT_EQ(analyse(plan, units, options).error().code, ErrorCode::kInvalid);
}

// Nearly all reach the goal: the few who do not are what a share varies by. 1,000 controls at 99 %
// have some 10 of them, and behind a gate that counts who did, the interval at every look excludes
// 0 in nearly half of the worlds without an effect.
TEST(Analyse, AFrequentShareWaitsForThoseWhoDoNot) {
  Plan plan = two_arms();
  plan.arms = {{"held back", 1.0}, {"shown", 19.0}};
  plan.metrics[0].kind = MetricKind::kProportion;
  const auto shares = [&plan](int misses) {
    UnitList units(plan);
    units.add_many(0, kDay, 1'000, 1'000 - misses);
    units.add_many(1, kDay, 19'000, 19'000 - 19 * misses);
    return found(plan, units, kDay + 2);
  };
  const Findings few = shares(10);
  EXPECT_EQ(few.verdict, Verdict::kNotEnoughData);
  EXPECT_TRUE(few.primary()->against.empty());
  ASSERT_EQ(few.primary()->lacking.size(), 1u);
  EXPECT_EQ(few.primary()->lacking[0].arm, 0u);
  EXPECT_EQ(few.primary()->lacking[0].have, 10);
  EXPECT_EQ(few.primary()->lacking[0].missing, 40);
  EXPECT_TRUE(few.primary()->lacking[0].without);
  EXPECT_THAT(few.note, HasSubstr(": held back has 10 of 50 who did not."));
  EXPECT_THAT(json_of(few), HasSubstr(R"("missing":40,"uneven":false,"without":true)"));
  EXPECT_TRUE(shares(50).primary()->lacking.empty());
  // Of a mean, too, while nobody has more than 1; else who has none of it is not what it varies by.
  plan.metrics[0].kind = MetricKind::kMean;
  EXPECT_EQ(shares(10).verdict, Verdict::kNotEnoughData);
  UnitList units(plan);
  units.add_many(0, kDay, 1'000, 990, 2);
  units.add_many(1, kDay, 19'000, 18'810, 3);
  EXPECT_TRUE(found(plan, units, kDay + 2).primary()->lacking.empty());
}

// `buyers` of 1,000 in control, each fifth of whom spends `large` and the others 50; nine times as
// many of either in the treated arm, or as many.
Findings spent(int buyers, std::int64_t large, int times = 9) {
  Plan plan = two_arms();
  plan.arms[1].weight = times;
  plan.metrics[0].name = "spend";
  plan.metrics[0].money = true;
  UnitList units(plan);
  units.add_many(1, kDay, times * 1'000, times * buyers, 50);
  units.add_many(0, kDay, 1'000, buyers, 50);
  int buyer = 0;
  for (UnitFacts& unit : units.units()) {
    if (unit.metrics[0].value != 0 && buyer++ % 5 == 0) unit.metrics[0].value = large;
  }
  return found(plan, units, kDay + 2);
}

TEST(Analyse, UnevenMoneyInUnevenArmsWaits) {
  // u = (4 * 50^2 + 500^2) / (4 * 50 + 500)^2 * 5 = 2.653: u^3 (1 - 1/9)^2 / (1 + 1/9) / 0.25^2 =
  // 212.5 buyers are asked of control.
  EXPECT_TRUE(spent(215, 500).primary()->lacking.empty());
  const Findings waits = spent(200, 500);
  const MetricFinding& primary = *waits.primary();
  EXPECT_EQ(waits.verdict, Verdict::kNotEnoughData);
  EXPECT_TRUE(primary.against.empty());
  ASSERT_EQ(primary.lacking.size(), 1u);
  EXPECT_EQ(primary.lacking[0].arm, 0u);
  EXPECT_EQ(primary.lacking[0].have, 200);
  EXPECT_EQ(primary.lacking[0].missing, 13);
  EXPECT_TRUE(primary.lacking[0].uneven);
  ASSERT_TRUE(primary.uneven.has_value());
  EXPECT_EQ(primary.uneven->reached, 2'000);
  EXPECT_NEAR(primary.uneven->effective, 2'000 / 2.6530612, 1e-3);
  EXPECT_EQ(primary.uneven->says,
            "Not enough data yet: a few large amounts make most of this, the 2,000 in all count "
            "like 753 equal ones, and with arms of so different size the interval would be too "
            "narrow. control needs 13 more.");
  Reports reports;
  reports.moments.push_back(waits);
  EXPECT_THAT(to_text(reports, {}), HasSubstr("a few large amounts make most of"));
  EXPECT_THAT(to_html(reports), HasSubstr("count like 753 equal ones"));
  EXPECT_THAT(json_of(waits), HasSubstr(R"("uneven":{"arm":"control","effective":7.53E2)"));
  EXPECT_THAT(json_of(waits), HasSubstr(R"("missing":13,"uneven":true)"));
}

TEST(Analyse, UnevenMoneyOfEqualArmsDoesNotWait) {
  EXPECT_TRUE(spent(60, 5'000, 1).primary()->lacking.empty());
  EXPECT_FALSE(spent(60, 5'000, 1).primary()->uneven.has_value());
  // Nor do even amounts, whatever the split.
  EXPECT_TRUE(spent(60, 50).primary()->lacking.empty());
}

// One buyer in 150 spends very much: beyond the largest 1 % money is even, and is shown meanwhile.
TEST(Analyse, WinsorisedMoneyIsShownWhileTheRawOneWaits) {
  Plan plan = two_arms();
  plan.arms[1].weight = 9;
  plan.metrics[0].name = "spend";
  plan.metrics[0].money = true;
  UnitList units(plan);
  units.add_many(1, kDay, 9'000, 1'350, 50);
  units.add_many(0, kDay, 1'000, 100, 50);
  int buyer = 0;
  for (UnitFacts& unit : units.units()) {
    if (unit.metrics[0].value != 0 && buyer++ % 150 == 0) unit.metrics[0].value = 10'000;
  }
  const Findings waits = found(plan, units, kDay + 2);
  const MetricFinding& primary = *waits.primary();
  EXPECT_TRUE(primary.against.empty());
  ASSERT_TRUE(primary.uneven.has_value());
  ASSERT_EQ(primary.uneven->winsorised.size(), 1u);
  const Capped& capped = primary.uneven->winsorised[0].capped;
  EXPECT_EQ(capped.units, 10);
  EXPECT_NEAR(capped.difference.estimate, capped.cap * 0.15 - capped.cap * 0.1, 0.05);
  EXPECT_THAT(primary.uneven->says, HasSubstr("With the largest 1 % counted as the next lower: "));
  EXPECT_THAT(json_of(waits), HasSubstr(R"("winsorised":[{"cap":)"));
}

TEST(Analyse, OnlyMoneyCanBeUneven) {
  const Plan plan = two_arms();
  UnitList units(plan);
  for (std::uint32_t arm = 0; arm < 2; ++arm) units.add_many(arm, kDay, 1'000, 60);
  EXPECT_FALSE(found(plan, units, kDay + 2).primary()->uneven.has_value());
}

TEST(Analyse, SeveralArmsHaveWhatEachCreatedAndCaptured) {
  Plan plan = two_arms();
  plan.arms.push_back({"other", 1.0});
  UnitList units(plan);
  const std::array<int, 3> orders{200, 200, 700};
  for (std::uint32_t arm = 0; arm < 3; ++arm) units.add_many(arm, kDay, 2'000, orders[arm]);
  for (UnitFacts& unit : units.units()) {
    if (unit.arm > 0) unit.metrics[0].credit.last = unit.metrics[0].value;
  }
  const Findings findings = found(plan, units, kDay + 2);
  const CreditFinding& credit = findings.credit;
  ASSERT_EQ(credit.arms.size(), 2u);
  EXPECT_FALSE(credit.created.has_value());  // of which arm?
  EXPECT_EQ(credit.arms[0].arm, 1u);
  EXPECT_EQ(credit.arms[0].credited, 200.0);
  EXPECT_NEAR(credit.arms[0].created.estimate, 0.0, 1e-9);
  EXPECT_NEAR(credit.arms[0].captured.estimate, 200.0, 1e-9);
  EXPECT_EQ(credit.arms[1].credited, 700.0);
  EXPECT_NEAR(credit.arms[1].created.estimate, 500.0, 1e-9);
  EXPECT_NEAR(credit.arms[1].captured.estimate, 200.0, 1e-9);
  const Estimate& created = credit.arms[1].created;
  EXPECT_DOUBLE_EQ(credit.arms[1].captured.low, 700.0 - created.high);
  EXPECT_DOUBLE_EQ(credit.arms[1].captured.high, 700.0 - created.low);
  Reports reports;
  reports.moments.push_back(findings);
  EXPECT_THAT(to_text(reports, {}), HasSubstr("700 credited; created +500"));
  EXPECT_THAT(to_html(reports), HasSubstr("credited 700; created"));
  EXPECT_THAT(findings.credited_says, HasSubstr("stands by its name"));
}

TEST(Analyse, TheLargestFactsHaveExactSums) {
  const Plan plan = two_arms();
  UnitList units(plan);
  for (std::uint32_t arm = 0; arm < 2; ++arm) {
    for (int i = 0; i < 2'000; ++i) {
      units.add(arm, kDay,
                i % 2 == 0 ? kLargestFact : kLargestFact / 2 - arm * std::int64_t{1'000});
    }
  }
  const Findings findings = found(plan, units, kDay + 2);
  ASSERT_FALSE(findings.primary()->against.empty()) << findings.says;
  EXPECT_NEAR(findings.primary()->of(1)->difference.estimate, -500.0, 1e-3 * 500.0);
}

// 0.1 more for each of the treatment's 2,000 in the denominator, not for each of its 1,000 units.
TEST(Analyse, OfARatioWhatCameOfItIsPerItsDenominator) {
  Plan plan = two_arms();
  plan.metrics[0].kind = MetricKind::kRatio;
  plan.metrics[0].second = SecondIs::kDenominator;
  UnitList units(plan);
  for (const std::uint32_t arm : {0u, 1u}) {
    units.add_many(arm, 20'000, 1'000, arm == 0 ? 400 : 600);
  }
  for (UnitFacts& unit : units.units()) unit.metrics[0].second = 2;
  const Findings report = found(plan, units, 20'001);
  ASSERT_NE(report.primary()->of(1), nullptr);
  EXPECT_NEAR(report.primary()->of(1)->difference.estimate, 0.1, 1e-12);
  EXPECT_NEAR(report.primary()->of(1)->incremental.estimate, 200.0, 1e-9);
}

}  // namespace
}  // namespace tact
