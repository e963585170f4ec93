// Which messages of a visitor were stored: clients retry, and a retry must count once.
#pragma once

#include <boost/container/flat_map.hpp>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace tact {

inline constexpr std::uint64_t kSeenMessages = 1000;  // dedupe looks at the last so many …
inline constexpr Duration kSeenAge = days(30);        // … and no older ones

struct SeenMessage {
  std::uint64_t number = 0;  // Core::seen_next when it came
  Time at{};
};

// Follows from the visitor's history alone, so it is kept in memory only.
class SeenMessages {
 public:
  // Of a visitor who had noted `seen_next` messages by `now`. Reads their records from the newest
  // back, until one no longer matters.
  static Result<SeenMessages> load(const Store& store, const VisitorId& visitor,
                                   std::uint64_t seen_next, Time now);

  bool contains(std::uint64_t message, std::uint64_t seen_next, Time now) const {
    const auto found = by_hash_.find(message);
    return found != by_hash_.end() && matters(found->second, seen_next, now);
  }
  // Forgets now and then what no longer matters.
  void note(std::uint64_t message, SeenMessage seen);

 private:
  static bool matters(const SeenMessage& seen, std::uint64_t seen_next, Time now) {
    return seen.number + kSeenMessages >= seen_next && now - seen.at <= kSeenAge;
  }

  using Rows = std::vector<std::pair<std::uint64_t, SeenMessage>>;
  boost::container::flat_map<std::uint64_t, SeenMessage, std::less<>, Rows>
      by_hash_;  // messageId's
};

}  // namespace tact
