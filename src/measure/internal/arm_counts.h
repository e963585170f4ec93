// Units per arm, then people per arm: simulated units hide nobody.
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace tact::internal {

using ArmCount = std::vector<std::int64_t>;

inline std::int64_t total(const ArmCount& arms) {
  return std::accumulate(arms.begin(), arms.end(), std::int64_t{0});
}

inline bool nobody(const ArmCount& arms) { return total(arms) == 0; }

inline void add(ArmCount& into, const ArmCount& other) {
  for (std::size_t i = 0; i < into.size(); ++i) into[i] += other[i];
}

}  // namespace tact::internal
