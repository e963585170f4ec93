#include "predict/baseline.h"

#include <algorithm>
#include <cmath>

#include "base/rng.h"
#include "predict/internal/checks.h"
#include "predict/internal/cross_fit.h"
#include "predict/internal/folds.h"

namespace tact::predict {

std::vector<double> Baseline::mean_prediction() const {
  std::vector<double> mean(prediction.empty() ? 0 : prediction.front().size());
  for (const auto& repetition : prediction) {
    for (std::size_t i = 0; i < mean.size(); ++i) {
      mean[i] += repetition[i] / static_cast<double>(prediction.size());
    }
  }
  return mean;
}

Result<Baseline> cross_fit(const UpliftTable& table, const BaselineOptions& options,
                           const MakeFit& make_fit) {
  Baseline out;
  Rng seeds(options.seed);
  for (int r = 0; r < options.repetitions; ++r) {
    out.fold.push_back(deal_groups(table.arm, options.folds, seeds.next()));
    const std::vector<int>& fold = out.fold.back();
    std::vector<double>& prediction = out.prediction.emplace_back(table.rows());
    for (int k = 0; k < options.folds; ++k) {
      std::vector<std::size_t> train;
      std::vector<double> outcome;
      std::vector<std::size_t> asked;
      for (std::size_t i = 0; i < table.rows(); ++i) {
        if (fold[i] == k) {
          asked.push_back(i);
        } else if (table.arm[i] == 0) {
          train.push_back(i);
          outcome.push_back(table.outcome[i]);
        }
      }
      TACT_ASSIGN(const Model model, make_fit(seeds.next())(train, outcome, table.goal));
      TACT_ASSIGN(const std::vector<double> predicted, model(asked));
      for (std::size_t i = 0; i < asked.size(); ++i) prediction[asked[i]] = predicted[i];
    }
  }
  return out;
}

Status check_baseline(const UpliftTable& table, const Baseline& baseline) {
  bool fits = !baseline.fold.empty() && baseline.fold.size() == baseline.prediction.size() &&
              table.outcome.size() == table.rows();
  for (std::size_t r = 0; fits && r < baseline.fold.size(); ++r) {
    const auto& fold = baseline.fold[r];
    const auto& prediction = baseline.prediction[r];
    fits = fold.size() == table.rows() && prediction.size() == table.rows() &&
           std::all_of(fold.begin(), fold.end(), [](int k) { return 0 <= k && k < kFoldsMax; }) &&
           std::all_of(prediction.begin(), prediction.end(),
                       [](double p) { return std::isfinite(p); });
  }
  if (!fits)
    return invalid("the predictions belong to another table, or are not finite", "baseline");
  return ok();
}

Result<Baseline> predict_baseline(const UpliftTable& table, const BaselineOptions& options) {
  if (options.repetitions < 1 || options.repetitions > 100) {
    return invalid("must be 1 to 100", "repetitions");
  }
  TACT_TRY(check_table(table, {.folds = options.folds, .model = options.model}));
  return cross_fit(table, options,
                   [&](std::uint64_t seed) { return trees(table.features, options.model, seed); });
}

}  // namespace tact::predict
