#include "predict/uplift.h"

#include <algorithm>

#include "predict/internal/checks.h"
#include "predict/internal/folds.h"
#include "predict/internal/learners.h"

namespace tact::predict {
namespace {

// A treatment and control as a table of their own.
struct Columns {
  std::vector<float> features;
  std::vector<int> treated;
  std::vector<double> outcome;
};

Columns columns_of(const UpliftTable& table, int arm, std::vector<std::size_t>& rows) {
  Columns out;
  const std::size_t width = table.features.columns;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (table.arm[i] != 0 && table.arm[i] != arm) continue;
    rows.push_back(i);
    const auto values = table.features.values.subspan(i * width, width);
    out.features.insert(out.features.end(), values.begin(), values.end());
    out.treated.push_back(table.arm[i] == arm ? 1 : 0);
    out.outcome.push_back(table.outcome[i]);
  }
  return out;
}

Result<ArmEffects> effects_of(const UpliftTable& table, int arm, const LearnerOptions& options) {
  ArmEffects out{.arm = arm, .randomised = options.propensity.randomised()};
  const Columns columns = columns_of(table, arm, out.rows);
  const Features features{columns.features, table.features.columns};
  out.fold = deal_groups(columns.treated, options.folds, options.seed);
  out.effect.resize(out.rows.size());
  for (int fold = 0; fold < options.folds; ++fold) {
    const std::uint64_t seed = options.seed + static_cast<std::uint64_t>(fold);
    const Study study{columns.treated,
                      columns.outcome,
                      table.goal,
                      options.propensity,
                      seed,
                      trees(features, options.model, seed)};
    std::vector<std::size_t> train;
    std::vector<std::size_t> asked;
    for (std::size_t i = 0; i < out.fold.size(); ++i) {
      (out.fold[i] == fold ? asked : train).push_back(i);
    }
    TACT_ASSIGN(const auto effect, learn(options.learner, study, train, asked));
    for (std::size_t i = 0; i < asked.size(); ++i) out.effect[asked[i]] = effect[i];
  }
  return out;
}

}  // namespace

Status check_table(const UpliftTable& table, const LearnerOptions& options) {
  TACT_TRY(check_folds(options.folds));
  TACT_TRY(check_model(options.model));
  const Propensity& given = options.propensity;
  if (!(given.probability > 0.0 && given.probability < 1.0)) {
    return invalid("must be above 0 and below 1", "propensity.probability");
  }
  if (!(given.floor > 0.0 && given.floor < 0.5)) {
    return invalid("must be above 0 and below 0.5", "propensity.floor");
  }
  TACT_TRY(check_features(table.features, table.rows()));
  TACT_TRY(check_outcome(table.outcome, table.rows(), table.goal));
  return check_arms(table.arm, options.folds);
}

Result<std::vector<ArmEffects>> predict_effects(const UpliftTable& table,
                                                const LearnerOptions& options) {
  TACT_TRY(check_table(table, options));
  const int arms = *std::max_element(table.arm.begin(), table.arm.end());
  std::vector<ArmEffects> all;
  for (int arm = 1; arm <= arms; ++arm) {
    TACT_ASSIGN(ArmEffects effects, effects_of(table, arm, options));
    all.push_back(std::move(effects));
  }
  return all;
}

}  // namespace tact::predict
