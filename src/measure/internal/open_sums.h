// Sums of the primary metric by value, exposure day and arm, of dimensions whose values nobody
// knows before the rows are read (open_cells.h): one scan finds the values and sums their units.
// When it is over, and it is known which values have a cell, each goes where it belongs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "measure/internal/open_cells.h"
#include "measure/sums.h"

namespace tact::internal {

// Values of several dimensions, numbered in the order in which they were met. Open addressing: a
// value asked for is nearly always there, and one of few.
class ValueIndex {
 public:
  struct Value {
    std::string text;
    std::size_t dimension = 0;
  };
  std::size_t number_of(std::size_t dimension, std::string_view text);  // amortised O(its size)
  const std::vector<Value>& values() const { return values_; }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t next = 0;  // number + 1; 0: free
  };
  void grow();
  std::vector<Slot> slots_ = std::vector<Slot>(64);  // a power of two, at most half full
  std::vector<Value> values_;
};

class alignas(64) OpenSums {  // as Sums, for the same reason
 public:
  // The plan must outlive it. `most_bytes`: about what its sums may take.
  static constexpr std::size_t kMostBytes = 96u << 20;
  OpenSums(const Plan& plan, std::size_t dimensions, std::size_t most_bytes = kMostBytes);

  // A unit that Sums::add() counted; facts.open has a value for each dimension, "" for none.
  // False: there are too many values and days, and what is here is of no use.
  bool add(const UnitFacts& facts);

  // Which values get a cell, of both threads of a scan together.
  static OpenCells name(const OpenSums& first, const OpenSums& second, std::size_t dimension,
                        Naming how);
  // Adds the units of a dimension to the cells of one of those of the sums' plan.
  void put(std::size_t dimension, const OpenCells& cells, std::size_t planned, Sums& into) const;

 private:
  GroupSums* day_for(Day day);  // null: that would be too much
  bool has_room(GroupSums& day, std::size_t groups);
  bool take(std::size_t bytes);
  void count_values(std::size_t dimension, OpenValues& into) const;

  const Plan* plan_;
  std::size_t dimensions_, arms_;
  std::size_t left_;  // bytes that may still be taken
  ValueIndex index_;
  Day first_ = 0;
  std::vector<std::unique_ptr<GroupSums>> days_;  // [value * arms + arm], of those met on that day
};

}  // namespace tact::internal
