// What no model can be fitted on, refused before anything is fitted.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "predict/table.h"

namespace tact::predict {

Error invalid(std::string message, std::string where);

// kInvalid: no columns, another length than `rows`, an infinite value, a column that never varies
// ("features[3]").
Status check_features(const Features& features, std::size_t rows);

// kInvalid: another length than `rows`; an outcome not finite, beyond 1e150, or not 0 or 1 for a
// binary goal ("outcome[7]").
Status check_outcome(std::span<const double> outcome, std::size_t rows, Goal goal);

// kInvalid: an arm out of range ("arm[7]"), without rows, or with fewer than kRowsPerFoldMin a
// fold.
Status check_arms(std::span<const int> arms, int folds);

Status check_model(const ModelOptions& options);
Status check_folds(int folds);

}  // namespace tact::predict
