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
// of 0 or at least kSmallCell units in each arm, and of as many people, for simulated units hide
// nobody; atoms never change afterwards. Nor can atoms of one partition be subtracted from those
// of another, of everybody's blocks and a dimension's, or of two dimensions: where atoms of one lie
// within atoms of the other, the rest of these is nobody or at least kSmallCell people in each arm
// (internal/apart.h). As a cell would leave a few that has nearly everybody of some days and nobody
// later, or a country beside its language. A block that would do so waits, and after a while shows
// fewer cells.
//
// Not compared: three partitions at once; a dimension that a model learned (Dimension::learned)
// with others; metrics of some units (Metric::of_some), which have blocks of their own like a
// dimension with one cell. How many are not of these is told, as it is told how many did not reach
// a goal.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "measure/by_day.h"
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
  // As Plan::metrics: everybody's, joined until each arm has nobody or kSmallCell units that the
  // metric counts. Who answers (Metric::asked) comes to be known within the metric's time, so of
  // answers only blocks that are closed are joined.
  std::vector<std::vector<Block>> metrics;
  // As Plan::metrics: the metric's, joined until of each arm nobody or kSmallCell units had
  // something before the exposure (a covariate that is not 0; others add nothing to the sums). An
  // adjusted figure reads these alone.
  std::vector<std::vector<Block>> adjusted;
  std::vector<std::vector<Block>> dimensions;  // as Plan::dimensions
  bool withheld = false;                       // exposures that no block holds
};

// Each count is 0 or at least kSmallCell.
bool may_be_shown(std::span<const std::int64_t> counts);

struct CutOptions {
  Time now{};                // only whole days before it
  bool small_cells = false;  // each day is a block, that of `now` too, and every cell is shown
  // `now` may lie ahead of it: a day that is not over yet is no whole one.
  Time present = Time::max();
  std::stop_token stop;  // dimensions are of no use once it was asked to
};

// Everybody's blocks of a scan that keeps no sums: units by exposure day and arm.
class DayCounts {
 public:
  explicit DayCounts(std::size_t arms) : arms_(arms), none_(2 * arms) {}
  void add(Day day, std::size_t arm, bool simulated);
  void merge(const DayCounts& other);
  std::vector<Block> everybody(const CutOptions& options) const;
  bool all_simulated() const;  // nobody of people; true of nobody at all

 private:
  std::size_t arms_;
  std::vector<std::int64_t> none_;
  ByDay<std::vector<std::int64_t>> days_;  // units of each arm, then people of each arm
};

// O(days * cells * arms), and of each two dimensions O(cells^2 * arms) for each day since blocks of
// both ended at once, at each end of one.
Cut cut_small_cells(const Sums& sums, const Plan& plan, const CutOptions& options);

// Is the metric's window over for everybody exposed in the block?
bool is_closed(const Block& block, const Metric& metric, Time now);

}  // namespace tact
