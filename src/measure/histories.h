// When the customers among an arm's units bought, and what they spent: all that a forecast of their
// value reads. A table of counts, mergeable and exact, so that no report goes back to histories.
#pragma once

#include <cstdint>
#include <vector>

namespace tact {

__extension__ using WideSum = __int128;  // of GCC and Clang

// One unit's orders, all units alike followed for Plan::lifetime's days. Days are whole ones from
// the exposure, several orders of one day are one.
struct HistoryFacts {
  bool counts = false;               // followed that long
  std::int32_t orders = 0;           // days with an order, <= kMostHistoryDays
  std::int32_t first = 0, last = 0;  // of those days; 0 without one
  std::int64_t value = 0;            // in the plan's minor unit, |value| <= kLargestFact
};
inline constexpr std::int32_t kMostHistoryDays = 1'000;

// 0 <= first <= last < kMostHistoryDays, as many days as they hold at most.
bool is_possible(const HistoryFacts& facts);

class HistorySums {
 public:
  struct Entry {  // customers alike
    std::int32_t orders = 0, first = 0, last = 0;
    std::int64_t customers = 0;
    std::int64_t nonzero = 0;  // of them, whose value is not 0
    WideSum value = 0, value_squares = 0;
    bool operator==(const Entry&) const = default;
  };

  // A possible one, or it is not counted. Amortised O(log entries) for who ordered, else O(1).
  void add(const HistoryFacts& facts) {
    if (!facts.counts) return;
    ++units_;
    if (facts.orders > 0 || facts.value != 0) add_entry(facts);
  }
  HistorySums& operator+=(const HistorySums& other);
  bool operator==(const HistorySums& other) const;

  std::int64_t units() const { return units_; }  // customers or not
  // By orders, first, last, each history once. Of units without an order, one at most: of those
  // whose value is not 0. Never more entries than customers, 80 bytes each.
  std::vector<Entry> entries() const;

 private:
  void add_entry(const HistoryFacts& facts);
  void compact_if_large();
  static void compact(std::vector<Entry>& entries);
  std::int64_t units_ = 0;
  std::vector<Entry> entries_;   // a history may be there twice until compacted
  std::size_t compact_at_ = 64;  // entries
};

}  // namespace tact
