// Numbers by day, nobody's: how often each moment was shown to people who allowed nothing, how many
// answers were made with consent, and how many events were left out because no person made them.
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
class DailyCounts {
 public:
  Status open(const Store& store);
  // An answer made from a page request alone; `moment` is what it showed, empty for nothing.
  void note_unconsented(Time now, std::string_view moment);
  void note_consented(Time now);  // an answer that was recorded
  // An event of `who`: keys::kBots, kStaff, kPace.
  void note_left_out(Time now, std::string_view who);
  // Puts the rows that changed since, at most once a second unless `now_too`.
  void stage(Batch& batch, bool now_too = false);

 private:
  struct Row {
    std::uint64_t count = 0;
    bool changed = false;
  };
  void note(std::string key);

  std::mutex mutex_;
  std::map<std::string, Row> rows_;  // by key
  bool changed_ = false;
  std::uint64_t day_ = 0;     // of consented_
  Row* consented_ = nullptr;  // its row: every decision counts there
  std::chrono::steady_clock::time_point staged_{};
};

}  // namespace tact
