#include "measure/histories.h"

#include <algorithm>
#include <tuple>

namespace tact {
namespace {

auto history(const HistorySums::Entry& entry) {
  return std::tie(entry.orders, entry.first, entry.last);
}

}  // namespace

bool is_possible(const HistoryFacts& facts) {
  if (facts.orders == 0) return facts.first == 0 && facts.last == 0;
  return facts.orders > 0 && facts.first >= 0 && facts.last < kMostHistoryDays &&
         facts.orders <= facts.last - facts.first + 1 &&
         (facts.orders > 1) == (facts.last > facts.first);
}

void HistorySums::add_entry(const HistoryFacts& facts) {
  const WideSum value = facts.value;
  entries_.push_back(
      {facts.orders, facts.first, facts.last, 1, facts.value == 0 ? 0 : 1, value, value * value});
  compact_if_large();
}

void HistorySums::compact_if_large() {
  if (entries_.size() < compact_at_) return;
  compact(entries_);
  compact_at_ = std::max<std::size_t>(64, 2 * entries_.size());
}

void HistorySums::compact(std::vector<Entry>& entries) {
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return history(a) < history(b); });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < entries.size(); ++i) {
    Entry& into = entries[kept];
    const Entry& entry = entries[i];
    if (history(into) != history(entry)) {
      entries[++kept] = entry;
      continue;
    }
    into.customers += entry.customers;
    into.nonzero += entry.nonzero;
    into.value += entry.value;
    into.value_squares += entry.value_squares;
  }
  if (!entries.empty()) entries.resize(kept + 1);
}

HistorySums& HistorySums::operator+=(const HistorySums& other) {
  units_ += other.units_;
  entries_.insert(entries_.end(), other.entries_.begin(), other.entries_.end());
  compact_if_large();
  return *this;
}

bool HistorySums::operator==(const HistorySums& other) const {
  return units_ == other.units_ && entries() == other.entries();
}

std::vector<HistorySums::Entry> HistorySums::entries() const {
  std::vector<Entry> all = entries_;
  compact(all);
  return all;
}

}  // namespace tact
