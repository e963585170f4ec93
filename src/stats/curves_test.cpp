#include "stats/curves.h"

#include <gtest/gtest.h>

#include <cmath>

#include "stats/test_support.h"

namespace tact::stats {
namespace {

using testing::Random;
using testing::Share;

struct Person {
  int day = 0;
  bool event = false;
};

SurvivalCounts counts_of(const std::vector<Person>& people) {
  SurvivalCounts counts;
  for (const Person& p : people) counts.add(p.day, p.event);
  return counts;
}

// Who is drawn has the event on a geometric day, and is observed for a uniform number of days.
std::vector<Person> draw(Random& random, int n, double hazard, int longest) {
  std::geometric_distribution<int> event(hazard);
  std::uniform_int_distribution<int> through(longest / 2, longest);
  std::vector<Person> people;
  for (int i = 0; i < n; ++i) {
    const int at = event(random);
    const int seen = through(random);
    people.push_back(at <= seen ? Person{at, true} : Person{seen, false});
  }
  return people;
}

// Freireich's remission times (6-MP), the textbook's example: weeks, + still in remission.
// 6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+
TEST(SurvivalCounts, ObservedThroughADayKnowsNothingLater) {
  SurvivalCounts counts;
  for (const int day : {0, 3, 4}) EXPECT_TRUE(counts.add(day, true));
  for (const int day : {1, 3, 4, 9}) EXPECT_TRUE(counts.add(day, false));
  const SurvivalCounts three = counts.observed_through(3);
  EXPECT_EQ(three.events, (std::vector<std::int64_t>{1, 0, 0, 1}));
  EXPECT_EQ(three.censored, (std::vector<std::int64_t>{0, 1, 0, 4}))
      << "3, 4, 9, and an event on 4";
  const SurvivalCounts all = counts.observed_through(9);
  EXPECT_EQ(all.events, counts.events);
  EXPECT_EQ(all.censored, counts.censored);
  EXPECT_EQ(SurvivalCounts().observed_through(5).censored.size(), 0U);
}

TEST(Curves, TheTextbooksRemissionTimes) {
  const std::vector<Person> people = {
      {6, true},   {6, true},   {6, true},   {6, false},  {7, true},   {9, false},  {10, true},
      {10, false}, {11, false}, {13, true},  {16, true},  {17, false}, {19, false}, {20, false},
      {22, true},  {23, true},  {25, false}, {32, false}, {32, false}, {34, false}, {35, false}};
  const auto curve = kaplan_meier(counts_of(people)).value();
  ASSERT_EQ(curve.size(), 36u);
  const auto expect = [&](int week, std::int64_t at_risk, double survival, double error) {
    EXPECT_EQ(curve[week].at_risk, at_risk) << week;
    EXPECT_NEAR(curve[week].survival, survival, 5e-4) << week;
    EXPECT_NEAR(curve[week].standard_error, error, 5e-4) << week;
  };
  expect(5, 21, 1.0, 0.0);
  expect(6, 21, 0.857, 0.0764);
  expect(7, 17, 0.807, 0.0869);
  expect(10, 15, 0.753, 0.0963);
  expect(13, 12, 0.690, 0.1068);
  expect(16, 11, 0.627, 0.1141);
  expect(22, 7, 0.538, 0.1282);
  expect(23, 6, 0.448, 0.1346);
  EXPECT_NEAR(curve[10].interval.lower, 0.503, 1e-3);  // log-log
  EXPECT_NEAR(curve[10].interval.upper, 0.889, 1e-3);
}

// Plainly, a person at a time: at each day, who is still there, who has the event.
TEST(Curves, AsCountedPersonByPerson) {
  Random random(1);
  for (int round = 0; round < 50; ++round) {
    const auto people = draw(random, 20 + 5 * round, 0.05, 40);
    const auto curve = kaplan_meier(counts_of(people)).value();
    long double survival = 1;
    long double greenwood = 0;
    for (const SurvivalPoint& point : curve) {
      int at_risk = 0;
      int events = 0;
      for (const Person& p : people) {
        at_risk += p.day >= point.day ? 1 : 0;
        events += p.day == point.day && p.event ? 1 : 0;
      }
      ASSERT_EQ(point.at_risk, at_risk);
      survival *= 1 - static_cast<long double>(events) / at_risk;
      if (events < at_risk) {
        greenwood += static_cast<long double>(events) / at_risk / (at_risk - events);
      }
      EXPECT_NEAR(point.survival, static_cast<double>(survival), 1e-12);
      if (survival > 0) {
        EXPECT_NEAR(point.standard_error,
                    static_cast<double>(survival) * std::sqrt(static_cast<double>(greenwood)),
                    1e-12);
      }
      EXPECT_LE(point.interval.lower, point.survival + 1e-15);
      EXPECT_GE(point.interval.upper, point.survival - 1e-15);
      EXPECT_GE(point.interval.lower, 0.0);
      EXPECT_LE(point.interval.upper, 1.0);
    }
  }
}

// Without censoring the restricted mean is the mean of min(day, horizon), its error the sample's.
TEST(Curves, RestrictedMeanWithoutCensoringIsTheMean) {
  Random random(2);
  std::geometric_distribution<int> day(0.1);
  std::vector<Person> people;
  long double sum = 0;
  long double squares = 0;
  constexpr int kHorizon = 20;
  for (int i = 0; i < 500; ++i) {
    people.push_back({day(random), true});
    const int lived = std::min(people.back().day, kHorizon);
    sum += lived;
    squares += lived * lived;
  }
  const RestrictedMean mean = restricted_mean(counts_of(people), kHorizon).value();
  EXPECT_NEAR(mean.days, static_cast<double>(sum / 500), 1e-10);
  const auto variance = static_cast<double>(squares / 500 - sum / 500 * (sum / 500));
  EXPECT_NEAR(mean.standard_error, std::sqrt(variance / 500), 1e-10);
}

TEST(Curves, MergingIsAddingPeople) {
  Random random(3);
  const auto people = draw(random, 300, 0.05, 40);
  SurvivalCounts parts[2];
  for (std::size_t i = 0; i < people.size(); ++i) parts[i % 2].add(people[i].day, people[i].event);
  SurvivalCounts merged = parts[1];
  merged += parts[0];
  const SurvivalCounts whole = counts_of(people);
  EXPECT_EQ(merged.events, whole.events);
  EXPECT_EQ(merged.censored, whole.censored);
  EXPECT_FALSE(merged.add(-1, true));
  EXPECT_FALSE(merged.add(SurvivalCounts::kMostDays, true));
}

TEST(Curves, SwappingTheArmsFlipsSignsBitForBit) {
  Random random(4);
  for (int round = 0; round < 50; ++round) {
    const auto a = counts_of(draw(random, 100, 0.05, 40));
    const auto b = counts_of(draw(random, 150, 0.04, 40));
    const auto x = survival_difference(a, b, 15, 0.05, Alternative::kGreater).value();
    const auto y = survival_difference(b, a, 15, 0.05, Alternative::kLess).value();
    EXPECT_EQ(x.estimate, -y.estimate);
    EXPECT_EQ(x.interval.lower, -y.interval.upper);
    EXPECT_EQ(x.p.log10_p, y.p.log10_p);
    const auto m = restricted_mean_difference(a, b, 15).value();
    const auto n = restricted_mean_difference(b, a, 15).value();
    EXPECT_EQ(m.estimate, -n.estimate);
    EXPECT_EQ(m.interval.lower, -n.interval.upper);
  }
}

TEST(Curves, IntervalsCoverUnderCensoring) {
  Random random(5);
  constexpr int kDay = 24;
  constexpr double kHazard = 0.03;
  const double truth = std::pow(1 - kHazard, kDay + 1);
  double days = 0.0;
  double other_days = 0.0;
  for (int d = 0; d < 20; ++d) {
    days += std::pow(1 - kHazard, d + 1);
    other_days += std::pow(1 - 0.04, d + 1);
  }
  Share survival;
  Share difference;
  Share restricted;
  Share restricted_difference;
  Share small;
  for (int world = 0; world < 3'000; ++world) {
    const auto a = counts_of(draw(random, 200, kHazard, 40));
    const auto b = counts_of(draw(random, 200, 0.04, 40));
    survival.count(kaplan_meier(a).value()[kDay].interval.contains(truth));
    difference.count(
        survival_difference(a, b, kDay)->interval.contains(truth - std::pow(1 - 0.04, kDay + 1)));
    restricted.count(restricted_mean(a, 20)->interval.contains(days));
    restricted_difference.count(
        restricted_mean_difference(a, b, 20)->interval.contains(days - other_days));
    const auto few = kaplan_meier(counts_of(draw(random, 12, kHazard, 40))).value();
    if (few.size() > 2) small.count(few[2].interval.contains(std::pow(1 - kHazard, 3)));
  }
  for (const Share& s : {survival, difference, restricted, restricted_difference}) {
    EXPECT_GE(s.value(), 0.935);
    EXPECT_LE(s.value(), 0.965);
  }
  // In a third of the worlds nobody of twelve has had the event: the interval is wide, not of no
  // width. (Log-log: 3 of 12 gives 0.912 at the upper end, the truth is 0.9127.)
  EXPECT_GE(small.value(), 0.90);
}

TEST(Curves, NoEventsAreNoCertainty) {
  const auto nobody = kaplan_meier(counts_of(std::vector<Person>(10, {5, false}))).value();
  EXPECT_EQ(nobody[5].survival, 1.0);
  EXPECT_NEAR(nobody[5].interval.lower, std::pow(0.025, 0.1), 1e-12);
  const auto counts = counts_of(std::vector<Person>(10, {5, true}));
  const auto all = kaplan_meier(counts).value();
  EXPECT_EQ(all[5].survival, 0.0);
  EXPECT_NEAR(all[5].interval.upper, 1.0 - std::pow(0.025, 0.1), 1e-12);
  const RestrictedMean mean = restricted_mean(counts, 8).value();  // nobody is left to observe
  EXPECT_EQ(mean.days, 5.0);
  EXPECT_LT(mean.interval.lower, 4.0);
  EXPECT_FALSE(survival_difference(counts, counts, 2));
}

TEST(Curves, RefusesWhatCannotBe) {
  const SurvivalCounts some = counts_of({{3, true}, {4, false}, {9, false}});
  EXPECT_FALSE(kaplan_meier({}));
  EXPECT_FALSE(kaplan_meier({{0, -1}, {}}));
  EXPECT_FALSE(kaplan_meier({{INT64_MAX}, {INT64_MAX}}));
  EXPECT_FALSE(kaplan_meier({std::vector<std::int64_t>(40'000, 1), {}}));
  EXPECT_FALSE(kaplan_meier(some, 0.0));
  EXPECT_FALSE(survival_difference(some, some, 10));
  EXPECT_FALSE(survival_difference(some, some, -1));
  EXPECT_FALSE(restricted_mean(some, 0));
  EXPECT_TRUE(restricted_mean(some, 10));
  EXPECT_NE(restricted_mean(some, 11).error().message.find("not enough data yet"),
            std::string::npos);
}

}  // namespace
}  // namespace tact::stats
