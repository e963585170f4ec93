#include "predict/uplift.h"

#include <gtest/gtest.h>

#include "predict/test_support.h"

namespace tact::predict {
namespace {

using testing::World;

World persuadable(std::uint64_t seed, int rows) {
  return testing::binary_world(
      seed, rows, 4, 0.5, [](const auto&) { return 0.2; },
      [](const auto& x) { return x[0] > 0.6 ? 0.2 : 0.0; });
}

TEST(Learners, TheSameBytesTwice) {
  const World world = persuadable(1, 2000);
  for (const Learner learner : {Learner::kT, Learner::kX, Learner::kDr}) {
    const LearnerOptions options{.learner = learner, .seed = 7};
    const auto once = predict_effects(world.table(), options).value();
    const auto twice = predict_effects(world.table(), options).value();
    EXPECT_EQ(once[0].effect, twice[0].effect);
    EXPECT_EQ(once[0].fold, twice[0].fold);
    const LearnerOptions other{.learner = learner, .seed = 8};
    EXPECT_NE(predict_effects(world.table(), other).value()[0].effect, once[0].effect);
  }
}

TEST(Learners, FindThePersuadable) {
  const World world = persuadable(2, 8000);
  for (const Learner learner : {Learner::kT, Learner::kX, Learner::kDr}) {
    const auto arms = predict_effects(world.table(), {.learner = learner}).value();
    ASSERT_EQ(arms.size(), 1u);
    ASSERT_EQ(arms[0].rows.size(), world.arm.size());
    double found = 0.0;
    double others = 0.0;
    double n_found = 0.0;
    double n_others = 0.0;
    for (std::size_t i = 0; i < arms[0].effect.size(); ++i) {
      const bool persuadable = world.truth[arms[0].rows[i]] > 0.0;
      (persuadable ? found : others) += arms[0].effect[i];
      (persuadable ? n_found : n_others) += 1.0;
    }
    // Drawn towards each other, because a hundredth of what decides is missing and trees are
    // shrunk.
    EXPECT_NEAR(found / n_found, 0.2, 0.07);
    EXPECT_NEAR(others / n_others, 0.0, 0.05);
    const RankingReport report = judge_ranking(world.table(), arms[0]).value();
    EXPECT_EQ(report.ranking, Ranking::kBetter) << sentence(report, "arm 1");
  }
}

}  // namespace
}  // namespace tact::predict
