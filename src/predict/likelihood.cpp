#include "predict/likelihood.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <optional>

#include "base/rng.h"
#include "predict/internal/checks.h"
#include "predict/internal/trees.h"
#include "predict/uplift.h"

namespace tact::predict {
namespace {

constexpr auto kFolds = static_cast<std::size_t>(kLikelihoodFolds);

Status check(const HeldBack& table) {
  const std::size_t rows = table.features.rows();
  TACT_TRY(check_features(table.features, rows));
  TACT_TRY(check_outcome(table.outcome, rows, Goal::kBinary));
  if (table.fold.size() != rows) return invalid("there are not as many folds as rows", "fold");
  std::vector<std::size_t> count(kFolds);
  for (const int fold : table.fold) {
    if (fold < 0 || fold >= kLikelihoodFolds) return invalid("must be 0 to 4", "fold");
    ++count[static_cast<std::size_t>(fold)];
  }
  if (*std::min_element(count.begin(), count.end()) < kRowsPerFoldMin) {
    return invalid("not enough data yet: a fold has fewer than " + std::to_string(kRowsPerFoldMin) +
                       " held-back rows",
                   "fold");
  }
  return ok();
}

// Values at which sorted predictions part into `parts` that are none of them empty, as equal as
// ties allow; a prediction equal to a cut belongs above it.
std::optional<std::vector<double>> cuts_of(const std::vector<double>& sorted, std::size_t parts) {
  std::vector<double> cuts;
  double below = sorted.front();
  for (std::size_t part = 1; part < parts; ++part) {
    const double wanted = sorted[sorted.size() * part / parts];
    const auto cut = wanted > below ? std::lower_bound(sorted.begin(), sorted.end(), wanted)
                                    : std::upper_bound(sorted.begin(), sorted.end(), below);
    if (cut == sorted.end()) return std::nullopt;
    cuts.push_back(*cut);
    below = *cut;
  }
  return cuts;
}

struct Part {
  std::vector<float> values;
  std::vector<std::size_t> others;  // rows of the other folds
  std::vector<double> outcome;      // of the others
  std::vector<double> own;          // outcomes of the fold
};

// By how much rows that a model has not seen are predicted better than by the mean of those that it
// has: squared errors (Brier 1950), row by row.
struct Gain {
  double sum = 0.0, squares = 0.0;

  void add(const Part& part, const std::vector<double>& predicted) {
    double mean = 0.0;
    for (const double y : part.outcome) mean += y / static_cast<double>(part.outcome.size());
    for (std::size_t i = 0; i < predicted.size(); ++i) {
      const double y = part.own[i];
      const double gain = (y - mean) * (y - mean) - (y - predicted[i]) * (y - predicted[i]);
      sum += gain;
      squares += gain * gain;
    }
  }
  bool is_real() const { return sum > 2.0 * std::sqrt(squares); }  // by two standard errors
};

Part part_of(const HeldBack& table, int fold) {
  Part part;
  for (std::size_t row = 0; row < table.fold.size(); ++row) {
    if (table.fold[row] != fold) {
      part.others.push_back(row);
      part.outcome.push_back(table.outcome[row]);
      continue;
    }
    part.own.push_back(table.outcome[row]);
    const auto values =
        table.features.values.subspan(row * table.features.columns, table.features.columns);
    part.values.insert(part.values.end(), values.begin(), values.end());
  }
  return part;
}

}  // namespace

struct LikelihoodStrata::Models {
  std::size_t columns = 0;
  std::vector<Scorer> scorer;             // by fold; guarded by mutex
  std::vector<std::vector<double>> cuts;  // by fold
  mutable std::mutex mutex;
};

Result<LikelihoodStrata> LikelihoodStrata::fit(const HeldBack& table, std::uint64_t seed,
                                               const std::stop_token& stop) {
  TACT_TRY(check(table));
  auto models = std::make_shared<Models>();
  models->columns = table.features.columns;
  Rng seeds(seed);
  ModelOptions model;
  model.stop = stop;
  std::vector<std::vector<double>> predicted;
  Gain gain;
  for (int fold = 0; fold < kLikelihoodFolds; ++fold) {
    const Part part = part_of(table, fold);
    TACT_ASSIGN(Scorer scorer, fit_scorer(table.features, part.others, part.outcome, Goal::kBinary,
                                          model, seeds.next()));
    TACT_ASSIGN(std::vector<double> own, scorer(Features{part.values, models->columns}));
    gain.add(part, own);
    std::sort(own.begin(), own.end());
    predicted.push_back(std::move(own));
    models->scorer.push_back(std::move(scorer));
  }
  LikelihoodStrata out;
  for (std::size_t strata = 3; gain.is_real() && strata >= 2 && out.strata_ == 0; --strata) {
    models->cuts.clear();
    for (const auto& sorted : predicted) {
      if (auto cuts = cuts_of(sorted, strata)) models->cuts.push_back(std::move(*cuts));
    }
    if (models->cuts.size() == kFolds) out.strata_ = strata;
  }
  out.models_ = std::move(models);
  return out;
}

Result<std::vector<std::size_t>> LikelihoodStrata::place(int fold, const Features& rows) const {
  if (strata_ == 0 || fold < 0 || fold >= kLikelihoodFolds) {
    return invalid("there are no strata of this fold", "fold");
  }
  if (rows.columns != models_->columns) return invalid("other columns than fitted", "features");
  const auto index = static_cast<std::size_t>(fold);
  std::vector<std::size_t> out;
  const std::lock_guard lock(models_->mutex);
  TACT_ASSIGN(const std::vector<double> predicted, models_->scorer[index](rows));
  const std::vector<double>& cuts = models_->cuts[index];
  for (const double p : predicted) {
    out.push_back(
        static_cast<std::size_t>(std::upper_bound(cuts.begin(), cuts.end(), p) - cuts.begin()));
  }
  return out;
}

}  // namespace tact::predict
