// Dimensions whose values nobody knows before the rows are read: regions, page types, intents,
// stages. Which of them get a cell of their own, and from which exposure day on; all else is
// "other".
//
// A value is named on the first day by whose end so many units had it, and its cell holds the
// units of that day and of later ones. Of more than kMostNamed values the first to get there are
// named, of one day the most frequent, of as many the one that sorts first. What a day settles, no
// later day changes: a value that becomes known does not take units out of "other" that a report
// counted there before, so that no two reports can be subtracted (cut.h).
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "measure/cut.h"
#include "measure/sums.h"

namespace tact::internal {

inline constexpr std::size_t kMostNamed = 15;  // of one dimension, beside "other"
inline constexpr std::string_view kOtherCell = "other";
// A dimension with more values than that has no cells at all: it is counted no further.
inline constexpr std::size_t kMostValues = 100'000;

// By text, and asked for by a view of one.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};
template <typename T>
using ByText = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

class OpenCells {
 public:
  struct Named {
    std::string value;
    Day from = 0;  // the first exposure day of its cell
  };
  // `named` in the order of cells. Not `any`: nobody has a value, there are no cells.
  OpenCells() = default;
  OpenCells(std::vector<Named> named, bool any);

  std::vector<std::string> names() const;                       // of the cells, "other" last
  std::int32_t cell_of(std::string_view value, Day day) const;  // -1: no value, or no cells

 private:
  std::vector<Named> named_;
  ByText<std::int32_t> by_value_;
  bool any_ = false;
};

struct Naming {
  std::int64_t least = kSmallCell;  // units that name a value; 1 where small cells may be shown
  Day end = std::numeric_limits<Day>::max();  // the first day that is not over, and names nobody
};

// Units by value and exposure day.
class OpenValues {
 public:
  void add(std::string_view value, Day day, std::int64_t units = 1);  // an empty one is none
  void merge(const OpenValues& other);
  OpenCells name(Naming how) const;

 private:
  ByText<ByDay<std::int64_t>> values_;
};

}  // namespace tact::internal
