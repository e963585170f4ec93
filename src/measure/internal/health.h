// Is the experiment what it should be? Sample ratio over all looks, in every cell, and arms that
// were not there from the beginning.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "measure/internal/gather.h"

namespace tact::internal {

// Where whole clusters were drawn (none is in two arms), clusters are counted. Else shares and p
// are those of the units shown; whether it failed is asked of everybody exposed, too: what fails
// must not stay hidden because an arm is too small to be shown.
RatioCheck check_ratio(const Given& given);

// Where units are of clusters, and no cluster is in two arms.
bool drawn_by_cluster(const Given& given);

// Chi-squared at kSampleRatioAlpha shared over all cells of all dimensions and over the looks.
bool cell_ratio_failed(const Given& given, std::span<const std::int64_t> units);

// The arms that cannot have been open from the first day on: before their first unit so many others
// came that chance would have brought one (p < kSampleRatioAlpha).
std::vector<std::size_t> late_arms(const Given& given);

}  // namespace tact::internal
