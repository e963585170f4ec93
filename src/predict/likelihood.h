// How likely an outcome is without the treatment, for more rows than fit into memory and for rows
// that come later: the same idea as baseline.h with folds that the caller deals (by a hash of the
// unit, so that they never change), and models that outlive the rows they were fitted on.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "base/result.h"
#include "predict/table.h"

namespace tact::predict {

// Held-back rows only.
struct HeldBack {
  Features features;
  std::span<const int> fold;        // 0 to kLikelihoodFolds - 1
  std::span<const double> outcome;  // 0 or 1
};
inline constexpr int kLikelihoodFolds = 5;

// Each fold has a model of the other folds' rows and cuts that part its own rows into equal parts
// by prediction: whoever is in a fold is placed by a model that has seen no outcome of it, among
// those whom the same model has scored (Abadie, Chingos & West 2018; baseline.h says why).
class LikelihoodStrata {
 public:
  // Into 3 strata, or 2 where the predictions have too few different values for 3. kInvalid:
  // features, outcomes or folds that no model can be fitted on ("not enough data yet: ..." where
  // there are too few); kUnavailable without XGBoost, and once asked to stop. Cost: five
  // models.
  static Result<LikelihoodStrata> fit(const HeldBack& table, std::uint64_t seed = 1,
                                      const std::stop_token& stop = {});

  // 0: there is nothing to part by. Rows that a model has not seen are not predicted better than
  // by the mean (by two standard errors of the Brier score), or some fold's model says the same of
  // everybody.
  std::size_t strata() const { return strata_; }

  // The stratum of each row, all of one fold, 0 the least likely. From any thread: calls wait for
  // each other. kInvalid: other columns than those fitted, a fold out of range, no strata.
  Result<std::vector<std::size_t>> place(int fold, const Features& rows) const;

 private:
  struct Models;
  std::shared_ptr<const Models> models_;
  std::size_t strata_ = 0;
};

}  // namespace tact::predict
