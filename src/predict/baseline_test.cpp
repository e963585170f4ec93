#include "predict/baseline.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "predict/internal/cross_fit.h"
#include "predict/internal/places.h"
#include "predict/test_support.h"
#include "stats/welch.h"

namespace tact::predict {
namespace {

using testing::World;

// Baselines from 0.05 to 0.65, which features say; nine of ten are treated.
World captured(std::uint64_t seed, int rows) {
  return testing::binary_world(
      seed, rows, 4, 0.9, [](const auto& x) { return 0.05 + 0.6 * x[0]; },
      [](const auto& x) { return x[0] < 1.0 / 3.0 ? 0.15 : 0.0; });
}

TEST(Baseline, TheSameBytesTwice) {
  const World world = captured(1, 2000);
  const auto once = predict_baseline(world.table(), {.repetitions = 2, .seed = 3}).value();
  const auto twice = predict_baseline(world.table(), {.repetitions = 2, .seed = 3}).value();
  EXPECT_EQ(once.prediction, twice.prediction);
  EXPECT_EQ(once.fold, twice.fold);
  EXPECT_NE(once.fold[0], once.fold[1]);
  const auto other = predict_baseline(world.table(), {.repetitions = 2, .seed = 4}).value();
  EXPECT_NE(once.prediction, other.prediction);
}

// Outcomes of the treated are never looked at; those of held-back rows never by their own fold's
// model.
TEST(Baseline, NobodyIsScoredByAModelThatSawHim) {
  const World world = captured(2, 2000);
  const BaselineOptions options{.folds = 3, .repetitions = 2};
  const auto before = predict_baseline(world.table(), options).value();
  World treated = world;
  for (std::size_t i = 0; i < world.arm.size(); ++i) {
    if (world.arm[i] != 0) treated.outcome[i] = 1.0 - treated.outcome[i];
  }
  EXPECT_EQ(predict_baseline(treated.table(), options)->prediction, before.prediction);
  World turned = world;
  for (std::size_t i = 0; i < world.arm.size(); ++i) {
    if (before.fold[0][i] == 1) turned.outcome[i] = 1.0 - turned.outcome[i];
  }
  const auto after = predict_baseline(turned.table(), options).value();
  bool others_changed = false;
  for (std::size_t i = 0; i < world.arm.size(); ++i) {
    if (before.fold[0][i] == 1) {
      EXPECT_EQ(before.prediction[0][i], after.prediction[0][i]);
    } else {
      others_changed = others_changed || before.prediction[0][i] != after.prediction[0][i];
    }
  }
  EXPECT_TRUE(others_changed);
}

// A program that moves only those unlikely to buy: created below, captured above.
TEST(Baseline, TellsCapturedFromCreated) {
  const World world = captured(3, 20'000);
  const auto baseline = predict_baseline(world.table()).value();
  const auto report = effects_by_baseline(world.table(), baseline).value();
  ASSERT_EQ(report.strata.size(), 3u);
  EXPECT_GT(report.strata[0].interval.lower, 0.05);
  double truth[3] = {};
  for (std::size_t r = 0; r < baseline.fold.size(); ++r) {
    const auto part = parts_within_folds(baseline.prediction[r], baseline.fold[r], 3);
    for (std::size_t i = 0; i < part.size(); ++i) truth[part[i]] += world.truth[i];
  }
  for (std::size_t s = 0; s < 3; ++s) {
    const double rows = report.strata[s].treated + report.strata[s].control;
    EXPECT_TRUE(report.strata[s].interval.contains(truth[s] / rows / 4.0)) << s;
  }
  EXPECT_TRUE(report.strata[2].interval.contains(0.0));
  EXPECT_NEAR(*report.strata[0].anyway, 0.15, 0.05);
  EXPECT_NEAR(*report.strata[2].anyway, 0.55, 0.08);
  EXPECT_TRUE(report.all.interval.contains(0.05));
  // Tertiles of everybody, and cuts where they were asked for.
  for (const Stratum& stratum : report.strata) EXPECT_NEAR(stratum.share, 1.0 / 3.0, 0.02);
  const auto cut = effects_by_baseline(world.table(), baseline, {.cuts = {0.25}}).value();
  ASSERT_EQ(cut.strata.size(), 2u);
  EXPECT_LT(cut.strata[0].predicted, 0.25);
  EXPECT_GT(cut.strata[1].predicted, 0.25);
  EXPECT_GT(*cut.strata[0].effect, 0.07);
}

// What Abadie, Chingos & West warn of: models that saw the held-back outcomes put those who bought
// by chance on top, and a treatment without any effect seems to hurt there and help below.
TEST(Baseline, EndogenousStrataAreBiasedAndTheseAreNot) {
  double naive[2] = {};
  double split[2] = {};
  const int worlds = 12;
  const ModelOptions greedy{.depth = 6, .rate = 0.3, .rows_in_leaf = 2, .shrinkage = 0};
  for (int w = 0; w < worlds; ++w) {
    const auto seed = static_cast<std::uint64_t>(w) + 1;
    const World world = testing::binary_world(
        seed, 1500, 6, 0.7, [](const auto& x) { return 0.2 + 0.4 * x[0]; },
        [](const auto&) { return 0.0; });
    std::vector<std::size_t> held_back;
    std::vector<double> outcome;
    std::vector<std::size_t> everybody;
    for (std::size_t i = 0; i < world.arm.size(); ++i) {
      everybody.push_back(i);
      if (world.arm[i] != 0) continue;
      held_back.push_back(i);
      outcome.push_back(world.outcome[i]);
    }
    const Fit fit = trees(world.table().features, greedy, seed);
    const Model model = fit(held_back, outcome, Goal::kBinary).value();
    Baseline seen;
    seen.fold.emplace_back(world.arm.size(), 0);
    seen.prediction.push_back(model(everybody).value());
    const auto unseen =
        predict_baseline(world.table(), {.repetitions = 2, .seed = seed, .model = greedy}).value();
    const auto biased = effects_by_baseline(world.table(), seen).value();
    const auto right = effects_by_baseline(world.table(), unseen).value();
    naive[0] += *biased.strata[0].effect / worlds;
    naive[1] += *biased.strata[2].effect / worlds;
    split[0] += *right.strata[0].effect / worlds;
    split[1] += *right.strata[2].effect / worlds;
  }
  EXPECT_GT(naive[0], 0.06);
  EXPECT_LT(naive[1], -0.06);
  EXPECT_NEAR(split[0], 0.0, 0.04);  // a stratum's standard error is about 0.045: here 0.013
  EXPECT_NEAR(split[1], 0.0, 0.04);
  RecordProperty("naive", std::to_string(naive[0]) + " " + std::to_string(naive[1]));
  RecordProperty("split", std::to_string(split[0]) + " " + std::to_string(split[1]));
}

// 95 % intervals of the tertiles, with features that say nothing, a little and much.
TEST(Baseline, IntervalsCover) {
  const int worlds = testing::long_form() ? 150 : 8;
  for (const double slope : {0.0, 0.1, 0.4}) {
    int covered = 0;
    int runs = 0;
    for (int w = 0; w < worlds; ++w) {
      const auto seed = static_cast<std::uint64_t>(w) + 1;
      const World world = testing::binary_world(
          seed, 2500, 4, 0.8, [&](const auto& x) { return 0.25 + slope * (x[0] - 0.5); },
          [](const auto&) { return 0.05; });
      const auto baseline = predict_baseline(world.table(), {.seed = seed}).value();
      const auto effects = effects_by_baseline(world.table(), baseline).value();
      for (const Stratum& stratum : effects.strata) {
        if (stratum.share < 0.1 || !stratum.standard_error) continue;
        runs += 1;
        covered += stratum.interval.contains(0.05) ? 1 : 0;
      }
    }
    const double expected = 0.95 * runs;
    EXPECT_GE(covered, expected - 3.3 * std::sqrt(expected * 0.05)) << slope;
    RecordProperty("slope " + std::to_string(slope),
                   std::to_string(covered) + " of " + std::to_string(runs));
  }
}

// One stratum of one fold is Welch's difference; folds and repetitions are counted plainly.
TEST(Strata, AsComputedPlainly) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Rng random(seed);
    World world{.columns = 1, .goal = Goal::kRevenue};
    Baseline baseline;
    baseline.fold.resize(3);
    baseline.prediction.resize(3);
    for (int i = 0; i < 150; ++i) {
      world.features.push_back(static_cast<float>(i));
      world.arm.push_back(static_cast<int>(random.below(3)));
      world.outcome.push_back(random.chance(0.3) ? 0.0 : testing::normal(random));
      for (std::size_t r = 0; r < 3; ++r) {
        baseline.fold[r].push_back(static_cast<int>(random.below(4)));
        baseline.prediction[r].push_back(random.uniform());
      }
    }
    const auto report =
        effects_by_baseline(world.table(), baseline, {.arm = 2, .cuts = {0.3, 0.6}}).value();
    const double cuts[] = {-1.0, 0.3, 0.6, 2.0};
    for (std::size_t s = 0; s < 3; ++s) {
      double effect = 0.0;
      double variance = 0.0;
      double treated = 0.0;
      for (std::size_t r = 0; r < 3; ++r) {
        std::vector<double> cell[4][2];
        double weight = 0.0;
        for (std::size_t i = 0; i < 150; ++i) {
          const double p = baseline.prediction[r][i];
          if (world.arm[i] == 1 || p < cuts[s] || p >= cuts[s + 1]) continue;
          cell[baseline.fold[r][i]][world.arm[i] / 2].push_back(world.outcome[i]);
          treated += world.arm[i] == 2 ? 1.0 / 3.0 : 0.0;
        }
        for (auto& k : cell) {
          if (!k[0].empty() && !k[1].empty()) {
            weight += static_cast<double>(k[0].size() + k[1].size());
          }
        }
        double squares[2] = {};
        double freedom[2] = {};
        double spread[2] = {};
        for (auto& k : cell) {
          if (k[0].empty() || k[1].empty()) continue;
          const double w = static_cast<double>(k[0].size() + k[1].size()) / weight;
          for (int a = 0; a < 2; ++a) {
            const auto n = static_cast<double>(k[a].size());
            double mean = 0.0;
            for (const double y : k[a]) mean += y / n;
            for (const double y : k[a]) squares[a] += (y - mean) * (y - mean);
            freedom[a] += n - 1.0;
            spread[a] += w * w / n;
            effect += (a == 1 ? 1.0 : -1.0) * w * mean / 3.0;
          }
        }
        for (int a = 0; a < 2; ++a) variance += squares[a] / freedom[a] * spread[a] / 3.0;
      }
      EXPECT_NEAR(*report.strata[s].effect, effect, 1e-9);
      // 0 / 0 where a repetition has no fold with two rows of an arm.
      EXPECT_EQ(report.strata[s].standard_error.has_value(), std::isfinite(variance));
      if (std::isfinite(variance)) {
        EXPECT_NEAR(*report.strata[s].standard_error, std::sqrt(variance), 1e-9);
      }
      EXPECT_NEAR(report.strata[s].treated, treated, 1e-9);
    }
  }
}

TEST(Strata, OneFoldOfEverybodyIsWelch) {
  const World world = captured(5, 1000);
  Baseline flat;
  flat.fold.emplace_back(world.arm.size(), 0);
  flat.prediction.emplace_back(world.arm.size(), 0.5);
  const auto report = effects_by_baseline(world.table(), flat).value();
  stats::SampleMoments arms[2];
  for (std::size_t i = 0; i < world.arm.size(); ++i) arms[world.arm[i]].add(world.outcome[i]);
  const auto welch =
      stats::welch_difference(stats::summarize(arms[1], stats::OutcomeKind::kMean).value(),
                              stats::summarize(arms[0], stats::OutcomeKind::kMean).value());
  EXPECT_NEAR(*report.all.effect, welch->estimate, 1e-12);
  EXPECT_NEAR(*report.all.standard_error, welch->standard_error, 1e-12);
  // Predictions that are all alike part nobody: one stratum, in the middle, and two without a
  // figure.
  EXPECT_EQ(report.strata[1].share, 1.0);
  EXPECT_FALSE(report.strata[0].effect.has_value());
  EXPECT_EQ(report.strata[2].share, 0.0);
  EXPECT_EQ(report.strata[1].treated_nonzero, static_cast<double>(arms[1].nonzero));
  EXPECT_EQ(report.strata[1].control_nonzero, static_cast<double>(arms[0].nonzero));
}

TEST(Strata, RefuseWhatCannotBe) {
  const World world = captured(6, 300);
  Baseline baseline;
  baseline.fold.emplace_back(300, 0);
  baseline.prediction.emplace_back(300, 0.5);
  const auto where = [&](const Baseline& given, const StrataOptions& options) {
    const auto result = effects_by_baseline(world.table(), given, options);
    return result ? std::string("accepted") : result.error().where;
  };
  EXPECT_EQ(where(baseline, {}), "accepted");
  EXPECT_EQ(where(Baseline{}, {}), "baseline");
  EXPECT_EQ(where(baseline, {.arm = 0}), "arm");
  EXPECT_EQ(where(baseline, {.arm = 2}), "arm");
  EXPECT_EQ(where(baseline, {.strata = 1}), "strata");
  EXPECT_EQ(where(baseline, {.cuts = {0.5, 0.5}}), "cuts[1]");
  EXPECT_EQ(where(baseline, {.cuts = {std::nan("")}}), "cuts[0]");
  EXPECT_FALSE(effects_by_baseline(world.table(), baseline, {.alpha = 0.0}));
  Baseline unfit = baseline;
  unfit.prediction[0][7] = std::nan("");
  EXPECT_EQ(where(unfit, {}), "baseline");
  unfit = baseline;
  unfit.fold[0][7] = -1;
  EXPECT_EQ(where(unfit, {}), "baseline");
  unfit = baseline;
  unfit.fold[0].pop_back();
  EXPECT_EQ(where(unfit, {}), "baseline");
  EXPECT_FALSE(calibrate(world.table(), unfit));
  EXPECT_EQ(predict_baseline(world.table(), {.repetitions = 0}).error().where, "repetitions");
  EXPECT_EQ(predict_baseline(world.table(), {.folds = 20}).error().where, "arm");
}

TEST(Calibration, AsCountedPlainly) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World world = captured(seed, 250);
    Rng random(seed);
    Baseline baseline;
    baseline.fold.resize(2);
    baseline.prediction.resize(2);
    for (std::size_t i = 0; i < 250; ++i) {
      world.arm[i] = static_cast<int>(i % 2);
      for (std::size_t r = 0; r < 2; ++r) {
        baseline.fold[r].push_back(static_cast<int>(random.below(3)));
        baseline.prediction[r].push_back(static_cast<double>(random.below(40)) / 40.0);
      }
    }
    double better = 0.0;
    double pairs = 0.0;
    double squares = 0.0;
    for (std::size_t r = 0; r < 2; ++r) {
      for (std::size_t i = 0; i < 250; i += 2) {
        const double p = baseline.prediction[r][i];
        squares += (world.outcome[i] - p) * (world.outcome[i] - p) / 125.0 / 2.0;
        for (std::size_t j = 0; j < 250; j += 2) {
          if (baseline.fold[r][i] != baseline.fold[r][j]) continue;
          if (world.outcome[i] != 1.0 || world.outcome[j] != 0.0) continue;
          const double q = baseline.prediction[r][j];
          pairs += 1.0;
          better += p > q ? 1.0 : p == q ? 0.5 : 0.0;
        }
      }
    }
    const auto calibration = calibrate(world.table(), baseline).value();
    EXPECT_NEAR(*calibration.auc, better / pairs, 1e-12);
    EXPECT_NEAR(calibration.squared_error, squares, 1e-12);
    double rows = 0.0;
    double observed = 0.0;
    double last = -1.0;
    for (const CalibrationBin& bin : calibration.deciles) {
      rows += bin.rows;
      observed += bin.rows * bin.observed;
      EXPECT_GT(bin.predicted, last);
      last = bin.predicted;
    }
    EXPECT_NEAR(rows, 125.0, 1e-9);
    double bought = 0.0;
    for (std::size_t i = 0; i < 250; i += 2) bought += world.outcome[i];
    EXPECT_NEAR(observed, bought, 1e-9);
  }
}

// Predictions of rows not seen are worth believing: by tenths within 5 points, and better than the
// mean.
TEST(Calibration, PredictionsMeanWhatTheySay) {
  const World world = testing::binary_world(
      8, 8000, 4, 0.2, [](const auto& x) { return 0.05 + 0.6 * x[0]; },
      [](const auto&) { return 0.0; });
  const auto baseline = predict_baseline(world.table(), {.repetitions = 2}).value();
  const auto calibration = calibrate(world.table(), baseline).value();
  ASSERT_EQ(calibration.deciles.size(), 10u);
  for (const CalibrationBin& bin : calibration.deciles) {
    EXPECT_NEAR(bin.predicted, bin.observed, 0.06);
  }
  // With the true probabilities the AUC is about 0.73.
  EXPECT_GT(*calibration.auc, 0.70);
  EXPECT_LT(*calibration.auc, 0.76);
  EXPECT_LT(calibration.squared_error, 0.93 * calibration.squared_error_of_mean);
  World none = world;
  for (double& y : none.outcome) y = 0.0;
  const auto flat = calibrate(none.table(), predict_baseline(none.table()).value()).value();
  EXPECT_FALSE(flat.auc.has_value());
  EXPECT_EQ(flat.squared_error, 0.0);
}

}  // namespace
}  // namespace tact::predict
