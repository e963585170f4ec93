// Strata by what would have happened anyway, with folds dealt by the caller. Seeded worlds.
#include "predict/likelihood.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>

namespace tact::predict {
namespace {

constexpr std::size_t kColumns = 4;

struct Rows {
  std::vector<float> values;
  std::vector<int> fold;
  std::vector<double> outcome;

  HeldBack table() const { return {{values, kColumns}, fold, outcome}; }
};

// The first column's being positive makes the outcome so much likelier than 0.2.
Rows draw(std::size_t rows, double more, std::mt19937_64& random) {
  Rows out;
  std::normal_distribution<float> normal;
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t first = out.values.size();
    for (std::size_t column = 0; column < kColumns; ++column) out.values.push_back(normal(random));
    const double chance = 0.2 + (out.values[first] > 0.0F ? more : 0.0);
    out.fold.push_back(static_cast<int>(random() % kLikelihoodFolds));
    out.outcome.push_back(unit(random) < chance ? 1.0 : 0.0);
  }
  return out;
}

std::vector<std::size_t> placed(const LikelihoodStrata& strata, const Rows& rows) {
  std::vector<std::size_t> out;
  for (std::size_t row = 0; row < rows.fold.size(); ++row) {
    const std::span<const float> one(&rows.values[row * kColumns], kColumns);
    const auto place = strata.place(rows.fold[row], {one, kColumns});
    out.push_back(place.has_value() ? place->front() : 99);
  }
  return out;
}

TEST(Likelihood, TellsTheLikelyOfOtherRows) {
  std::mt19937_64 random(1);
  const auto strata = LikelihoodStrata::fit(draw(4'000, 0.5, random).table());
  ASSERT_TRUE(strata.has_value()) << strata.error().to_text();
  ASSERT_GE(strata->strata(), 2u);
  const Rows later = draw(4'000, 0.5, random);
  const auto places = placed(*strata, later);
  std::array<double, 3> rows{}, reached{};
  for (std::size_t i = 0; i < places.size(); ++i) {
    ASSERT_LT(places[i], strata->strata());
    rows[places[i]] += 1.0;
    reached[places[i]] += later.outcome[i];
  }
  const std::size_t last = strata->strata() - 1;
  EXPECT_NEAR(reached[0] / rows[0], 0.2, 0.05);
  EXPECT_NEAR(reached[last] / rows[last], 0.7, 0.05);
}

// A weak signal and few rows: a model that had seen its own rows' outcomes would put those with the
// outcome into the highest stratum and invent an effect of the opposite sign in each end. Here the
// held-back rows that taught do in each stratum as rows that did not, on average over 60 worlds.
TEST(Likelihood, TheRowsThatTaughtAreNotFavoured) {
  std::mt19937_64 random(2);
  double sum = 0.0, squares = 0.0, worlds = 0.0;
  for (int world = 0; world < 60; ++world) {
    const Rows held = draw(600, 0.25, random), shown = draw(600, 0.25, random);
    const auto strata = LikelihoodStrata::fit(held.table());
    ASSERT_TRUE(strata.has_value());
    if (strata->strata() == 0) continue;
    std::array<double, 2> rows{}, reached{};
    const std::array<const Rows*, 2> both{&held, &shown};
    for (std::size_t arm = 0; arm < 2; ++arm) {
      const auto places = placed(*strata, *both[arm]);
      for (std::size_t i = 0; i < places.size(); ++i) {
        if (places[i] + 1 != strata->strata()) continue;
        rows[arm] += 1.0;
        reached[arm] += both[arm]->outcome[i];
      }
    }
    const double effect = reached[1] / rows[1] - reached[0] / rows[0];  // in truth 0
    sum += effect;
    squares += effect * effect;
    worlds += 1.0;
  }
  ASSERT_GT(worlds, 30.0);
  const double mean = sum / worlds;
  const double standard_error = std::sqrt((squares / worlds - mean * mean) / worlds);
  EXPECT_LT(std::abs(mean), 4.0 * standard_error);
  EXPECT_LT(std::abs(mean), 0.03);
}

// Turning round the outcomes of a fold moves nobody of that fold between its model's predictions:
// its own model has not seen them.
TEST(Likelihood, AFoldsOutcomesMoveNobodyOfIt) {
  std::mt19937_64 random(3);
  Rows rows = draw(2'000, 0.5, random);
  const auto before = LikelihoodStrata::fit(rows.table());
  std::vector<std::size_t> changed;
  for (std::size_t row = 0; row < rows.fold.size(); ++row) {
    if (rows.fold[row] != 2 || changed.size() == 100) continue;
    rows.outcome[row] = 1.0 - rows.outcome[row];
    changed.push_back(row);
  }
  const auto after = LikelihoodStrata::fit(rows.table());
  ASSERT_TRUE(before.has_value() && after.has_value());
  ASSERT_EQ(before->strata(), after->strata());
  const auto old_places = placed(*before, rows), new_places = placed(*after, rows);
  bool others_moved = false;
  for (std::size_t row = 0; row < rows.fold.size(); ++row) {
    const bool moved = old_places[row] != new_places[row];
    EXPECT_FALSE(moved && rows.fold[row] == 2) << row;
    others_moved = others_moved || moved;
  }
  EXPECT_TRUE(others_moved);  // or the test could not fail
}

TEST(Likelihood, NothingToTellGivesNoStrata) {
  std::mt19937_64 random(4);
  int without = 0;
  for (int world = 0; world < 20; ++world) {
    const auto strata = LikelihoodStrata::fit(draw(1'000, 0.0, random).table());
    ASSERT_TRUE(strata.has_value());
    without += strata->strata() == 0 ? 1 : 0;
  }
  EXPECT_GE(without, 17);  // each by chance with 2.5 % at most: 4 of 20 once in 1,000
}

TEST(Likelihood, TiesGiveTwoStrata) {
  std::mt19937_64 random(5);
  Rows rows = draw(2'000, 0.5, random);
  for (float& value : rows.values) value = value > 0.0F ? 1.0F : 0.0F;
  for (std::size_t i = 0; i < rows.values.size(); ++i) {
    if (i % kColumns != 0) rows.values[i] = rows.values[i - i % kColumns];
  }
  const auto strata = LikelihoodStrata::fit(rows.table());
  ASSERT_TRUE(strata.has_value());
  EXPECT_EQ(strata->strata(), 2u);
}

TEST(Likelihood, RefusesWhatItCannotLearnFrom) {
  std::mt19937_64 random(6);
  Rows rows = draw(200, 0.5, random);
  const auto refused = [&] {
    const auto fitted = LikelihoodStrata::fit(rows.table());
    return !fitted.has_value() && fitted.error().code == ErrorCode::kInvalid;
  };
  rows.fold[0] = 5;
  EXPECT_TRUE(refused());
  rows.fold[0] = 0;
  rows.outcome[0] = 2.0;
  EXPECT_TRUE(refused());
  rows.outcome[0] = 1.0;
  rows.values[0] = INFINITY;
  EXPECT_TRUE(refused());
  rows.values[0] = 0.0F;
  EXPECT_FALSE(refused());
  const auto fitted = LikelihoodStrata::fit(rows.table());
  ASSERT_TRUE(fitted.has_value());
  const std::vector<float> narrow{1.0F, 2.0F};
  EXPECT_FALSE(fitted->place(0, {narrow, 2}).has_value());
  EXPECT_FALSE(fitted->place(7, {{rows.values.data(), kColumns}, kColumns}).has_value());
  std::fill(rows.fold.begin(), rows.fold.end(), 0);
  EXPECT_TRUE(refused());  // four folds are empty
}

TEST(Likelihood, StopsBetweenTwoTrees) {
  std::mt19937_64 random(9);
  std::stop_source stop;
  stop.request_stop();
  const auto strata = LikelihoodStrata::fit(draw(1'000, 0.5, random).table(), 1, stop.get_token());
  EXPECT_EQ(strata.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace tact::predict
