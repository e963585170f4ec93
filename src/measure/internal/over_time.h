// The primary metric as it was known over time, and whether its effect fades.
#pragma once

#include "base/result.h"
#include "measure/internal/gather.h"

namespace tact::internal {

// One look at the end of each block, at the alpha of the arm's final interval; at most 200 points.
Result<std::vector<Sequence>> looks_over_time(const Given& given, const MetricFinding& primary);

// By week of exposure; arms with fewer than two measurable weeks are left out.
Result<std::vector<NoveltyFinding>> check_novelty(const Given& given, const MetricFinding& primary);

}  // namespace tact::internal
