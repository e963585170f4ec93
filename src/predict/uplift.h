// What a treatment does to each visitor, predicted from features: meta-learners over boosted trees.
// Sources: Künzel, Sekhon, Bickel & Yu (2019), "Metalearners for estimating heterogeneous treatment
// effects" (T, X); Kennedy (2020), arXiv 2004.14497 (DR); Chernozhukov et al. (2018) for the
// cross-fitting.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "predict/table.h"
#include "stats/uplift.h"

namespace tact::predict {

// One row a visitor. arm[i] is 0 for control and 1, 2, … for the treatments; every treatment is
// compared with control alone, the rows of the others take no part.
struct UpliftTable {
  Features features;
  std::span<const int> arm;
  std::span<const double> outcome;
  Goal goal = Goal::kBinary;

  std::size_t rows() const { return arm.size(); }
};

enum class Learner {
  kT,   // two models, one of each arm; their difference
  kX,   // the effects imputed by them, fitted again; best where one arm is far larger
  kDr,  // doubly robust pseudo-outcomes, fitted; right if outcomes or propensity are
};

// The probability of the treatment, among the rows of this treatment and control.
enum class Assignment {
  kKnown,      // randomised with `probability`
  kShare,      // randomised, with the same unknown probability for everybody
  kEstimated,  // by whatever the features say: fitted, and kept `floor` away from 0 and 1
};
struct Propensity {
  Assignment assignment = Assignment::kShare;
  double probability = 0.5;  // above 0, below 1
  double floor = 0.05;       // above 0, below 0.5

  bool randomised() const { return assignment != Assignment::kEstimated; }
};

struct LearnerOptions {
  Learner learner = Learner::kDr;
  Propensity propensity;
  int folds = 5;  // 2 to 20
  std::uint64_t seed = 1;
  ModelOptions model;
};

inline constexpr int kFoldsMax = 20;
inline constexpr int kRowsPerFoldMin = 5;  // of each arm
inline constexpr int kArmsMax = 100;

// Of one treatment: its rows and those of control, in the table's order.
struct ArmEffects {
  int arm = 0;
  bool randomised = true;
  std::vector<std::size_t> rows;  // of the table
  std::vector<double> effect;     // predicted for rows[i], by models that saw no row of its fold
  std::vector<int> fold;          // of rows[i]
};

// One entry for each treatment, in their order. kInvalid, with what is wrong in `where`: tables of
// different lengths, no features or only constant ones, infinite features, an outcome that is not
// finite or not of the goal, arms without rows or with fewer than kRowsPerFoldMin in a fold,
// options out of range. kUnavailable without XGBoost, and once asked to stop (ModelOptions::stop).
// The same input gives the same bytes. Cost: folds * (2 models T, 4 X, 6 DR) for each treatment
// (trees.h).
Result<std::vector<ArmEffects>> predict_effects(const UpliftTable& table,
                                                const LearnerOptions& options = {});

// The check of predict_effects alone, for a caller that reads first and fits later.
Status check_table(const UpliftTable& table, const LearnerOptions& options);

// Does the predicted order find those whom the treatment persuades?
enum class Ranking { kNotEnough, kBetter, kNoBetter, kWorse };

struct RankingReport {
  int arm = 0;
  stats::UpliftReport report;
  Ranking ranking = Ranking::kNotEnough;
};

// Qini, AUUC and curve of the order within folds (models of different folds are not compared with
// each other: whose fold did well by chance, that one's model comes out low). Every pair of rows is
// used twice, each judging the model that the other one was in. Where the truth is "no order", both
// uses say the same, and the variance of the area is twice what a bootstrap with fixed scores sees;
// so the bootstrap's intervals of qini, auuc and of the curve short of its end are widened by
// sqrt(2) about the estimate. kNoBetter: the interval of the Qini coefficient holds 0. kInvalid:
// effects of another table, propensities that were estimated (the curve then measures who was
// chosen), or what evaluate_uplift refuses.
Result<RankingReport> judge_ranking(const UpliftTable& table, const ArmEffects& effects,
                                    const stats::UpliftOptions& options = {});

// The same for every arm of predict_effects. Arms are judged one by one: where many are, one in
// forty without anything to find is called better.
Result<std::vector<RankingReport>> judge_rankings(const UpliftTable& table,
                                                  std::span<const ArmEffects> arms,
                                                  const stats::UpliftOptions& options = {});

}  // namespace tact::predict
