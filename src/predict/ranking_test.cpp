// The verdict on an order: right as often as it says, where there is nothing to find.
#include <gtest/gtest.h>

#include <algorithm>

#include "predict/internal/places.h"
#include "predict/test_support.h"

namespace tact::predict {
namespace {

using testing::World;

// The largest number of misses that `runs` worlds allow at 5 %: mean and 3.3 standard deviations
// (one in 2,000).
double most_misses(int runs) { return runs * 0.05 + 3.3 * std::sqrt(runs * 0.05 * 0.95); }

struct Misses {
  int runs = 0;
  int widened = 0;  // the interval excludes 0
  int plain = 0;    // so would the bootstrap's own
  int better = 0;   // called better than random
};

template <typename Draw>
Misses count_misses(Learner learner, int worlds, const Draw& draw) {
  Misses out;
  for (int w = 0; w < worlds; ++w) {
    const auto seed = static_cast<std::uint64_t>(w) + 1;
    const World world = draw(seed);
    const auto effects =
        predict_effects(world.table(), {.learner = learner, .seed = seed}).value()[0];
    const auto report =
        judge_ranking(world.table(), effects, {.resamples = 200, .seed = seed}).value();
    const stats::Area& qini = report.report.qini;
    const double end = qini.estimate > 0.0 ? qini.interval.lower : qini.interval.upper;
    const double plain_end = qini.estimate + (end - qini.estimate) / std::sqrt(2.0);
    out.runs += 1;
    out.widened += qini.interval.contains(0.0) ? 0 : 1;
    out.plain += plain_end * qini.estimate > 0.0 ? 1 : 0;
    out.better += report.ranking == Ranking::kBetter ? 1 : 0;
  }
  return out;
}

void expect_nominal(const char* name, const Misses& misses) {
  EXPECT_LE(misses.widened, most_misses(misses.runs)) << name;
  ::testing::Test::RecordProperty(name, std::to_string(misses.widened) + " of " +
                                            std::to_string(misses.runs) + "; not widened " +
                                            std::to_string(misses.plain) + "; better " +
                                            std::to_string(misses.better));
}

// Features that say who buys, and a treatment that does the same to everybody.
TEST(Ranking, NothingToFindIsSaidSo) {
  const int worlds = testing::long_form() ? 400 : 20;
  const char* names[] = {"t", "x", "dr"};
  for (const Learner learner : {Learner::kT, Learner::kX, Learner::kDr}) {
    const auto misses = count_misses(learner, worlds, [](std::uint64_t seed) {
      return testing::binary_world(
          seed, 1200, 4, 0.5, [](const auto& x) { return 0.1 + 0.3 * x[0]; },
          [](const auto&) { return 0.05; });
    });
    expect_nominal(names[static_cast<int>(learner)], misses);
  }
}

// A tenth held back, and log-normal orders of the few who buy.
TEST(Ranking, NothingToFindInRevenueWithFewHeldBack) {
  const int worlds = testing::long_form() ? 400 : 20;
  const auto misses = count_misses(Learner::kX, worlds, [](std::uint64_t seed) {
    World world = testing::binary_world(
        seed, 3000, 4, 0.9, [](const auto& x) { return 0.15 + 0.2 * x[0]; },
        [](const auto&) { return 0.0; });
    world.goal = Goal::kRevenue;
    Rng random(seed + 7777);
    for (double& y : world.outcome) y *= 80.0 * std::exp(testing::normal(random));
    return world;
  });
  expect_nominal("x, revenue, 90/10", misses);
}

// Why the intervals are widened: linear scores, the worst case. With effects fitted by least
// squares on one feature across five folds, the bootstrap alone misses 0 far more often than it
// says.
TEST(Ranking, TheBootstrapAloneSeesTooLittle) {
  const int worlds = testing::long_form() ? 4000 : 400;
  int plain = 0;
  int widened = 0;
  for (int w = 0; w < worlds; ++w) {
    Rng random(static_cast<std::uint64_t>(w) + 1);
    World world{.columns = 1, .goal = Goal::kRevenue};
    ArmEffects effects{.arm = 1};
    double slope[5] = {};  // of the effect, by fold: the sum of x * y, with the arm's sign
    for (int i = 0; i < 400; ++i) {
      const double x = testing::normal(random);
      const double y = testing::normal(random);
      world.features.push_back(static_cast<float>(x));
      world.arm.push_back(i % 2);
      world.outcome.push_back(y);
      effects.rows.push_back(static_cast<std::size_t>(i));
      effects.fold.push_back(i / 2 % 5);
      slope[i / 2 % 5] += i % 2 == 1 ? x * y : -x * y;
    }
    double all = 0.0;
    for (const double s : slope) all += s;
    for (std::size_t i = 0; i < 400; ++i) {
      const auto x = static_cast<double>(world.features[i]);
      effects.effect.push_back((all - slope[effects.fold[i]]) * x);
    }
    const auto report = judge_ranking(world.table(), effects, {.resamples = 200}).value();
    const stats::Area& qini = report.report.qini;
    const double end = qini.estimate > 0.0 ? qini.interval.lower : qini.interval.upper;
    const double plain_end = qini.estimate + (end - qini.estimate) / std::sqrt(2.0);
    widened += qini.interval.contains(0.0) ? 0 : 1;
    plain += plain_end * qini.estimate > 0.0 ? 1 : 0;
  }
  EXPECT_GT(plain, 0.09 * worlds);
  EXPECT_LE(widened, most_misses(worlds));
  EXPECT_GE(widened, 0.005 * worlds);  // not so wide that it never happens
  RecordProperty("plain", plain);
  RecordProperty("widened", widened);
}

// An order against the truth is called worse, and below the gate nothing is called anything.
TEST(Ranking, WorseAndNotEnough) {
  const World world = testing::binary_world(
      1, 4000, 1, 0.5, [](const auto&) { return 0.2; }, [](const auto& x) { return 0.4 * x[0]; });
  ArmEffects effects{.arm = 1};
  for (std::size_t i = 0; i < world.arm.size(); ++i) {
    effects.rows.push_back(i);
    effects.fold.push_back(static_cast<int>(i % 2));
    effects.effect.push_back(-world.truth[i]);
  }
  EXPECT_EQ(judge_ranking(world.table(), effects)->ranking, Ranking::kWorse);
  World few = world;
  int kept = 0;
  for (std::size_t i = 0; i < few.outcome.size(); ++i) {
    if (few.arm[i] != 0 || few.outcome[i] == 0.0) continue;
    kept += 1;
    if (kept > 49) few.outcome[i] = 0.0;
  }
  EXPECT_EQ(judge_ranking(few.table(), effects)->ranking, Ranking::kNotEnough);
}

TEST(Ranking, RefusesEffectsOfAnotherTable) {
  const World world = testing::binary_world(
      2, 100, 1, 0.5, [](const auto&) { return 0.5; }, [](const auto&) { return 0.0; });
  ArmEffects effects{.arm = 1, .rows = {0, 1}, .effect = {0.1, 0.2}, .fold = {0, 0}};
  effects.rows[1] = 100;
  EXPECT_FALSE(judge_ranking(world.table(), effects));
  effects.rows[1] = 1;
  effects.fold.pop_back();
  EXPECT_FALSE(judge_ranking(world.table(), effects));
  effects.fold.push_back(-1);
  EXPECT_FALSE(judge_ranking(world.table(), effects));
  effects.fold[1] = 0;
  effects.effect[1] = std::nan("");
  EXPECT_FALSE(judge_ranking(world.table(), effects));
  effects.effect[1] = 0.2;
  effects.arm = 2;  // of which the rows are not
  EXPECT_FALSE(judge_ranking(world.table(), effects));
  EXPECT_FALSE(judge_rankings(world.table(), std::vector{effects}));
}

}  // namespace
}  // namespace tact::predict
