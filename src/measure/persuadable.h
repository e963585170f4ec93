// Whom does a treatment persuade? A learner on what was known before the exposure, cross-fitted on
// the units that the report compares, and whether its order is worth anything (predict/uplift.h).
#pragma once

#include <cstddef>
#include <stop_token>
#include <vector>

#include "base/result.h"
#include "measure/findings.h"
#include "measure/unit_facts.h"

namespace tact {

struct PersuadableOptions {
  std::vector<std::size_t> arms;  // treatment arms to ask about; empty: all
  double alpha = 0.05;            // of the intervals, shared over these
  bool reached = false;           // who reached the primary metric at all, not its amount
  bool include_simulated = true;  // as SumOptions
  // At most so many units of all arms together are learnt from and judged by, each arm a sample of
  // its own: of as many of them as the largest power of two leaves below its share of this.
  std::size_t most = 100'000;
  std::stop_token stop;  // looked at before each tree and resample
};

// Puts Findings::uplift, one finding for each arm asked about, and how it was made into
// Findings::method. `findings` is what analyse() made of `plan` and `source`; read are exactly the
// units of its primary comparison (of a sample the last days may wait: persuadable.cpp), behind the
// same gate. Where nothing can be told, the finding says why: the gate is closed, the arms are not
// what they should be, units belong to clusters, nothing is known from before. None of a ratio.
//
// Errors of the source; kUnavailable without XGBoost, and once asked to stop. The same units give
// the same bytes, whatever their order. Cost: one scan in two threads, and 30 fits for each arm;
// memory: 4 bytes for each unit learnt from and number known of it, twice that of the columns (at
// most 320 MB).
Status find_persuadable(const Plan& plan, const UnitSource& source,
                        const PersuadableOptions& options, Findings& findings);

}  // namespace tact
