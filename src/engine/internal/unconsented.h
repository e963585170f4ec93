// How often each moment was shown to people who allowed nothing: numbers by day, nobody's.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace tact {

// Concurrency: any thread. A crash loses the counts of the last second.
class UnconsentedCounts {
 public:
  Status open(const Store& store);
  // An answer made from a page request alone; `moment` is what it showed, empty for nothing.
  void note(Time now, std::string_view moment);
  // Puts the rows that changed since, at most once a second unless `now_too`.
  void stage(Batch& batch, bool now_too = false);

 private:
  struct Row {
    std::uint64_t answers = 0;
    bool changed = false;
  };
  std::mutex mutex_;
  std::map<std::string, Row> rows_;  // by key
  bool changed_ = false;
  std::chrono::steady_clock::time_point staged_{};
};

}  // namespace tact
