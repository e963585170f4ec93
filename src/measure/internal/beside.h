// How many people atoms of two partitions have in common: a dimension's next block beside
// everybody's blocks, or beside what another dimension shows. Atoms of a dimension are numbered by
// block, then cell, the last of these the block's others.
#pragma once

#include <vector>

#include "measure/cut.h"
#include "measure/internal/apart.h"
#include "measure/internal/arm_counts.h"

namespace tact::internal {

struct CellOf {
  std::size_t dimension = 0, cell = 0;  // the cell after the last: in none of them
};

void count_cell(const Sums& sums, CellOf cell, Day day, ArmCount& into);

struct Beside {
  std::vector<std::vector<Overlap>> arms;
  int next = 0;   // the first inner atom of the next block; the last ones are its
  int outer = 0;  // how many outer atoms there are
};

// Outer: everybody's blocks, of which the next one holds some and parts none.
Beside beside_everybody(const Sums& sums, std::size_t dimension, const Block& next,
                        const std::vector<Block>& everybody);

// Blocks of two dimensions since a day on which blocks of both end; `inner` has the next one, too.
struct TwoDimensions {
  std::size_t dimension = 0, other = 0;
  std::vector<Block> inner, outer;  // neither is empty; both begin on the same day
};
Beside beside_each_other(const Sums& sums, const TwoDimensions& both);

}  // namespace tact::internal
