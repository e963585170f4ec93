// The arithmetic of the three learners over any models.
#pragma once

#include "predict/internal/trees.h"
#include "predict/uplift.h"

namespace tact::predict {

// A treatment against control. Columns have one entry for each row of the features.
struct Study {
  std::span<const int> treated;  // 0 or 1
  std::span<const double> outcome;
  Goal goal = Goal::kBinary;
  Propensity propensity;
  std::uint64_t seed = 1;  // of the halves of the DR-learner
  Fit fit;
};

// Effects predicted for `asked`, learned from `train` (both arms in it, and twice for kDr).
Result<std::vector<double>> learn(Learner learner, const Study& study,
                                  std::span<const std::size_t> train,
                                  std::span<const std::size_t> asked);

// Kennedy (2020), algorithm 1: has the effect at x as its mean if (mu0, mu1) or e is right.
double pseudo_outcome(double outcome, bool treated, double e, double mu0, double mu1);

}  // namespace tact::predict
