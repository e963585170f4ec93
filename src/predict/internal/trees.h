// One fitted model of boosted trees, behind a function type, so that the arithmetic of the learners
// can be tested with any other model in its place.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/result.h"
#include "predict/table.h"

namespace tact::predict {

// Predictions for rows of the table the model was fitted on, in their order.
using Model = std::function<Result<std::vector<double>>(std::span<const std::size_t> rows)>;

// Fits target[i] of row rows[i]. Without any row: kInvalid.
using Fit = std::function<Result<Model>(std::span<const std::size_t> rows,
                                        std::span<const double> target, Goal goal)>;

// Fits with XGBoost on one thread, so that the bytes do not depend on the machine's cores. `seed`
// chooses the rows that decide how many trees. The features must outlive the Fit and its Models.
// Cost: O(trees * depth * rows * columns); 25,000 rows of 8 columns: about 0.1 s.
Fit trees(const Features& features, const ModelOptions& options, std::uint64_t seed);

// Predictions for any rows with the columns the model was fitted on, in their order.
using Scorer = std::function<Result<std::vector<double>>(const Features& rows)>;

// The same fit; the Scorer needs neither the table nor its features any more. One thread at a time.
Result<Scorer> fit_scorer(const Features& features, std::span<const std::size_t> rows,
                          std::span<const double> target, Goal goal, const ModelOptions& options,
                          std::uint64_t seed);

}  // namespace tact::predict
