// Something of each exposure day, of few days or of years. A day asked for is nearly always there,
// and then its place is the first guess.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace tact {

using Day = std::int32_t;  // since 1970-01-01, UTC

template <typename T>
class ByDay {
 public:
  using Entry = std::pair<Day, T>;
  // A new day gets `fresh`. O(1) if every day between the first and this one is there; otherwise
  // O(log days), or O(days) for a new one.
  T& at(Day day, const T& fresh = {}) {
    if (!days_.empty()) {
      const auto guess = static_cast<std::int64_t>(day) - days_.front().first;
      if (guess >= 0 && guess < static_cast<std::int64_t>(days_.size())) {
        Entry& entry = days_[static_cast<std::size_t>(guess)];
        if (entry.first == day) return entry.second;
      }
    }
    auto place = lower_bound(days_, day);
    if (place == days_.end() || place->first != day) place = days_.insert(place, {day, fresh});
    return place->second;
  }
  const T* find(Day day) const {  // null: nothing
    const auto place = lower_bound(days_, day);
    return place != days_.end() && place->first == day ? &place->second : nullptr;
  }
  bool empty() const { return days_.empty(); }
  auto begin() const { return days_.begin(); }  // in order of days
  auto end() const { return days_.end(); }
  const Entry& front() const { return days_.front(); }
  const Entry& back() const { return days_.back(); }

 private:
  template <typename Days>
  static auto lower_bound(Days& days, Day day) {
    return std::lower_bound(days.begin(), days.end(), day,
                            [](const Entry& entry, Day than) { return entry.first < than; });
  }
  std::vector<Entry> days_;
};

}  // namespace tact
