// The learners over XGBoost, in worlds whose effects are known.
#include "predict/uplift.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "predict/internal/library.h"
#include "predict/test_support.h"

namespace tact::predict {
namespace {

using testing::World;

constexpr Learner kAll[] = {Learner::kT, Learner::kX, Learner::kDr};

World persuadable(std::uint64_t seed, int rows) {
  return testing::binary_world(
      seed, rows, 4, 0.5, [](const auto&) { return 0.2; },
      [](const auto& x) { return x[0] > 0.6 ? 0.2 : 0.0; });
}

// Mean predicted effect where `select(row)` holds.
template <typename Select>
double mean_effect(const ArmEffects& effects, const Select& select) {
  double sum = 0.0;
  double n = 0.0;
  for (std::size_t i = 0; i < effects.effect.size(); ++i) {
    if (!select(effects.rows[i])) continue;
    sum += effects.effect[i];
    n += 1.0;
  }
  return sum / n;
}

TEST(Learners, TheSameBytesTwice) {
  const World world = persuadable(1, 1500);
  for (const Learner learner : kAll) {
    const LearnerOptions options{.learner = learner, .seed = 7};
    const auto once = predict_effects(world.table(), options).value();
    const auto twice = predict_effects(world.table(), options).value();
    ASSERT_EQ(once[0].effect.size(), twice[0].effect.size());
    EXPECT_EQ(std::memcmp(once[0].effect.data(), twice[0].effect.data(),
                          once[0].effect.size() * sizeof(double)),
              0);
    EXPECT_EQ(once[0].fold, twice[0].fold);
    const LearnerOptions other{.learner = learner, .seed = 8};
    EXPECT_NE(predict_effects(world.table(), other).value()[0].effect, once[0].effect);
  }
}

TEST(Learners, FindThePersuadable) {
  const World world = persuadable(2, 5000);
  for (const Learner learner : kAll) {
    const auto arms = predict_effects(world.table(), {.learner = learner}).value();
    ASSERT_EQ(arms.size(), 1u);
    ASSERT_EQ(arms[0].rows.size(), world.arm.size());
    const double found = mean_effect(arms[0], [&](auto row) { return world.truth[row] > 0.0; });
    const double others = mean_effect(arms[0], [&](auto row) { return world.truth[row] == 0.0; });
    // Drawn towards each other: a hundredth of what decides is missing, and trees are shrunk.
    EXPECT_NEAR(found, 0.2, 0.08);
    EXPECT_NEAR(others, 0.0, 0.05);
    const RankingReport report = judge_ranking(world.table(), arms[0]).value();
    EXPECT_EQ(report.ranking, Ranking::kBetter) << testing::qini_of(report);
    // More than half as good as the order of the true effects, whose area is 0.2 * 0.4 * 0.6 / 2.
    ArmEffects best = arms[0];
    for (std::size_t i = 0; i < best.rows.size(); ++i) best.effect[i] = world.truth[best.rows[i]];
    const double possible = judge_ranking(world.table(), best)->report.qini.estimate;
    EXPECT_NEAR(possible, 0.024, 0.012);
    EXPECT_GT(report.report.qini.estimate, 0.55 * possible);
  }
}

// Who buys anyway is not who is persuaded: half buy with 0.8 whatever happens.
TEST(Learners, SureThingsAreNotPersuadable) {
  const World world = testing::binary_world(
      4, 5000, 3, 0.5, [](const auto& x) { return x[1] > 0.5 ? 0.8 : 0.05; },
      [](const auto& x) { return x[1] <= 0.5 && x[0] > 0.5 ? 0.25 : 0.0; });
  for (const Learner learner : kAll) {
    const auto arms = predict_effects(world.table(), {.learner = learner}).value();
    const auto sure = [&](std::size_t row) { return world.features[3 * row + 1] > 0.5F; };
    const auto moved = [&](std::size_t row) { return world.truth[row] > 0.0; };
    EXPECT_LT(mean_effect(arms[0], sure), 0.04);
    EXPECT_GT(mean_effect(arms[0], moved), 0.15);
    EXPECT_EQ(judge_ranking(world.table(), arms[0])->ranking, Ranking::kBetter);
  }
}

// Rows of another treatment change nothing: not the folds, not a bit of the effects.
TEST(Learners, EveryArmAgainstCleanControls) {
  World three = persuadable(5, 3000);
  Rng random(6);
  for (std::size_t i = 0; i < three.arm.size(); ++i) {
    if (!random.chance(0.3)) continue;
    three.arm[i] = 2;
    three.outcome[i] = random.chance(0.9) ? 1.0 : 0.0;
  }
  World two{.columns = three.columns};
  for (std::size_t i = 0; i < three.arm.size(); ++i) {
    if (three.arm[i] == 2) continue;
    two.arm.push_back(three.arm[i]);
    two.outcome.push_back(three.outcome[i]);
    for (std::size_t c = 0; c < 4; ++c) two.features.push_back(three.features[4 * i + c]);
  }
  const auto with = predict_effects(three.table()).value();
  const auto without = predict_effects(two.table()).value();
  ASSERT_EQ(with.size(), 2u);
  EXPECT_EQ(with[0].effect, without[0].effect);
  EXPECT_EQ(with[1].arm, 2);
  EXPECT_NEAR(mean_effect(with[1], [](auto) { return true; }), 0.7, 0.06);
  for (const std::size_t row : with[1].rows) EXPECT_NE(three.arm[row], 1);
  const auto report = judge_ranking(three.table(), with[1]).value();
  EXPECT_EQ(report.arm, 2);
  EXPECT_NEAR(report.report.effect.estimate, 0.7, 0.06);
}

// Outcomes of a fold are invisible to whatever scores it: turning them round changes no effect
// there.
TEST(Learners, EveryScoreIsOutOfFold) {
  World world = persuadable(7, 1000);
  for (const Learner learner : kAll) {
    const LearnerOptions options{.learner = learner, .folds = 3};
    const auto before = predict_effects(world.table(), options).value()[0];
    World turned = world;
    for (std::size_t i = 0; i < before.fold.size(); ++i) {
      if (before.fold[i] == 1) turned.outcome[i] = 1.0 - turned.outcome[i];
    }
    const auto after = predict_effects(turned.table(), options).value()[0];
    bool others_changed = false;
    for (std::size_t i = 0; i < before.fold.size(); ++i) {
      if (before.fold[i] == 1) {
        EXPECT_EQ(before.effect[i], after.effect[i]);
      } else {
        others_changed = others_changed || before.effect[i] != after.effect[i];
      }
    }
    EXPECT_TRUE(others_changed);
  }
}

// Revenue: predictions follow the unit of money, far beyond what a float can hold exactly.
TEST(Learners, RevenueInAnyUnit) {
  World world = persuadable(8, 6000);
  world.goal = Goal::kRevenue;
  Rng random(9);
  for (double& y : world.outcome) y *= 50.0 * std::exp(testing::normal(random) * 0.5);
  World cents = world;
  for (double& y : cents.outcome) y *= 1e12;
  for (const Learner learner : kAll) {
    const auto in_units = predict_effects(world.table(), {.learner = learner}).value()[0];
    const auto in_small = predict_effects(cents.table(), {.learner = learner}).value()[0];
    const auto moved = [&](std::size_t row) { return world.truth[row] > 0.0; };
    EXPECT_GT(mean_effect(in_units, moved), 4.0);  // 0.2 * 50 * exp(1/8) = 11.3, shrunk
    EXPECT_NEAR(mean_effect(in_small, moved), 1e12 * mean_effect(in_units, moved), 1e11);
    EXPECT_EQ(judge_ranking(world.table(), in_units)->ranking, Ranking::kBetter);
  }
}

// Observational: who would buy anyway is treated more often. The plain difference is far off; the
// doubly robust effect is not. Its verdict is refused: the curve would measure who was chosen.
TEST(Learners, EstimatedPropensityUndoesWhoWasChosen) {
  World world{.columns = 2};
  Rng random(10);
  double y[2] = {};
  double n[2] = {};
  for (int i = 0; i < 6000; ++i) {
    const double x = random.uniform();
    world.features.push_back(static_cast<float>(x));
    world.features.push_back(static_cast<float>(random.uniform()));
    const int arm = random.chance(x > 0.5 ? 0.8 : 0.2) ? 1 : 0;
    world.arm.push_back(arm);
    world.outcome.push_back(random.chance((x > 0.5 ? 0.5 : 0.1) + 0.1 * arm) ? 1.0 : 0.0);
    y[arm] += world.outcome.back();
    n[arm] += 1.0;
  }
  EXPECT_GT(y[1] / n[1] - y[0] / n[0], 0.3);
  const LearnerOptions options{.propensity = {Assignment::kEstimated}};
  const auto effects = predict_effects(world.table(), options).value()[0];
  EXPECT_NEAR(mean_effect(effects, [](auto) { return true; }), 0.1, 0.04);
  const auto refused = judge_ranking(world.table(), effects);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("randomised"), std::string::npos);
}

TEST(Learners, WithoutAnOutcomeEverybodyIsTheSame) {
  World world = persuadable(11, 400);
  for (double& y : world.outcome) y = 0.0;
  for (const Learner learner : kAll) {
    const auto effects = predict_effects(world.table(), {.learner = learner}).value()[0];
    for (const double effect : effects.effect) EXPECT_EQ(effect, 0.0);
    const auto report = judge_ranking(world.table(), effects).value();
    EXPECT_EQ(report.ranking, Ranking::kNotEnough);
    EXPECT_EQ(report.report.qini.interval.lower, 0.0);
    EXPECT_EQ(report.report.qini.interval.upper, 0.0);
  }
}

struct Wrong {
  const char* where;
  const char* message;
  void (*spoil)(World&, LearnerOptions&);
};

TEST(Learners, RefuseBadInput) {
  const Wrong cases[] = {
      {"features", "no features", [](World& w, LearnerOptions&) { w.columns = 0; }},
      {"features", "number of rows", [](World& w, LearnerOptions&) { w.features.pop_back(); }},
      {"features[2]", "infinite", [](World& w, LearnerOptions&) { w.features[6] = INFINITY; }},
      {"features[1]", "same value",
       [](World& w, LearnerOptions&) {
         for (std::size_t i = 1; i < w.features.size(); i += 4) w.features[i] = 3.0F;
       }},
      {"features[0]", "same value",
       [](World& w, LearnerOptions&) {
         for (std::size_t i = 0; i < w.features.size(); i += 4) w.features[i] = std::nanf("");
       }},
      {"outcome[3]", "finite", [](World& w, LearnerOptions&) { w.outcome[3] = std::nan(""); }},
      {"outcome[4]", "finite", [](World& w, LearnerOptions&) { w.outcome[4] = -INFINITY; }},
      {"outcome[5]", "0 or 1", [](World& w, LearnerOptions&) { w.outcome[5] = 0.5; }},
      {"outcome[6]", "out of range",
       [](World& w, LearnerOptions&) {
         w.goal = Goal::kRevenue;
         w.outcome[6] = 1e200;
       }},
      {"outcome", "as many", [](World& w, LearnerOptions&) { w.outcome.pop_back(); }},
      {"arm[9]", "control", [](World& w, LearnerOptions&) { w.arm[9] = -1; }},
      {"arm[9]", "control", [](World& w, LearnerOptions&) { w.arm[9] = 2'000'000'000; }},
      {"arm", "arm 1 has no rows",
       [](World& w, LearnerOptions&) { std::fill(w.arm.begin(), w.arm.end(), 0); }},
      {"arm", "control has no rows",
       [](World& w, LearnerOptions&) { std::fill(w.arm.begin(), w.arm.end(), 1); }},
      {"arm", "arm 2 has no rows",
       [](World& w, LearnerOptions&) { std::fill_n(w.arm.begin(), 40, 3); }},
      {"arm", "20 folds need 100", [](World&, LearnerOptions& o) { o.folds = 20; }},
      {"folds", "2 to 20", [](World&, LearnerOptions& o) { o.folds = 1; }},
      {"propensity.probability", "below 1",
       [](World&, LearnerOptions& o) { o.propensity.probability = 1.0; }},
      {"propensity.floor", "below 0.5",
       [](World&, LearnerOptions& o) { o.propensity.floor = std::nan(""); }},
      {"model.depth", "1 to 10", [](World&, LearnerOptions& o) { o.model.depth = 0; }},
      {"model.rate", "at most 1", [](World&, LearnerOptions& o) { o.model.rate = std::nan(""); }},
      {"model.rounds_max", "10000", [](World&, LearnerOptions& o) { o.model.rounds_max = 0; }},
      {"model.patience", "10000", [](World&, LearnerOptions& o) { o.model.patience = 0; }},
      {"model.rows_in_leaf", "1 or", [](World&, LearnerOptions& o) { o.model.rows_in_leaf = 0; }},
      {"model.shrinkage", "0 or more", [](World&, LearnerOptions& o) { o.model.shrinkage = -1; }},
  };
  const World good = persuadable(12, 150);
  ASSERT_TRUE(predict_effects(good.table()));
  for (const Wrong& wrong : cases) {
    World world = good;
    LearnerOptions options;
    wrong.spoil(world, options);
    const auto result = predict_effects(world.table(), options);
    ASSERT_FALSE(result) << wrong.where << " " << wrong.message;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalid);
    EXPECT_EQ(result.error().where, wrong.where) << wrong.message;
    EXPECT_NE(result.error().message.find(wrong.message), std::string::npos)
        << result.error().message;
  }
  World empty{.columns = 2};
  EXPECT_FALSE(predict_effects(empty.table()));
}

TEST(Library, IsSaidToBeAbsent) {
  const auto absent = load_library("libxgboost-absent.so.0");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(absent.error().message.find("libxgboost0"), std::string::npos);
  const auto another = load_library("libm.so.6");
  ASSERT_FALSE(another);
  EXPECT_EQ(another.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(library());
}

TEST(Learners, StopBetweenTwoTrees) {
  const World world = persuadable(3, 1500);
  std::stop_source stop;
  LearnerOptions options;
  options.model.stop = stop.get_token();
  stop.request_stop();
  for (const Learner learner : kAll) {
    options.learner = learner;
    EXPECT_EQ(predict_effects(world.table(), options).error().code, ErrorCode::kUnavailable);
  }
}

}  // namespace
}  // namespace tact::predict
