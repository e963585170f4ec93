// What non-inferiority says of an estimated room, of visitors or of clusters.
#pragma once

#include "stats/non_inferiority.h"
#include "stats/welch.h"

namespace tact::stats::internal {

// `difference`: treatment - control in the good direction, control less a relative margin, with its
// standard error and df; an absolute margin is added here, so that swapped arms keep every bit.
// `units` are behind it (visitors, clusters). kInvalid as sequence_around.
Result<NonInferiority> rooms_of(const Difference& difference, double units,
                                const Guardrail& guardrail);

}  // namespace tact::stats::internal
