#include "stats/ope.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "stats/test_support.h"

namespace tact::stats {
namespace {

// Four choices; the log prefers the first. The other policy is uniform unless said otherwise.
constexpr double kLogged[] = {0.55, 0.25, 0.15, 0.05};
constexpr double kRates[] = {0.10, 0.20, 0.30, 0.40};

std::vector<LoggedDecision> draw(testing::Random& random, int n) {
  std::discrete_distribution<std::size_t> choose(std::begin(kLogged), std::end(kLogged));
  std::vector<LoggedDecision> rows;
  for (int i = 0; i < n; ++i) {
    const std::size_t k = choose(random);
    rows.push_back({std::bernoulli_distribution(kRates[k])(random) ? 1.0 : 0.0, kLogged[k], 0.25,
                    kRates[k] + 0.05, 0.25 + 0.05});
  }
  return rows;
}

OffPolicySums sums_of(const std::vector<LoggedDecision>& rows, bool modelled) {
  OffPolicySums sums;
  for (const auto& row : rows) EXPECT_TRUE(sums.add(row, modelled).has_value());
  return sums;
}

TEST(OffPolicy, IntervalsCover) {
  testing::Random random(1);
  testing::Share ips;
  testing::Share snips;
  testing::Share dr;
  testing::Share plain_dr;
  testing::Share always;
  double error_ips = 0.0;
  double error_dr = 0.0;
  for (int round = 0; round < 4000; ++round) {
    const auto rows = draw(random, 1500);
    const auto report = evaluate_policy(sums_of(rows, true)).value();
    ASSERT_TRUE(report.estimable) << report.reason;
    ips.count(report.ips->interval.contains(0.25));
    snips.count(report.snips->interval.contains(0.25));
    dr.count(report.dr->interval.contains(0.25));
    always.count(report.always_valid->contains(0.25));
    plain_dr.count(evaluate_policy(sums_of(rows, false))->dr->interval.contains(0.25));
    error_ips += report.ips->standard_error;
    error_dr += report.dr->standard_error;
  }
  for (const auto& share : {ips, snips, dr, plain_dr}) {
    EXPECT_GE(share.value(), 0.935);
    EXPECT_LE(share.value(), 0.965);
  }
  EXPECT_GE(always.value(), 0.99);
  EXPECT_LT(error_dr, error_ips);  // even with a model that is off by 0.05
}

// Plainly: row by row, in two passes.
TEST(OffPolicy, AsRowByRow) {
  testing::Random random(2);
  for (int round = 0; round < 50; ++round) {
    auto rows = draw(random, 1000 + round);
    for (auto& row : rows) row.reward *= std::lognormal_distribution<double>(3.0, 1.0)(random);
    const auto n = static_cast<double>(rows.size());
    double wr = 0.0;
    double w = 0.0;
    for (const auto& row : rows) {
      w += row.target / row.propensity;
      wr += row.target / row.propensity * row.reward;
    }
    double ips = 0.0;
    double snips = 0.0;
    for (const auto& row : rows) {
      const double weight = row.target / row.propensity;
      ips += std::pow(weight * row.reward - wr / n, 2);
      snips += std::pow(weight * (row.reward - wr / w), 2);
    }
    // Merged in two halves.
    const std::vector<LoggedDecision> one(rows.begin(), rows.begin() + 400);
    const std::vector<LoggedDecision> two(rows.begin() + 400, rows.end());
    OffPolicySums sums = sums_of(one, false);
    sums += sums_of(two, false);
    const auto report = evaluate_policy(sums).value();
    EXPECT_NEAR(report.ips->estimate, wr / n, 1e-9);
    EXPECT_NEAR(report.ips->standard_error, std::sqrt(ips / n / (n - 1)), 1e-9);
    EXPECT_NEAR(report.snips->estimate, wr / w, 1e-9);
    EXPECT_NEAR(report.snips->standard_error, std::sqrt(snips * n / (n - 1)) / w, 1e-9);
  }
}

TEST(OffPolicy, OpenBanditMen) {
  const auto path = testing::data_file("obd_men/bts.csv");
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << path << " is absent; set TACT_DATA to the folder that holds obd_men/";
  }
  const auto rows = testing::read_csv(path);
  ASSERT_EQ(rows[0][4], "click");
  ASSERT_EQ(rows[0][5], "propensity_score");
  OffPolicySums sums;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    ASSERT_TRUE(sums.add({std::stod(rows[i][4]), std::stod(rows[i][5]), 1.0 / 34}, false));
  }
  const auto report = evaluate_policy(sums).value();
  EXPECT_TRUE(report.estimable) << report.reason;
  EXPECT_NEAR(report.ips->estimate, 0.00301, 5e-6);
  EXPECT_NEAR(report.snips->estimate, 0.00319, 5e-6);
  EXPECT_NEAR(report.ess, 656, 0.5);
  EXPECT_NEAR(report.mean_weight, 0.943, 5e-4);
  // What the uniform policy earned when it did run is in the interval.
  const auto uniform = testing::read_csv(testing::data_file("obd_men/random.csv"));
  double clicks = 0.0;
  for (std::size_t i = 1; i < uniform.size(); ++i) clicks += std::stod(uniform[i][4]);
  EXPECT_TRUE(report.snips->interval.contains(clicks / static_cast<double>(uniform.size() - 1)));
}

TEST(OffPolicy, SaysWhenItCannotKnow) {
  testing::Random random(3);
  auto rows = draw(random, 5000);
  for (auto& row : rows) row.target = 0.0;
  auto report = evaluate_policy(sums_of(rows, false)).value();
  EXPECT_FALSE(report.estimable);  // no support at all
  EXPECT_EQ(report.unsupported_mass, 1.0);
  EXPECT_EQ(report.ess, 0.0);
  EXPECT_FALSE(report.ips || report.snips || report.dr || report.always_valid);
  // A third of the other policy's choices are of a kind the log never made.
  rows = draw(random, 5000);
  for (auto& row : rows) row.target = 2.0 / 3 * 0.25;
  report = evaluate_policy(sums_of(rows, false)).value();
  EXPECT_FALSE(report.estimable);
  EXPECT_NEAR(report.unsupported_mass, 1.0 / 3, 0.05);
  // Two rows carry everything.
  OffPolicySums few;
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(few.add({1.0, 0.5, i < 2 ? 1.0 : 0.0}, false));
  EXPECT_NEAR(evaluate_policy(few)->ess, 2.0, 1e-12);
  EXPECT_FALSE(evaluate_policy(few)->estimable);
  // Propensities twice too small.
  rows = draw(random, 5000);
  for (auto& row : rows) row.propensity /= 2.0;
  EXPECT_FALSE(evaluate_policy(sums_of(rows, false))->estimable);
}

// Of rewards that are 0 or 1 the rarer kind is what an estimate varies by.
TEST(OffPolicy, AShareNeedsFiftyOfTheRarer) {
  OffPolicySums all;
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(all.add({1.0, 0.5, 0.5}, false));
  const auto nothing = evaluate_policy(all).value();
  EXPECT_FALSE(nothing.estimable);
  EXPECT_EQ(nothing.reason, "not enough data yet: every decision with a weight earned the same");
  EXPECT_FALSE(nothing.ips || nothing.snips || nothing.dr || nothing.always_valid);
  for (const double hit : {0.0, 1.0}) {
    OffPolicySums sums;
    for (int i = 0; i < 1000; ++i) {
      ASSERT_TRUE(sums.add({i < 49 ? hit : 1.0 - hit, 0.5, 0.5}, false));
    }
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(sums.add({hit, 0.5, 0.0}, false));  // no weight
    EXPECT_FALSE(evaluate_policy(sums)->estimable) << hit;
    EXPECT_NE(evaluate_policy(sums)->reason.find("not enough data yet: fewer than 50"),
              std::string::npos);
    ASSERT_TRUE(sums.add({hit, 0.5, 0.5}, false));
    EXPECT_TRUE(evaluate_policy(sums)->estimable) << evaluate_policy(sums)->reason;
  }
  // Amounts are no share: hardly any need be 0.
  OffPolicySums money;
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(money.add({1.0 + i, 0.5, 0.5}, false));
  EXPECT_TRUE(evaluate_policy(money)->estimable);
}

TEST(OffPolicy, NothingIsCertain) {
  testing::Random random(5);
  std::uniform_real_distribution<double> propensity(0.4, 0.625);
  // One reward for all, at varying weights: SNIPS and DR do not vary; 0.1 is not a whole number.
  OffPolicySums alike;
  // Weights that undo what rewards differ by: IPS does not vary.
  OffPolicySums undone;
  // A model that knows every reward, and nothing that would differ on average.
  OffPolicySums known;
  for (int i = 0; i < 500; ++i) {
    const double p = propensity(random);
    const double reward = i % 2 == 0 ? 2.0 : 4.0;
    ASSERT_TRUE(alike.add({0.1, p, 0.5}, false));
    ASSERT_TRUE(undone.add({reward, 0.25, 2.0 / 3.0 / reward}, false));
    ASSERT_TRUE(known.add({reward, 0.5, 0.5, reward, 3.0}, true));
  }
  EXPECT_NEAR(evaluate_policy(undone)->mean_weight, 1.0, 1e-12);
  for (const OffPolicySums& sums : {alike, undone, known}) {
    const auto report = evaluate_policy(sums).value();
    EXPECT_FALSE(report.estimable);
    EXPECT_NE(report.reason, "");
    EXPECT_FALSE(report.ips || report.snips || report.dr || report.always_valid);
  }
  EXPECT_EQ(evaluate_policy(undone)->reason, evaluate_policy(known)->reason);
  EXPECT_EQ(evaluate_policy(known)->reason,
            "not enough data yet: an estimate does not vary at all");
}

// Rewards of a billion that differ by about 1, against two passes in long double; merged in parts
// whose first rewards differ.
TEST(OffPolicy, LargeRewardsKeepTheirVariance) {
  testing::Random random(6);
  std::normal_distribution<double> noise;
  for (const bool varied : {false, true}) {
    std::vector<LoggedDecision> rows;
    for (int i = 0; i < 2000; ++i) {
      const double target = !varied ? 0.5 : i % 3 == 0 ? 0.3 : 0.6;
      rows.push_back({1e9 + noise(random), 0.5, target});
    }
    OffPolicySums sums;
    for (std::size_t from = 0; from < rows.size(); from += 400) {
      const auto at = rows.begin() + static_cast<std::ptrdiff_t>(from);
      sums += sums_of({at, at + 400}, false);
    }
    const auto n = static_cast<long double>(rows.size());
    long double w = 0, wr = 0, r = 0;
    for (const auto& row : rows) {
      const long double weight = static_cast<long double>(row.target) / row.propensity;
      w += weight;
      wr += weight * row.reward;
      r += row.reward;
    }
    const auto error_at = [&](long double level) {
      long double squares = 0;
      for (const auto& row : rows) {
        const long double weight = static_cast<long double>(row.target) / row.propensity;
        const long double off = weight * (row.reward - level) - (wr - level * w) / n;
        squares += off * off;
      }
      return static_cast<double>(std::sqrt(squares / n / (n - 1)));
    };
    const auto report = evaluate_policy(sums).value();
    ASSERT_TRUE(report.estimable) << report.reason;
    const double mean_weight = static_cast<double>(w / n);
    EXPECT_NEAR(report.ips->standard_error / error_at(0), 1.0, 1e-9);
    EXPECT_NEAR(report.snips->standard_error * mean_weight / error_at(wr / w), 1.0, 1e-7);
    EXPECT_NEAR(report.dr->standard_error / error_at(r / n), 1.0, 1e-7);
    EXPECT_NEAR(report.snips->estimate, static_cast<double>(wr / w), 1e-6);
    EXPECT_NEAR(report.ips->estimate, static_cast<double>(wr / n), 1e-6);
  }
}

TEST(OffPolicy, AnyPartsOfALogMergeToTheSame) {
  testing::Random random(7);
  auto rows = draw(random, 900);
  for (auto& row : rows) row.reward *= std::lognormal_distribution<double>(3.0, 1.0)(random);
  for (int i = 0; i < 300; ++i) rows[static_cast<std::size_t>(i)].target = 0.0;  // nothing to say
  const auto whole = evaluate_policy(sums_of(rows, true)).value();
  OffPolicySums merged = sums_of({rows.begin() + 300, rows.begin() + 301}, true);
  OffPolicySums rest = sums_of({rows.begin() + 301, rows.end()}, true);
  rest += OffPolicySums();
  OffPolicySums none;
  none += sums_of({rows.begin(), rows.begin() + 300}, true);
  merged += none;
  merged += rest;
  EXPECT_EQ(merged.n, 900);
  const auto report = evaluate_policy(merged).value();
  EXPECT_NEAR(report.mean_weight, whole.mean_weight, 1e-12);
  EXPECT_NEAR(report.ess, whole.ess, 1e-9);
  EXPECT_EQ(report.reason, whole.reason);
}

TEST(OffPolicy, RefusesWhatCannotBe) {
  OffPolicySums sums;
  EXPECT_FALSE(sums.add({1.0, 0.0, 0.5}, false));
  EXPECT_FALSE(sums.add({1.0, 1.1, 0.5}, false));
  EXPECT_FALSE(sums.add({1.0, 0.5, -0.1}, false));
  EXPECT_FALSE(sums.add({std::nan(""), 0.5, 0.5}, false));
  EXPECT_FALSE(sums.add({1.0, 1e-300, 1.0}, false));
  EXPECT_EQ(sums.n, 0);
  EXPECT_FALSE(evaluate_policy(sums));
  ASSERT_TRUE(sums.add({1.0, 0.5, 0.5}, false));
  ASSERT_TRUE(sums.add({1.0, 0.5, 0.5}, true));
  EXPECT_FALSE(evaluate_policy(sums));
}

}  // namespace
}  // namespace tact::stats
