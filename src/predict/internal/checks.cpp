#include "predict/internal/checks.h"

#include <cmath>
#include <utility>
#include <vector>

#include "predict/uplift.h"

namespace tact::predict {
namespace {

std::string at(const char* name, std::size_t i) {
  return std::string(name) + "[" + std::to_string(i) + "]";
}

std::string name_of(std::size_t arm) { return arm == 0 ? "control" : "arm " + std::to_string(arm); }

Status check_column(const Features& features, std::size_t column) {
  const float first = features.values[column];
  bool varies = false;
  for (std::size_t row = 0; row < features.rows(); ++row) {
    const float value = features.values[row * features.columns + column];
    if (std::isinf(value)) return invalid("a feature is infinite", at("features", column));
    const bool same = value == first || (std::isnan(value) && std::isnan(first));
    varies = varies || !same;
  }
  if (varies) return ok();
  return invalid("the feature has the same value in every row: leave it out",
                 at("features", column));
}

}  // namespace

Error invalid(std::string message, std::string where) {
  return make_error(ErrorCode::kInvalid, std::move(message), std::move(where));
}

Status check_features(const Features& features, std::size_t rows) {
  if (features.columns == 0) return invalid("there are no features", "features");
  if (features.values.size() != rows * features.columns) {
    return invalid("the features have another number of rows than the table", "features");
  }
  if (rows == 0) return invalid("not enough data yet: no rows", "features");
  for (std::size_t column = 0; column < features.columns; ++column) {
    TACT_TRY(check_column(features, column));
  }
  return ok();
}

Status check_outcome(std::span<const double> outcome, std::size_t rows, Goal goal) {
  if (outcome.size() != rows) {
    return invalid("there are not as many outcomes as rows", "outcome");
  }
  for (std::size_t i = 0; i < rows; ++i) {
    if (!std::isfinite(outcome[i])) return invalid("an outcome is not finite", at("outcome", i));
    if (std::fabs(outcome[i]) > 1e150) {
      return invalid("an outcome is out of range", at("outcome", i));
    }
    if (goal == Goal::kBinary && outcome[i] != 0.0 && outcome[i] != 1.0) {
      return invalid("a binary outcome is 0 or 1", at("outcome", i));
    }
  }
  return ok();
}

Status check_model(const ModelOptions& options) {
  if (options.depth < 1 || options.depth > 10) return invalid("must be 1 to 10", "model.depth");
  if (!(options.rate > 0.0 && options.rate <= 1.0)) {
    return invalid("must be above 0 and at most 1", "model.rate");
  }
  if (options.rounds_max < 1 || options.rounds_max > 10'000) {
    return invalid("must be 1 to 10000", "model.rounds_max");
  }
  if (options.patience < 1 || options.patience > 10'000) {
    return invalid("must be 1 to 10000", "model.patience");
  }
  if (!(options.rows_in_leaf >= 1.0 && options.rows_in_leaf < 1e9)) {
    return invalid("must be 1 or more", "model.rows_in_leaf");
  }
  if (!(options.shrinkage >= 0.0 && options.shrinkage < 1e9)) {
    return invalid("must be 0 or more", "model.shrinkage");
  }
  return ok();
}

Status check_folds(int folds) {
  if (folds < 2 || folds > kFoldsMax) return invalid("must be 2 to 20", "folds");
  return ok();
}

Status check_arms(std::span<const int> arms, int folds) {
  std::vector<std::size_t> visitors(2);
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const int arm = arms[i];
    if (arm < 0 || arm > kArmsMax) {
      return invalid("an arm is 0 (control) to " + std::to_string(kArmsMax),
                     "arm[" + std::to_string(i) + "]");
    }
    const auto index = static_cast<std::size_t>(arm);
    if (index >= visitors.size()) visitors.resize(index + 1);
    visitors[index] += 1;
  }
  const auto needed = static_cast<std::size_t>(folds) * kRowsPerFoldMin;
  for (std::size_t arm = 0; arm < visitors.size(); ++arm) {
    if (visitors[arm] == 0) {
      return invalid("not enough data yet: " + name_of(arm) + " has no rows", "arm");
    }
    if (visitors[arm] < needed) {
      return invalid("not enough data yet: " + name_of(arm) + " has " +
                         std::to_string(visitors[arm]) + " rows; " + std::to_string(folds) +
                         " folds need " + std::to_string(needed),
                     "arm");
    }
  }
  return ok();
}

}  // namespace tact::predict
