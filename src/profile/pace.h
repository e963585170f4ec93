// Faster than a person can look: a program, whatever it calls itself.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/time.h"

namespace tact {

// More than kPacePages page views within kPaceWindow, in event time: a person who restores a window
// full of tabs stays below. Counting begins anew with the first page view after the window, so that
// a run over its end may go unseen, unless it is of more than twice as many.
inline constexpr Duration kPaceWindow{10'000};
inline constexpr std::uint32_t kPacePages = 30;
// Without an event for so long it is over: a device may have got another user, a bug been mended.
inline constexpr Duration kPaceRest{30 * 60'000};

// Part of the fold's state: the same events in the same order give the same answer.
struct Pace {
  Time from{};              // of the first page view counted
  std::uint32_t pages = 0;  // since then
  Time broken{};            // latest event since there were too many; epoch = there were not
  bool operator==(const Pace&) const = default;

  // To be called for every event. A late one (before `from`) is not counted.
  void note(Time at, bool is_page);
  // Is what happens `at` too fast for a person?
  bool is_broken(Time at) const { return broken != Time{} && at <= broken + kPaceRest; }
  void merge(const Pace& other);

  void encode(ByteWriter& out) const;
  static Pace decode(ByteReader& in);
};

}  // namespace tact
