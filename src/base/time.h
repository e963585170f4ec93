// Instants and spans. All of Tact counts milliseconds since the Unix epoch, UTC.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tact {

using Duration = std::chrono::milliseconds;
using Time = std::chrono::time_point<std::chrono::system_clock, Duration>;

constexpr Time time_from_ms(std::int64_t ms) { return Time{Duration{ms}}; }
constexpr std::int64_t to_ms(Time time) { return time.time_since_epoch().count(); }

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""h;
constexpr Duration days(std::int64_t n) {
  return std::chrono::duration_cast<Duration>(std::chrono::hours(24 * n));
}

// RFC 3339 / ISO 8601 with "T" and an offset or Z, e.g. 2026-11-21T10:02:03.123Z; also a bare date
// or epoch milliseconds of 13 digits. Empty if the text is none of these or out of 1970…2200.
std::optional<Time> parse_time(std::string_view text);
std::string format_time(Time time);  // 2026-11-21T10:02:03.123Z

// "90s", "30min", "1h", "2d", "3w" (a number and one unit). Empty if it is not one.
std::optional<Duration> parse_duration(std::string_view text);
std::string format_iso_duration(Duration duration);  // PT2M, P1DT3H: the two largest units
std::string say_duration(Duration duration);         // "2 minutes", "1 day"

// Where the engine gets the time from. The pure core never sees a Clock, only instants.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class WallClock final : public Clock {
 public:
  Time now() const override {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  }
};

}  // namespace tact
