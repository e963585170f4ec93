// Do the moments' effects add up to that of everything together? measurement: "the sum of moment
// effects beside the universal effect".
//
// Both sides count outcomes that came because of Tact among visitors who were shown something: a
// moment's difference × its shown visitors, and the universal holdout's difference × all visitors
// that are not held out. If what one moment does to a visitor does not depend on the others, the
// two have the same expectation, but for outcomes that only one of them counts: those of exposure
// days that one has counted and the other not yet (allowed for), and those of moments met when the
// goal's time after the visitor's first moment was nearly over (said in words; a row of facts keeps
// counts, not days, so they cannot be taken out).
//
// If it does depend: a moment is measured while the others run, hence by what it adds to them.
// Where they need each other the sum is the larger one, where they stand in for each other the
// smaller.
#pragma once

#include <span>

#include "base/result.h"
#include "measure/findings.h"

namespace tact::internal {

// `moments`: all of the playbook, among which alpha is shared. Those that nobody has met are passed
// over; of the rest, those with the universal's primary
// goal and an effect of it are counted. `gone`: moments that were shown and have no report (no
// longer in the playbook). Absent where nobody met any moment. kInvalid: alpha. O(moments).
Result<std::optional<AdditivityFinding>> add_up(const Findings& universal,
                                                std::span<const Findings> moments,
                                                const std::vector<std::string>& gone, double alpha);

std::string say_how_added();  // for Findings::method

}  // namespace tact::internal
