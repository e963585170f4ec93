// What an effect means: credit beside it, money, and what comes later.
#pragma once

#include "base/result.h"
#include "measure/internal/gather.h"

namespace tact::internal {

CreditFinding credit_of(const Given& given, const MetricFinding& primary,
                        const std::vector<SegmentFinding>& segments);
// Behind a gate of their own: 50 in each arm to whom it happened and 50 to whom it did not.
Result<std::vector<CurveFinding>> curves_of(const Given& given, bool blocked);

}  // namespace tact::internal
