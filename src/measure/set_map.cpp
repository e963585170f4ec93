#include "measure/set_map.h"

namespace tact {

SetMap::SetMap(const Plan& plan) : arms_(static_cast<std::uint32_t>(plan.arms.size())) {
  for (const Dimension& dimension : plan.dimensions) {
    const auto cells = static_cast<std::uint32_t>(dimension.cells.size());
    dimensions_.push_back({sets_, cells});
    sets_ += cells + 1;
  }
}

}  // namespace tact
