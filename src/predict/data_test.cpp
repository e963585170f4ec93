// What is found on real data, and on half-real data whose effects are known.
#include <gtest/gtest.h>

#include <map>

#include "predict/baseline.h"
#include "predict/test_support.h"

namespace tact::predict {
namespace {

using testing::World;

constexpr Learner kAll[] = {Learner::kT, Learner::kX, Learner::kDr};
const char* const kNames[] = {"t", "x", "dr"};

// 64,000 customers drawn to no e-mail (0), one for men's (1) or for women's goods (2).
class Hillstrom : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::data_file("hillstrom/hillstrom.csv");
    if (!std::filesystem::exists(path_)) {
      GTEST_SKIP() << path_ << " is absent; set TACT_DATA to the folder that holds hillstrom/";
    }
  }

  World read(const char* outcome, Goal goal) const {
    const auto rows = testing::read_csv(path_);
    std::map<std::string, std::size_t> column;
    for (std::size_t i = 0; i < rows[0].size(); ++i) column[rows[0][i]] = i;
    const std::map<std::string, int> arms{
        {"No E-Mail", 0}, {"Mens E-Mail", 1}, {"Womens E-Mail", 2}};
    World world{.columns = 9, .goal = goal};
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const auto& row = rows[i];
      for (const char* name : {"recency", "history", "mens", "womens", "newbie"}) {
        world.features.push_back(std::stof(row[column[name]]));
      }
      for (const char* zone : {"Rural", "Urban"}) {
        world.features.push_back(row[column["zip_code"]] == zone ? 1.0F : 0.0F);
      }
      for (const char* channel : {"Web", "Phone"}) {
        world.features.push_back(row[column["channel"]] == channel ? 1.0F : 0.0F);
      }
      world.arm.push_back(arms.at(row[column["segment"]]));
      world.outcome.push_back(std::stod(row[column[outcome]]));
    }
    return world;
  }

  std::filesystem::path path_;
};

// Women's e-mail: past buyers of women's goods gain 7.31 points and the others 1.11, so there is
// something to find. Men's: nothing that the features tell beyond chance.
TEST_F(Hillstrom, VisitsOfTheWomensEMailAreFoundAndOfTheMensNot) {
  const World world = read("visit", Goal::kBinary);
  const std::size_t learners = testing::long_form() ? 3 : 1;
  for (std::size_t l = 0; l < learners; ++l) {
    const LearnerOptions options{.learner = kAll[l], .propensity = {Assignment::kKnown, 0.5}};
    const auto arms = predict_effects(world.table(), options).value();
    const auto reports = judge_rankings(world.table(), arms, {.resamples = 500}).value();
    ASSERT_EQ(reports.size(), 2u);
    const RankingReport& mens = reports[0];
    const RankingReport& womens = reports[1];
    EXPECT_NEAR(mens.report.effect.estimate, 0.07659, 5e-6);
    EXPECT_NEAR(womens.report.effect.estimate, 0.04523, 5e-6);
    EXPECT_EQ(mens.ranking, Ranking::kNoBetter) << testing::qini_of(mens);
    EXPECT_EQ(womens.ranking, Ranking::kBetter) << testing::qini_of(womens);
    EXPECT_GT(womens.report.qini.interval.lower, 0.003);
    // The half it would treat first gets most of what treating everybody gets.
    EXPECT_GT(womens.report.curve[4].gain, 0.7 * womens.report.effect.estimate);
    RecordProperty(kNames[l],
                   "men's " + testing::qini_of(mens) + "; women's " + testing::qini_of(womens));
  }
}

// Of 578 buyers in 64,000 nobody can tell whose spending an e-mail raises, and it is said so.
TEST_F(Hillstrom, NothingIsFoundInSpending) {
  const World world = read("spend", Goal::kRevenue);
  const std::size_t learners = testing::long_form() ? 3 : 1;
  for (std::size_t l = 0; l < learners; ++l) {
    const LearnerOptions options{.learner = kAll[l], .propensity = {Assignment::kKnown, 0.5}};
    const auto arms = predict_effects(world.table(), options).value();
    const auto reports = judge_rankings(world.table(), arms, {.resamples = 500}).value();
    for (const RankingReport& report : reports) {
      EXPECT_NEAR(report.report.effect.estimate, report.arm == 1 ? 0.770 : 0.424, 5e-4);
      EXPECT_EQ(report.ranking, Ranking::kNoBetter) << testing::qini_of(report);
      RecordProperty(kNames[l] + std::to_string(report.arm), testing::qini_of(report));
    }
  }
}

// The men's e-mail by how likely a visit was anyway: it creates visits in every tertile.
TEST_F(Hillstrom, VisitsByWhatWouldHaveComeAnyway) {
  const World world = read("visit", Goal::kBinary);
  const auto baseline = predict_baseline(world.table(), {.repetitions = 2}).value();
  const auto report = effects_by_baseline(world.table(), baseline, {.arm = 1}).value();
  EXPECT_NEAR(*report.all.effect, 0.07659, 2e-4);
  double total = 0.0;
  double last = 0.0;
  for (const Stratum& stratum : report.strata) {
    total += stratum.share * *stratum.effect;
    EXPECT_GT(stratum.interval.lower, 0.0);
    EXPECT_GT(*stratum.anyway, last);
    EXPECT_NEAR(*stratum.anyway, stratum.predicted, 0.01);
    last = *stratum.anyway;
    RecordProperty("anyway " + std::to_string(*stratum.anyway), std::to_string(*stratum.effect));
  }
  EXPECT_NEAR(total, 0.07659, 5e-4);
  const auto calibration = calibrate(world.table(), baseline).value();
  for (const CalibrationBin& bin : calibration.deciles) {
    EXPECT_NEAR(bin.predicted, bin.observed, 0.02);
  }
  EXPECT_GT(*calibration.auc, 0.6);
  EXPECT_LT(calibration.squared_error, calibration.squared_error_of_mean);
  RecordProperty("auc", std::to_string(*calibration.auc));
  RecordProperty("brier", std::to_string(calibration.squared_error) + " of " +
                              std::to_string(calibration.squared_error_of_mean));
}

// 747 infants, 139 treated, not at random; the effects are simulated (Hill 2011). Columns:
// treatment, factual, counterfactual, mu0, mu1, x1 to x25.
TEST(Ihdp, EffectsNearTheTruth) {
  for (const char* number : {"1", "2", "3"}) {
    const auto path = testing::data_file(std::string("ihdp/ihdp_npci_") + number + ".csv");
    if (!std::filesystem::exists(path)) {
      GTEST_SKIP() << path << " is absent; set TACT_DATA to the folder that holds ihdp/";
    }
    World world{.columns = 25, .goal = Goal::kRevenue};
    double y[2] = {};
    double n[2] = {};
    double truth = 0.0;
    for (const auto& row : testing::read_csv(path)) {
      ASSERT_EQ(row.size(), 30u);
      world.arm.push_back(std::stoi(row[0]));
      world.outcome.push_back(std::stod(row[1]));
      world.truth.push_back(std::stod(row[4]) - std::stod(row[3]));
      for (std::size_t c = 5; c < 30; ++c) world.features.push_back(std::stof(row[c]));
      y[world.arm.back()] += world.outcome.back();
      n[world.arm.back()] += 1.0;
      truth += world.truth.back() / 747.0;
    }
    ASSERT_EQ(world.arm.size(), 747u);
    // PEHE: root mean squared error of each unit's effect. One number for all: the difference in
    // means.
    const double difference = y[1] / n[1] - y[0] / n[0];
    double plain = 0.0;
    for (const double effect : world.truth) plain += std::pow(effect - difference, 2) / 747.0;
    for (std::size_t l = 0; l < 3; ++l) {
      const LearnerOptions options{.learner = kAll[l], .propensity = {Assignment::kEstimated}};
      const auto effects = predict_effects(world.table(), options).value()[0];
      double mean = 0.0;
      double squares = 0.0;
      for (std::size_t i = 0; i < 747; ++i) {
        mean += effects.effect[i] / 747.0;
        squares += std::pow(effects.effect[i] - world.truth[i], 2) / 747.0;
      }
      EXPECT_NEAR(mean, truth, 0.1) << number << kNames[l];
      EXPECT_LT(std::sqrt(squares), (l == 2 ? 0.9 : 0.75) * std::sqrt(plain))
          << number << kNames[l];
      RecordProperty(std::string(kNames[l]) + number, "ATE error " + std::to_string(mean - truth) +
                                                          ", PEHE " +
                                                          std::to_string(std::sqrt(squares)));
    }
    RecordProperty(std::string("difference in means ") + number,
                   "ATE error " + std::to_string(difference - truth) + ", PEHE " +
                       std::to_string(std::sqrt(plain)));
  }
}

}  // namespace
}  // namespace tact::predict
