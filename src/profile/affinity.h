// How much of a visitor's attention a category, a brand or a topic has, now.
#pragma once

#include <cstdint>
#include <string_view>

#include "profile/core.h"

namespace tact {

// Looks that everything else is worth: one look alone is a third, not everything.
inline constexpr std::int64_t kElsewhereMilli = 2'000;

// Thousandths, 0 to 1,000, to the nearest: the decayed looks at `name` among all of its kind and
// two more. Without further looks it falls towards 0. 0 for what was never seen.
std::int64_t affinity_milli(const Core& core, InterestKind kind, std::string_view name, Time now);

// Both sorted by kind and name. The least recent of a kind that has too many goes.
void merge_interests(std::vector<Interest>& mine, const std::vector<Interest>& theirs);

}  // namespace tact
