// The primary metric by dimension: the test of the interaction first, then intervals of the cells
// that hold for all of them at once; and each cell's own sample ratio.
#pragma once

#include "base/result.h"
#include "measure/internal/gather.h"

namespace tact::internal {

// `blocked`: only counts. The sample ratio of cells is checked whatever it is.
Result<std::vector<SegmentFinding>> measure_segments(const Given& given, bool blocked);

}  // namespace tact::internal
