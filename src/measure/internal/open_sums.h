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

// Texts numbered in the order in which they were met. Open addressing: a text asked for is nearly
// always there, and one of few.
class ValueIndex {
 public:
  std::size_t number_of(std::string_view text);  // amortised O(size of the text)
  std::size_t size() const { return texts_.size(); }
  const std::string& text(std::size_t number) const { return texts_[number]; }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t next = 0;  // number + 1; 0: free
  };
  void grow();
  std::vector<Slot> slots_ = std::vector<Slot>(64);  // a power of two, at most half full
  std::vector<std::string> texts_;
};

class OpenSums {
 public:
  // The plan must outlive it. `most_bytes`: about what its sums may take.
  static constexpr std::size_t kMostBytes = 96u << 20;
  OpenSums(const Plan& plan, std::size_t dimensions, std::size_t most_bytes = kMostBytes);

  // A unit that Sums::add() counted; facts.open has a value for each dimension, "" for none.
  // False: there are too many values and days, and what is here is of no use.
  bool add(const UnitFacts& facts);

  // Which values get a cell, of both halves of a scan together; `least` as OpenValues::name().
  static OpenCells name(const OpenSums& first, const OpenSums& second, std::size_t dimension,
                        std::int64_t least);
  // Adds the units to the cells of a dimension of the sums' plan.
  void put(std::size_t dimension, const OpenCells& cells, std::size_t planned, Sums& into) const;

 private:
  struct Group {  // of one arm
    MetricSums primary;
    Count count;
  };
  struct Value {
    Day first = 0;
    std::vector<std::unique_ptr<Group[]>> days;  // from the first on, by arm; null: nobody
  };
  struct Dimension {
    ValueIndex index;
    std::vector<Value> values;
  };
  bool may_take(std::size_t bytes);
  bool has_place(Value& value, Day day);  // makes one for the day; false: that would be too much
  Group* groups_of(Value& value, Day day);
  void count_values(std::size_t dimension, OpenValues& into) const;

  const Plan* plan_;
  std::size_t arms_, left_;  // bytes that may still be taken
  std::vector<Dimension> dimensions_;
};

}  // namespace tact::internal
