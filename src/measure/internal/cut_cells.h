// The blocks of dimensions, and the cells shown in each: closed in order of time, and each time
// compared with all that is closed by then. So what one dimension tells leaves no rest of a few
// beside what another, or everybody's blocks, tell (apart.h), and no later day changes it.
#pragma once

#include <stop_token>
#include <vector>

#include "measure/cut.h"

namespace tact::internal {

// As Plan::dimensions; of everybody's blocks, oldest first. Cells of one are kSmallCell units or
// nobody, in each arm, and so are all its others together. None once it was asked to stop.
std::vector<std::vector<Block>> cut_cells(const Sums& sums, const Plan& plan,
                                          const std::vector<Block>& everybody,
                                          std::stop_token stop);

}  // namespace tact::internal
