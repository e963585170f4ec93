// The sets of a plan's units that are summed, and where their sums are: everybody first, then the
// cells of each dimension in order, each dimension with one more for those who are in none.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "measure/plan.h"

namespace tact {

class SetMap {
 public:
  explicit SetMap(const Plan& plan);
  std::uint32_t sets() const { return sets_; }
  std::uint32_t arms() const { return arms_; }
  std::size_t dimensions() const { return dimensions_.size(); }
  // Of a dimension, with the one for those in none, which is the last.
  std::uint32_t cells(std::size_t dimension) const { return dimensions_[dimension].none + 1; }
  std::uint32_t place(std::size_t dimension, std::int32_t cell) const {  // -1: in none
    return std::min(static_cast<std::uint32_t>(cell), dimensions_[dimension].none);
  }
  std::uint32_t of_place(std::size_t dimension, std::size_t place) const {
    return dimensions_[dimension].first + static_cast<std::uint32_t>(place);
  }
  std::uint32_t of_cell(std::size_t dimension, std::int32_t cell) const {  // -1: in none
    return of_place(dimension, place(dimension, cell));
  }
  // A set's units of one arm.
  std::uint32_t group(std::uint32_t set, std::uint32_t arm) const { return set * arms_ + arm; }
  // A unit's groups to `groups`, that has one more than there are dimensions: everybody comes
  // first. False: a cell that is not planned. -1 is: none of them.
  bool groups_of(std::uint32_t arm, std::span<const std::int32_t> cells,
                 std::span<std::uint32_t> groups) const {
    groups[0] = arm;
    bool planned = true;
    for (std::size_t d = 0; d < cells.size(); ++d) {
      const Cells known = dimensions_[d];
      const auto cell = static_cast<std::uint32_t>(cells[d]);
      planned = planned && cell + 1 <= known.none;
      groups[d + 1] = (known.first + std::min(cell, known.none)) * arms_ + arm;
    }
    return planned;
  }

 private:
  std::uint32_t sets_ = 1, arms_ = 0;
  struct Cells {
    std::uint32_t first = 0, none = 0;  // the set of the first; how many are before that for none
  };
  std::vector<Cells> dimensions_;
};

}  // namespace tact
