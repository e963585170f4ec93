// The first pass over a table: every cell that is used is checked, and what the plan needs to know
// is learnt: arms, values of segments, kinds of metrics, their decimals. Memory: the arms and
// segments, and 9 to 20 bytes a unit for telling repeated ones.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/experiment/columns.h"
#include "measure/plan.h"

namespace tact::cli::experiment {

// Bytes of the file read so far.
using OnProgress = std::function<void(std::uint64_t bytes)>;

struct Survey {
  Plan plan;
  Columns columns;
  Time last{};  // exposure; of a table without times day 0
  std::uint64_t rows = 0;
  // Per metric: the denominator of a ratio is the unit's second quantity.
};

// kInvalid with FILE:LINE:COLUMN: a cell that is empty, no finite number, no time, too large; a
// unit twice; fewer than two arms; a plan check_plan refuses. kNotFound: the file.
Result<Survey> survey(const Options& options, const OnProgress& progress);

// A decimal number as a whole number of 10^-digits, rounded.
std::int64_t scaled(double value, int digits);

}  // namespace tact::cli::experiment
