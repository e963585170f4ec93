// Ranks within folds: predictions of two models are never compared with each other.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace tact::predict {

// value[i] replaced by its place within its fold: (rank - 1/2) / rows of the fold, from 0 to 1, the
// mean place for equal values. fold[i] >= 0, values not NaN. O(n log n).
std::vector<double> places_within_folds(std::span<const double> value, std::span<const int> fold);

// The same cut into `parts` equal parts, 0 to parts - 1; equal values stay together.
std::vector<std::size_t> parts_within_folds(std::span<const double> value,
                                            std::span<const int> fold, int parts);

}  // namespace tact::predict
