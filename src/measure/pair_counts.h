// How many people are in each pair of cells of two dimensions: what the rule of small cells needs
// to know, so that figures of two dimensions cannot be subtracted either (cut.h).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "measure/set_map.h"

namespace tact {

// Where the counts of a plan's pairs are. A cell has a row, and in it a column for each cell and
// arm of the dimensions behind its own; both are told by groups of the plan's sets.
class PairMap {
 public:
  explicit PairMap(SetMap sets);
  const SetMap& sets() const { return sets_; }
  std::size_t size() const { return size_; }
  // Plus a group of a dimension behind it and of the same arm, modulo 2^32: where both are counted.
  std::uint32_t row(std::uint32_t group) const { return rows_[group]; }

 private:
  SetMap sets_;
  std::vector<std::uint32_t> rows_;  // of each group: where group 0's column would be
  std::size_t size_ = 0;
};

// Of one exposure day. Few people are kept one by one, which takes less room.
class PairDay {
 public:
  // Who has these cells (-1: none of a dimension's), and so is in these groups, one of each
  // dimension; all are of the map's plan.
  void add(const PairMap& map, std::uint32_t arm, std::span<const std::int32_t> cells,
           std::span<const std::uint32_t> groups) {
    if (counts_.empty()) return keep(map, arm, cells);
    std::uint32_t* const counts = counts_.data();
    for (std::size_t d = 0; d + 1 < groups.size(); ++d) {
      const std::uint32_t row = map.row(groups[d]);
      for (std::size_t e = d + 1; e < groups.size(); ++e) ++counts[row + groups[e]];
    }
  }
  void merge(const PairMap& map, const PairDay& other);
  // Adds the people of an arm to `into`, [cell of one][cell of the other]; one != other.
  void put(const PairMap& map, std::size_t one, std::size_t other, std::size_t arm,
           std::span<std::int64_t> into) const;
  std::size_t bytes() const { return kept_.size() + counts_.size() * sizeof(std::uint32_t); }

 private:
  static std::size_t room(const PairMap& map);  // bytes, for people kept one by one
  void keep(const PairMap& map, std::uint32_t arm, std::span<const std::int32_t> cells);
  void count_kept(const PairMap& map);

  std::vector<std::uint8_t> kept_;     // of each: arm, places; none once there are counts
  std::vector<std::uint32_t> counts_;  // empty, or map.size()
};

}  // namespace tact
