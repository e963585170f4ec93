// Whom does a treatment persuade? A learner on the columns from before it.
#pragma once

#include "base/result.h"
#include "measure/findings.h"
#include "measure/unit_facts.h"

namespace tact::cli::experiment {

inline constexpr std::size_t kMostLearnt = 500'000;  // units of the two arms

// Of the primary metric, this treatment arm against control. Features: the segments, a column of 0
// and 1 for each value, and the covariate. kInvalid: no features, a ratio, more units than
// kMostLearnt; errors of the source and of predict_effects.
Result<UpliftFinding> find_persuadable(const Plan& plan, const UnitSource& source, std::size_t arm);

}  // namespace tact::cli::experiment
