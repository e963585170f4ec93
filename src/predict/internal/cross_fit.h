// The folds of baseline.h over any model.
#pragma once

#include <functional>

#include "predict/baseline.h"
#include "predict/internal/trees.h"

namespace tact::predict {

using MakeFit = std::function<Fit(std::uint64_t seed)>;

Result<Baseline> cross_fit(const UpliftTable& table, const BaselineOptions& options,
                           const MakeFit& make_fit);

// kInvalid unless fold and prediction have an entry for each row in each repetition.
Status check_baseline(const UpliftTable& table, const Baseline& baseline);

}  // namespace tact::predict
