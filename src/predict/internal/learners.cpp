#include "predict/internal/learners.h"

#include <algorithm>
#include <array>

#include "predict/internal/folds.h"

namespace tact::predict {
namespace {

using Rows = std::span<const std::size_t>;
using Numbers = std::vector<double>;

struct Split {
  std::array<std::vector<std::size_t>, 2> rows;  // by arm
  std::array<Numbers, 2> outcome;
};

Split by_arm(const Study& study, Rows rows) {
  Split split;
  for (const std::size_t row : rows) {
    const std::size_t arm = study.treated[row] != 0 ? 1 : 0;
    split.rows[arm].push_back(row);
    split.outcome[arm].push_back(study.outcome[row]);
  }
  return split;
}

// A model of the outcome in each arm.
struct Outcomes {
  Model control;
  Model treated;
};

Result<Outcomes> fit_outcomes(const Study& study, const Split& split) {
  TACT_ASSIGN(Model control, study.fit(split.rows[0], split.outcome[0], study.goal));
  TACT_ASSIGN(Model treated, study.fit(split.rows[1], split.outcome[1], study.goal));
  return Outcomes{std::move(control), std::move(treated)};
}

Result<Numbers> propensities(const Study& study, Rows train, Rows asked) {
  const Propensity& given = study.propensity;
  if (given.assignment == Assignment::kKnown) return Numbers(asked.size(), given.probability);
  Numbers treated;
  double share = 0.0;
  for (const std::size_t row : train) {
    treated.push_back(study.treated[row]);
    share += treated.back() / static_cast<double>(train.size());
  }
  if (given.assignment == Assignment::kShare) return Numbers(asked.size(), share);
  TACT_ASSIGN(const Model model, study.fit(train, treated, Goal::kBinary));
  TACT_ASSIGN(Numbers fitted, model(asked));
  for (double& e : fitted) e = std::clamp(e, given.floor, 1.0 - given.floor);
  return fitted;
}

Result<Numbers> t_learner(const Study& study, Rows train, Rows asked) {
  TACT_ASSIGN(const Outcomes models, fit_outcomes(study, by_arm(study, train)));
  TACT_ASSIGN(const Numbers control, models.control(asked));
  TACT_ASSIGN(Numbers effect, models.treated(asked));
  for (std::size_t i = 0; i < effect.size(); ++i) effect[i] -= control[i];
  return effect;
}

Result<Numbers> x_learner(const Study& study, Rows train, Rows asked) {
  const Split split = by_arm(study, train);
  TACT_ASSIGN(const Outcomes models, fit_outcomes(study, split));
  // Each arm's missing outcome comes from the other arm's model, which has not seen the row.
  TACT_ASSIGN(const Numbers without, models.control(split.rows[1]));
  TACT_ASSIGN(const Numbers with, models.treated(split.rows[0]));
  std::array<Numbers, 2> imputed{with, split.outcome[1]};
  for (std::size_t i = 0; i < with.size(); ++i) imputed[0][i] -= split.outcome[0][i];
  for (std::size_t i = 0; i < without.size(); ++i) imputed[1][i] -= without[i];
  TACT_ASSIGN(const Model of_control, study.fit(split.rows[0], imputed[0], Goal::kRevenue));
  TACT_ASSIGN(const Model of_treated, study.fit(split.rows[1], imputed[1], Goal::kRevenue));
  TACT_ASSIGN(Numbers effect, of_control(asked));
  TACT_ASSIGN(const Numbers other, of_treated(asked));
  TACT_ASSIGN(const Numbers e, propensities(study, train, asked));
  for (std::size_t i = 0; i < effect.size(); ++i) {
    effect[i] = e[i] * effect[i] + (1.0 - e[i]) * other[i];
  }
  return effect;
}

// Nuisances from `nuisance`, the effect from the pseudo-outcomes of `rows`, which they did not see.
Result<Numbers> dr_half(const Study& study, Rows nuisance, Rows rows, Rows asked) {
  TACT_ASSIGN(const Outcomes models, fit_outcomes(study, by_arm(study, nuisance)));
  TACT_ASSIGN(const Numbers mu0, models.control(rows));
  TACT_ASSIGN(const Numbers mu1, models.treated(rows));
  TACT_ASSIGN(const Numbers e, propensities(study, nuisance, rows));
  Numbers pseudo;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    pseudo.push_back(
        pseudo_outcome(study.outcome[rows[i]], study.treated[rows[i]] != 0, e[i], mu0[i], mu1[i]));
  }
  TACT_ASSIGN(const Model effect, study.fit(rows, pseudo, Goal::kRevenue));
  return effect(asked);
}

Result<Numbers> dr_learner(const Study& study, Rows train, Rows asked) {
  std::vector<int> group;
  for (const std::size_t row : train) group.push_back(study.treated[row]);
  const std::vector<int> half = deal_groups(group, 2, study.seed);
  std::array<std::vector<std::size_t>, 2> rows;
  for (std::size_t i = 0; i < train.size(); ++i) {
    rows[static_cast<std::size_t>(half[i])].push_back(train[i]);
  }
  TACT_ASSIGN(Numbers effect, dr_half(study, rows[0], rows[1], asked));
  TACT_ASSIGN(const Numbers swapped, dr_half(study, rows[1], rows[0], asked));
  for (std::size_t i = 0; i < effect.size(); ++i) effect[i] = 0.5 * (effect[i] + swapped[i]);
  return effect;
}

}  // namespace

double pseudo_outcome(double outcome, bool treated, double e, double mu0, double mu1) {
  const double residual = treated ? (outcome - mu1) / e : (mu0 - outcome) / (1.0 - e);
  return mu1 - mu0 + residual;
}

Result<std::vector<double>> learn(Learner learner, const Study& study, Rows train, Rows asked) {
  switch (learner) {
    case Learner::kT:
      return t_learner(study, train, asked);
    case Learner::kX:
      return x_learner(study, train, asked);
    case Learner::kDr:
      return dr_learner(study, train, asked);
  }
  return make_error(ErrorCode::kInternal, "no such learner");
}

}  // namespace tact::predict
