// Captured against created, by how likely the outcome was anyway: a dimension whose cells are
// strata of what a model says each unit would do without the treatment (predict/likelihood.h),
// fitted on the held-back arm alone, from what was known at the exposure.
#pragma once

#include "base/result.h"
#include "measure/analyse.h"

namespace tact {

// The model needs so many held-back units with, and so many without, the primary outcome, closed.
inline constexpr std::int64_t kLikelihoodOutcomes = 100;
// It is fitted on at most so many: those with the smallest keys.
inline constexpr std::size_t kLikelihoodRows = 50'000;
inline constexpr const char* kLikelihoodDimension = "likely anyway";

// The same as analyse(), with that dimension, which takes the place of any other that tells the
// propensity. Where the model has too little data, or finds nothing, all is as without it, and
// Findings::method says why.
//
// `once`: the model is fitted on the first exposure days that are enough, and never again, so that
// nobody changes his stratum from one report to the next and reports cannot be subtracted (cut.h).
// Otherwise on everybody closed. Errors as analyse(). Two more scans and five fits; memory: the
// rows of the fit, and 1,024 units for each scanning thread.
Result<Findings> analyse_by_likelihood(const Plan& plan, const UnitSource& source,
                                       const AnalyseOptions& options, const SumOptions& how,
                                       bool once);

}  // namespace tact
