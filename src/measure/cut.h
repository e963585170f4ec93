// Which units a report may show: the rule of small cells, as a pure function of the day-binned
// sums.
//
// Everybody's exposure days are gathered into blocks, oldest first: a block ends with the first
// whole day at which each arm has added either nobody or kSmallCell units. Within a dimension,
// blocks are joined until its cells can be told apart: each cell shown has, in each arm, nobody or
// kSmallCell units, and so have all its other cells together; where the others are fewer, the
// smallest of the cells shown joins them (complementary suppression).
//
// So every figure of every report is a sum over atoms (block × cell, or block × the other cells)
// of 0 or at least kSmallCell units in each arm, and atoms of a dimension never change afterwards.
// What can be had by subtracting figures, of one report or of several made at different times with
// different dimensions, one dimension at a time, is a union of atoms. A metric of some units
// (Metric::of_some) is like a dimension of its own with one cell; how many are not of these is
// told, as it is told how many did not reach a goal.
#pragma once

#include <vector>

#include "measure/sums.h"

namespace tact {

inline constexpr std::int64_t kSmallCell = 50;

// Days [begin, end) that are shown together.
struct Block {
  Day begin = 0, end = 0;
  std::vector<bool> cells;  // of a dimension: which are shown in it; empty for everybody's
};

struct Cut {
  std::vector<Block> everybody;
  // As Plan::metrics. Of a metric of some units (Metric::of_some) everybody's blocks are joined
  // until each arm has nobody or kSmallCell of these; of the others this is empty. Who answers
  // comes to be known within the metric's time, so of answers only blocks that are closed are
  // joined.
  std::vector<std::vector<Block>> metrics;
  const std::vector<Block>& of_metric(const Plan& plan, std::size_t metric) const {
    return plan.metrics[metric].of_some() ? metrics[metric] : everybody;
  }
  std::vector<std::vector<Block>> dimensions;  // as Plan::dimensions
  bool withheld = false;                       // exposures that no block holds
};

// `now`: only whole days before it. `small_cells`: each day is a block and every cell is shown.
// O(days * cells * arms).
Cut cut_small_cells(const Sums& sums, const Plan& plan, Time now, bool small_cells = false);

// Is the metric's window over for everybody exposed in the block?
bool is_closed(const Block& block, const Metric& metric, Time now);

}  // namespace tact
