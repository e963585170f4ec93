// Who is in which fold: drawn without looking at features or outcomes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/rng.h"

namespace tact::predict {

// Deals n rows to `parts` parts whose sizes differ by at most one, in an order shuffled by the seed
// (Fisher & Yates). O(n).
std::vector<int> deal(std::size_t n, int parts, std::uint64_t seed);

// The same for each group on its own, so that every part has its share of all. group[i] >= 0.
std::vector<int> deal_groups(std::span<const int> group, int parts, std::uint64_t seed);

}  // namespace tact::predict
