#include "stats/uplift.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <random>

#include "stats/test_support.h"
#include "stats/welch.h"

namespace tact::stats {
namespace {

using Rows = std::vector<ScoredOutcome>;

// Plainly: for every distinct score, count again from the start.
struct Plain {
  double qini = 0.0;
  double auuc = 0.0;
};
Plain plain_areas(const Rows& rows) {
  std::vector<double> scores;
  double treated = 0.0;
  for (const auto& row : rows) {
    scores.push_back(row.score);
    treated += row.treated ? 1.0 : 0.0;
  }
  std::sort(scores.rbegin(), scores.rend());
  scores.erase(std::unique(scores.begin(), scores.end()), scores.end());
  const auto all = static_cast<double>(rows.size());
  std::vector<double> x{0.0};
  std::vector<double> g{0.0};
  std::vector<double> u{0.0};
  for (const double score : scores) {
    double nt = 0.0;
    double nc = 0.0;
    double yt = 0.0;
    double yc = 0.0;
    for (const auto& row : rows) {
      if (row.score < score) continue;
      (row.treated ? nt : nc) += 1.0;
      (row.treated ? yt : yc) += row.outcome;
    }
    const bool both = nt > 0.0 && nc > 0.0;
    x.push_back((nt + nc) / all);
    g.push_back(both ? (yt - yc * nt / nc) / treated : 0.0);
    u.push_back(both ? (yt / nt - yc / nc) * x.back() : 0.0);
  }
  Plain plain;
  for (std::size_t i = 1; i < x.size(); ++i) {
    plain.qini += (x[i] - x[i - 1]) * (g[i] + g[i - 1]) / 2.0;
    plain.auuc += (x[i] - x[i - 1]) * (u[i] + u[i - 1]) / 2.0;
  }
  plain.qini -= g.back() / 2.0;
  return plain;
}

// The treatment works only where `strength * score` says so.
Rows draw(testing::Random& random, int n, double strength, bool ties) {
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  Rows rows;
  for (int i = 0; i < n; ++i) {
    double score = unit(random);
    if (ties) score = std::floor(score * 5.0);
    const bool treated = unit(random) < 0.5;
    const double rate = 0.2 + (treated ? 0.1 + strength * (score - 0.5) : 0.0);
    rows.push_back({score, treated, unit(random) < rate ? 1.0 : 0.0});
  }
  return rows;
}

// Nobody can subtract two points of the curve to learn of fewer than that many of an arm.
TEST(Uplift, PointsAreFarEnoughApart) {
  testing::Random random(7);
  for (int round = 0; round < 50; ++round) {
    Rows rows = draw(random, 400 + 40 * round, 0.2, false);
    for (std::size_t i = 0; i < rows.size(); i += 3) rows[i].treated = true;  // two in three
    const auto report = evaluate_uplift(rows, {.resamples = 100, .step_min = 50}).value();
    std::sort(rows.begin(), rows.end(),
              [](const auto& a, const auto& b) { return a.score > b.score; });
    std::size_t row = 0;
    for (const UpliftPoint& point : report.curve) {
      std::array<int, 2> arms{};
      const auto end =
          static_cast<std::size_t>(std::lround(point.fraction * static_cast<double>(rows.size())));
      for (; row < end; ++row) ++arms[rows[row].treated ? 1 : 0];
      EXPECT_GE(std::min(arms[0], arms[1]), 50) << round << " up to " << point.fraction;
    }
    EXPECT_EQ(row, rows.size());
    EXPECT_GE(report.curve.size(), rows.size() > 1'200 ? 5u : 2u) << rows.size();
    // Areas are those of all points: where they are shown changes none.
    const auto all = evaluate_uplift(rows, {.resamples = 100}).value();
    EXPECT_EQ(all.curve.size(), 10u);
    EXPECT_EQ(all.qini.estimate, report.qini.estimate);
    EXPECT_EQ(all.qini.interval.lower, report.qini.interval.lower);
  }
}

TEST(Uplift, AreasAsCountedPlainly) {
  testing::Random random(1);
  for (int round = 0; round < 60; ++round) {
    Rows rows = draw(random, 20 + 5 * round, 0.0, round % 2 == 0);
    rows.push_back({0.5, true, 1.0});
    rows.push_back({0.5, false, 0.0});
    for (auto& row : rows) row.outcome *= 1.0 + round;
    const Plain plain = plain_areas(rows);
    const UpliftReport report = evaluate_uplift(rows, {.resamples = 100}).value();
    EXPECT_NEAR(report.qini.estimate, plain.qini, 1e-10);
    EXPECT_NEAR(report.auuc.estimate, plain.auuc, 1e-10);
    EXPECT_EQ(report.curve.back().fraction, 1.0);
    // The order of the rows says nothing.
    std::shuffle(rows.begin(), rows.end(), random);
    const UpliftReport again = evaluate_uplift(rows, {.resamples = 100}).value();
    EXPECT_EQ(again.qini.estimate, report.qini.estimate);
    EXPECT_EQ(again.qini.interval.lower, report.qini.interval.lower);
  }
}

// Expected outcome of treating: Qini of a random order is 0; here, with effect 0.1 + s (score -
// 1/2) and uniform scores, g(f) = 0.1 f + s (f - f^2) / 2, so that its area above the line is s
// / 12.
TEST(Uplift, IntervalsCover) {
  testing::Random random(2);
  for (const double strength : {0.0, 0.18}) {
    testing::Share qini;
    testing::Share effect;
    for (int round = 0; round < 400; ++round) {
      const auto seed = static_cast<std::uint64_t>(round);
      const UpliftReport report =
          evaluate_uplift(draw(random, 2000, strength, false), {.resamples = 200, .seed = seed})
              .value();
      qini.count(report.qini.interval.contains(strength / 12.0));
      effect.count(report.effect.interval.contains(0.1));
    }
    EXPECT_GE(qini.value(), 0.92) << strength;
    EXPECT_LE(qini.value(), 0.975) << strength;
    EXPECT_GE(effect.value(), 0.92) << strength;
    EXPECT_LE(effect.value(), 0.975) << strength;
  }
}

TEST(Uplift, Hillstrom) {
  const auto path = testing::data_file("hillstrom/hillstrom.csv");
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << path << " is absent; set TACT_DATA to the folder that holds hillstrom/";
  }
  const auto table = testing::read_csv(path);
  std::map<std::string, std::size_t> column;
  for (std::size_t i = 0; i < table[0].size(); ++i) column[table[0][i]] = i;
  Rows by_womens;
  Rows by_chance;
  testing::Random random(3);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (std::size_t i = 1; i < table.size(); ++i) {
    const std::string& arm = table[i][column["segment"]];
    if (arm == "Mens E-Mail") continue;
    const double visit = std::stod(table[i][column["visit"]]);
    by_womens.push_back({std::stod(table[i][column["womens"]]), arm == "Womens E-Mail", visit});
    by_chance.push_back({unit(random), arm == "Womens E-Mail", visit});
  }
  // Past buyers of women's goods gain 7.31 points, the others 1.11: the score finds them.
  const UpliftReport found = evaluate_uplift(by_womens).value();
  EXPECT_TRUE(found.enough);
  EXPECT_GT(found.qini.interval.lower, 0.003);
  EXPECT_NEAR(found.effect.estimate, 0.04523, 5e-6);
  EXPECT_EQ(found.curve.size(), 2u);  // a tie is not torn apart
  const UpliftReport chance = evaluate_uplift(by_chance).value();
  EXPECT_TRUE(chance.qini.interval.contains(0.0));
  EXPECT_NEAR(chance.auuc.estimate, 0.04523 / 2, 0.003);
  // The effect's interval is about Welch's, with z = 1.96 and SE 0.00323.
  EXPECT_NEAR(chance.effect.interval.upper - chance.effect.interval.lower, 2 * 1.96 * 0.00323,
              0.001);
}

TEST(Uplift, RefusesWhatCannotBe) {
  EXPECT_FALSE(evaluate_uplift(Rows{}));
  EXPECT_FALSE(evaluate_uplift(Rows{{1, true, 1}, {2, true, 0}}));
  EXPECT_FALSE(evaluate_uplift(Rows{{1, true, 1}, {std::nan(""), false, 0}}));
  EXPECT_FALSE(evaluate_uplift(Rows{{1, true, 1}, {1, false, INFINITY}}));
  const Rows two{{1, true, 1}, {2, false, 0}};
  EXPECT_FALSE(evaluate_uplift(two, {.alpha = 0.7}));
  EXPECT_FALSE(evaluate_uplift(two, {.points = 0}));
  EXPECT_FALSE(evaluate_uplift(two, {.resamples = 1}));
  EXPECT_FALSE(evaluate_uplift(two)->enough);
}

TEST(Uplift, StopsWhenItIsTold) {
  std::stop_source stop;
  UpliftOptions options;
  options.stop = stop.get_token();
  const Rows rows{{2.0, true, 1.0}, {1.0, false, 0.0}, {0.5, true, 0.0}, {0.1, false, 1.0}};
  EXPECT_TRUE(evaluate_uplift(rows, options).has_value());
  stop.request_stop();
  EXPECT_EQ(evaluate_uplift(rows, options).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace tact::stats
