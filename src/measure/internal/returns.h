// Value, cost and what is left, each as a difference between arms.
#pragma once

#include <vector>

#include "base/result.h"
#include "measure/internal/gather.h"

namespace tact::internal {

// `metrics`: as Plan::metrics. Empty without Economics::value, without a comparison of what is kept
// (that of the value, where rows do not tell what is kept), and where clusters count: a return that
// takes units as independent would be too sure. Errors as stats::incremental_return.
Result<std::vector<ReturnFinding>> returns_of(const Given& given,
                                              const std::vector<MetricFinding>& metrics);

// What the returns assume, or why there can be none; empty where nobody asked for one, or where the
// data are not enough yet.
std::string say_assumed(const Given& given, const std::vector<ReturnFinding>& returns);

}  // namespace tact::internal
