#include "stats/sample_ratio.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "stats/test_support.h"

namespace tact::stats {
namespace {

using Counts = std::vector<std::int64_t>;
using Weights = std::vector<double>;

TEST(ChiSquaredRatio, ByHand) {
  // (5100 - 5000)^2 / 5000 * 2 = 4; p = P(|Z| > 2).
  const ChiSquaredRatio r = chi_squared_sample_ratio(Counts{5'100, 4'900}, Weights{1, 1}).value();
  EXPECT_DOUBLE_EQ(r.statistic, 4.0);
  EXPECT_EQ(r.df, 1);
  EXPECT_NEAR(r.p.p, 0.0455002638963584, 1e-15);
}

TEST(ChiSquaredRatio, ArmsOfWeightZeroTakeNoPart) {
  const ChiSquaredRatio two = chi_squared_sample_ratio(Counts{5'100, 4'900}, Weights{1, 1}).value();
  const ChiSquaredRatio three =
      chi_squared_sample_ratio(Counts{5'100, 0, 4'900}, Weights{0.5, 0, 0.5}).value();
  EXPECT_EQ(three.df, 1);
  EXPECT_EQ(three.p.log10_p, two.p.log10_p);
  const ChiSquaredRatio visited =
      chi_squared_sample_ratio(Counts{5'100, 17, 4'900}, Weights{0.5, 0, 0.5}).value();
  EXPECT_EQ(visited.visitors_in_zero_weight_arms, 17);
  EXPECT_EQ(visited.p.log10_p, two.p.log10_p);
}

TEST(ChiSquaredRatio, HugeMismatchKeepsItsLogarithm) {
  const ChiSquaredRatio r =
      chi_squared_sample_ratio(Counts{600'000, 400'000}, Weights{1, 1}).value();
  EXPECT_EQ(r.p.p, 0.0);
  EXPECT_TRUE(std::isfinite(r.p.log10_p));
  EXPECT_LT(r.p.log10_p, -8'000);
}

TEST(ChiSquaredRatio, NoVisitorsNoEvidence) {
  EXPECT_EQ(chi_squared_sample_ratio(Counts{0, 0, 0}, Weights{1, 2, 3})->p.p, 1.0);
}

// mpmath, twice: from log-gammas, and as the product of the predictive probabilities of one
// visitor after the other; they agree in 20 digits.
TEST(SequentialRatio, LogEvidence) {
  const auto evidence = [](const Counts& counts, const Weights& weights) {
    return sequential_sample_ratio(counts, weights)->log_evidence;
  };
  EXPECT_NEAR(evidence({1'000, 1'100}, {1, 1}), 0.31794747964732018771, 1e-9);
  EXPECT_NEAR(evidence({5'200, 4'800}, {0.5, 0.5}), 3.653880665742546525, 1e-9);
  EXPECT_NEAR(evidence({10'500, 900}, {9, 1}), 15.153303965106913014, 1e-9);
  EXPECT_NEAR(evidence({300, 310, 600}, {1, 1, 2}), -0.10130015940526759956, 1e-9);
  EXPECT_NEAR(evidence({5'000'000, 5'010'000}, {1, 1}), 1.5351196705674388028, 1e-6);
  EXPECT_NEAR(evidence({0, 0}, {1, 1}), 0.0, 1e-12);
}

// Counts and priors whose log-gammas have 17 digits before the point; mpmath, 700 digits.
TEST(SequentialRatio, LogEvidenceOfLargeCountsAndPriors) {
  struct Case {
    Counts counts;
    Weights weights;
    double concentration;
    double log_evidence;
  };
  const Case cases[] = {
      {{500000000000000, 500000000000000}, {1, 1}, 10000, -12.664243011472209},
      {{500000100000000, 500000000000000}, {1, 1}, 10000, -7.6642435615221435},
      {{10000000000000, 10000010000000}, {1, 1}, 10000, -8.208233010252206},
      {{4000000000000000000, 1000000000000000000}, {4, 1}, 10000, -16.922858357175021},
      {{950003000000, 49997000000}, {19, 1}, 10000, 85.528157165458506},
      {{10000, 10421}, {1, 1}, 1e+12, 7.8409998294618631e-8},
      {{10000, 10421}, {1, 1}, 1e+16, 7.8409999999829462e-12},
      {{10000, 10421}, {1, 1}, 1e+300, 7.8409999999999996e-296},
      {{10000, 10421}, {1, 1}, 1e-10, -23.42201199813775},
      {{300, 100, 0}, {2, 1, 1}, 1, 116.55060650813884},
      {{0, 7}, {1, 3}, 0.5, 1.4808416381141338},
  };
  for (const Case& c : cases) {
    const auto ratio = sequential_sample_ratio(c.counts, c.weights, 0.0, c.concentration).value();
    EXPECT_NEAR(ratio.log_evidence, c.log_evidence, 1e-12 * std::max(1.0, c.log_evidence))
        << c.counts[0] << " " << c.concentration;
  }
  // Shares and priors at the end of a double's range.
  for (const double concentration : {5e-324, 1e-300, 1e308}) {
    const auto ratio =
        sequential_sample_ratio(Counts{3, 5}, Weights{1e-310, 1.0}, 0.0, concentration);
    EXPECT_FALSE(std::isnan(ratio->log_evidence)) << concentration;
  }
}

TEST(SequentialRatio, TheSameCountsOverMoreLooksGiveTheSameFinalEvidence) {
  const Counts final_counts{5'300, 4'700};
  const Weights weights{1, 1};
  const SequentialRatio once = sequential_sample_ratio(final_counts, weights).value();
  for (const int looks : {2, 10, 100}) {
    SequentialRatio last;
    for (int look = 1; look <= looks; ++look) {
      const Counts counts{final_counts[0] * look / looks, final_counts[1] * look / looks};
      last = sequential_sample_ratio(counts, weights, last.p.log10_p).value();
    }
    EXPECT_EQ(last.log_evidence, once.log_evidence);
    EXPECT_EQ(last.p.log10_p, once.p.log10_p);  // evidence only grew: no earlier minimum
  }
}

TEST(SequentialRatio, PIsTheRunningMinimum) {
  const Weights weights{1, 1};
  const SequentialRatio bad = sequential_sample_ratio(Counts{5'400, 4'600}, weights).value();
  const SequentialRatio later =
      sequential_sample_ratio(Counts{50'400, 50'600}, weights, bad.p.log10_p).value();
  EXPECT_LT(later.log_evidence, bad.log_evidence);
  EXPECT_EQ(later.p.log10_p, bad.p.log10_p);  // what was once alarming stays alarming
  EXPECT_NEAR(later.p.p, bad.p.p, 1e-15);
  EXPECT_NEAR(bad.p.p, std::exp(-bad.log_evidence), 1e-15);
}

TEST(SequentialRatio, OrderAndScaleOfArmsDoNotMatter) {
  const double one = sequential_sample_ratio(Counts{900, 10'500}, Weights{1, 9})->log_evidence;
  const double two =
      sequential_sample_ratio(Counts{10'500, 7, 900}, Weights{0.9, 0, 0.1})->log_evidence;
  EXPECT_NEAR(one, two, 1e-9);
}

// Daily looks at arms that split as planned: how often the martingale, and how often a daily
// chi-squared test, ever raises a false alarm at 5 %.
struct Alarms {
  testing::Share sequential;
  testing::Share daily_chi_squared;
};

Alarms simulate(const Weights& planned, const Weights& actual, int runs, int looks, int per_look,
                std::uint64_t seed) {
  testing::Random random(seed);
  Alarms alarms;
  for (int run = 0; run < runs; ++run) {
    Counts counts(planned.size(), 0);
    double log10_p = 0.0;
    bool chi_squared = false;
    for (int look = 0; look < looks; ++look) {
      std::int64_t left = per_look;
      double share_left = 1.0;
      for (std::size_t arm = 0; arm + 1 < counts.size(); ++arm) {
        std::binomial_distribution<std::int64_t> draw(left, actual[arm] / share_left);
        const std::int64_t hits = draw(random);
        counts[arm] += hits;
        left -= hits;
        share_left -= actual[arm];
      }
      counts.back() += left;
      log10_p = sequential_sample_ratio(counts, planned, log10_p)->p.log10_p;
      chi_squared = chi_squared || chi_squared_sample_ratio(counts, planned)->p.p <= 0.05;
    }
    alarms.sequential.count(log10_p <= std::log10(0.05));
    alarms.daily_chi_squared.count(chi_squared);
  }
  return alarms;
}

TEST(SequentialRatio, FalseAlarmsOverAllLooksStayBelowFivePercent) {
  const std::vector<Weights> plans = {{0.5, 0.5}, {0.95, 0.05}, {0.4, 0.3, 0.3}};
  for (const Weights& plan : plans) {
    const Alarms alarms = simulate(plan, plan, 2'000, 100, 500, 41);
    EXPECT_LE(alarms.sequential.at_most(), 0.05) << alarms.sequential.value();
    EXPECT_GE(alarms.daily_chi_squared.at_least(), 0.15) << alarms.daily_chi_squared.value();
    RecordProperty("sequential_" + std::to_string(plan.size()) + "_" + std::to_string(plan[0]),
                   std::to_string(alarms.sequential.value()));
  }
}

TEST(SequentialRatio, FindsARealMismatch) {
  const Alarms alarms = simulate({0.5, 0.5}, {0.515, 0.485}, 500, 100, 500, 42);
  EXPECT_GE(alarms.sequential.at_least(), 0.95) << alarms.sequential.value();
}

TEST(SampleRatio, Refuses) {
  const auto both_refuse = [](const Counts& counts, const Weights& weights) {
    const auto a = chi_squared_sample_ratio(counts, weights);
    const auto b = sequential_sample_ratio(counts, weights);
    return !a.has_value() && !b.has_value() && a.error().code == ErrorCode::kInvalid &&
           b.error().code == ErrorCode::kInvalid;
  };
  EXPECT_TRUE(both_refuse({1, 2}, {1, 1, 1}));
  EXPECT_TRUE(both_refuse({1, -2}, {1, 1}));
  EXPECT_TRUE(both_refuse({1, 2}, {1, -1}));
  EXPECT_TRUE(both_refuse({1, 2}, {1, std::nan("")}));
  EXPECT_TRUE(both_refuse({1, 2}, {1, 0}));  // one arm cannot mismatch
  EXPECT_TRUE(both_refuse({}, {}));
  EXPECT_FALSE(sequential_sample_ratio(Counts{1, 2}, Weights{1, 1}, 0.1).has_value());
  EXPECT_FALSE(sequential_sample_ratio(Counts{1, 2}, Weights{1, 1}, 0.0, 0.0).has_value());
}

// Right in total, wrong in each of two browsers: the family sees it, the total does not.
TEST(SampleRatio, AFamilyFindsWhatTheTotalHides) {
  const std::vector<double> even{0.5, 0.5};
  const std::vector<RatioGroup> groups{
      {{5'300, 4'700}, even}, {{4'700, 5'300}, even}, {{1'000, 1'010}, even}, {{2, 1}, even}};
  const std::int64_t total[] = {11'002, 11'011};
  EXPECT_GT(chi_squared_sample_ratio(total, even)->p.p, 0.9);
  const RatioFamily family = sample_ratio_family(groups).value();
  EXPECT_EQ(family.worst, 0u);
  ASSERT_TRUE(family.groups[0]);
  EXPECT_EQ(family.groups[0]->statistic, 36.0);
  // Three groups are tested; the fourth expects 1.5 visitors in an arm.
  EXPECT_FALSE(family.groups[3]);
  EXPECT_EQ(family.log10_p_adjusted[3], 0.0);
  EXPECT_NEAR(family.log10_p, family.groups[0]->p.log10_p + std::log10(3.0), 1e-12);
  EXPECT_LT(family.log10_p, -6.0);
  EXPECT_NEAR(family.log10_p_adjusted[2], std::min(0.0, family.groups[2]->p.log10_p), 1e-12);
}

TEST(SampleRatio, AFamilyCountsZeroWeightArmsInNoDegreeOfFreedom) {
  const std::vector<RatioGroup> groups{{{100, 100, 7}, {1, 1, 0}}, {{90, 10}, {9, 1}}};
  const RatioFamily family = sample_ratio_family(groups).value();
  EXPECT_EQ(family.groups[0]->df, 1);
  EXPECT_EQ(family.groups[0]->p.p, 1.0);
  EXPECT_EQ(family.visitors_in_zero_weight_arms, 7);
  EXPECT_EQ(sample_ratio_family({})->log10_p, 0.0);
  EXPECT_FALSE(sample_ratio_family({})->worst);
  const std::vector<RatioGroup> bad{{{1, 1}, {1, 1}}, {{1, -1}, {1, 1}}};
  EXPECT_EQ(sample_ratio_family(bad).error().where, "1");
}

// 1 of 200 where 10 are expected: P(X <= 1) of the binomial (200, 0.05), by hand.
TEST(SampleRatio, AFamilyIsExactWhereFewAreExpected) {
  const double below = std::pow(0.95, 200) + 200 * 0.05 * std::pow(0.95, 199);
  const RatioFamily two = sample_ratio_family(std::vector<RatioGroup>{{{199, 1}, {19, 1}}}).value();
  EXPECT_NEAR(two.log10_p, std::log10(2 * below), 1e-12);
  // Three arms are three questions.
  const RatioFamily three =
      sample_ratio_family(std::vector<RatioGroup>{{{100, 99, 1}, {9.5, 9.5, 1}}}).value();
  EXPECT_NEAR(three.log10_p, std::log10(3 * 2 * below), 1e-12);
  // As planned; and so far off that no double holds the tail.
  EXPECT_EQ(sample_ratio_family(std::vector<RatioGroup>{{{95, 5}, {19, 1}}})->log10_p, 0.0);
  const RatioFamily lost =
      sample_ratio_family(std::vector<RatioGroup>{{{0, 1'500}, {1, 1}}}).value();
  EXPECT_LT(lost.log10_p, -300.0);
  EXPECT_TRUE(std::isfinite(lost.log10_p));
}

// Twelve browsers at 95/5, the smallest with 10 expected: chi-squared alarms in 6.2 % of worlds.
TEST(SampleRatio, AFamilyKeepsItsLevelWhereFewAreExpected) {
  testing::Random random(9);
  testing::Share alarm;
  for (int world = 0; world < 10'000; ++world) {
    std::vector<RatioGroup> groups;
    for (int i = 0; i < 12; ++i) {
      const std::int64_t n = 200 << (i / 2);
      const auto held = std::binomial_distribution<std::int64_t>(n, 0.05)(random);
      groups.push_back({{n - held, held}, {0.95, 0.05}});
    }
    alarm.count(sample_ratio_family(groups)->log10_p < std::log10(0.05));
  }
  EXPECT_LE(alarm.value(), 0.05);
  EXPECT_GE(alarm.value(), 0.03);
}

// Twelve segments that split as planned: together they alarm as rarely as one alone.
TEST(SampleRatio, AFamilyKeepsItsLevel) {
  testing::Random random(7);
  testing::Share alarm;
  for (int world = 0; world < 10'000; ++world) {
    std::vector<RatioGroup> groups;
    for (int i = 0; i < 12; ++i) {
      const std::int64_t n = 200 + 100 * i;
      const auto held = std::binomial_distribution<std::int64_t>(n, 0.1)(random);
      groups.push_back({{held, n - held}, {0.1, 0.9}});
    }
    alarm.count(sample_ratio_family(groups)->log10_p < std::log10(0.01));
  }
  EXPECT_LE(alarm.at_least(), 0.012) << alarm.value();
  EXPECT_GE(alarm.at_most(), 0.005) << alarm.value();
}

}  // namespace
}  // namespace tact::stats
