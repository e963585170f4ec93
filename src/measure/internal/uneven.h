// Money of which a few large amounts make most: winsorised beside the raw difference, and in its
// place while that one waits (docs/decisions/0011-uneven-money-waits.md).
#pragma once

#include <span>

#include "base/result.h"
#include "measure/internal/gather.h"

namespace tact::internal {

// Beside each of `finding.against`; nothing for other metrics than means of money.
Status put_capped(const Given& given, MetricFinding& finding);

// Fills `uneven` where the gate waits because of a few large amounts. `sums` are the arms' of the
// units compared; `blocked`: nothing is compared, the winsorised amounts neither.
Status put_uneven(const Given& given, std::span<const MetricSums> sums, bool blocked,
                  MetricFinding& finding);

}  // namespace tact::internal
