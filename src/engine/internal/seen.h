// Which messages of a visitor were stored: clients retry, and a retry must count once.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "base/bytes.h"
#include "base/time.h"

namespace tact {

inline constexpr std::uint64_t kSeenMessages = 1000;  // dedupe looks at the last so many …
inline constexpr Duration kSeenAge = days(30);        // … and no older ones

struct SeenMessage {
  std::uint64_t number = 0;  // Core::seen_next when it came
  Time at{};
  bool operator==(const SeenMessage&) const = default;

  std::string encode() const {
    ByteWriter row;
    row.varint(number);
    row.time(at);
    return row.take();
  }
};

// Part of the fold's state: the same records leave the same rows.
class SeenMessages {
 public:
  bool contains(std::uint64_t message, std::uint64_t seen_next, Time now) const {
    const auto found = rows_.find(message);
    return found != rows_.end() && found->second.number + kSeenMessages > seen_next &&
           now - found->second.at <= kSeenAge;
  }

  // Adds a message; calls forget(hash) for every row that can no longer matter (looked for only now
  // and then, at fixed numbers, so that a replay forgets at the same places).
  template <typename Forget>
  void note(std::uint64_t message, SeenMessage seen, Forget forget) {
    rows_[message] = seen;
    if (seen.number % (kSeenMessages / 4) != 0) return;
    for (auto row = rows_.begin(); row != rows_.end();) {
      if (row->second.number + kSeenMessages <= seen.number ||
          seen.at - row->second.at > kSeenAge) {
        forget(row->first);
        row = rows_.erase(row);
      } else {
        ++row;
      }
    }
  }

  void restore(std::uint64_t message, SeenMessage seen) { rows_[message] = seen; }
  const std::unordered_map<std::uint64_t, SeenMessage>& rows() const { return rows_; }

 private:
  std::unordered_map<std::uint64_t, SeenMessage> rows_;  // by hash64(messageId)
};

}  // namespace tact
