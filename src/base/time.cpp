#include "base/time.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace tact {
namespace {

constexpr std::int64_t kMaxMs = 7258118400000;  // 2200-01-01

bool read_digits(std::string_view& text, int count, int& out) {
  if (static_cast<int>(text.size()) < count) return false;
  out = 0;
  for (int i = 0; i < count; ++i) {
    const char c = text[static_cast<std::size_t>(i)];
    if (c < '0' || c > '9') return false;
    out = out * 10 + (c - '0');
  }
  text.remove_prefix(static_cast<std::size_t>(count));
  return true;
}

bool skip(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// Milliseconds of a fraction ".123456"; false if a dot has no digits behind it.
bool read_fraction(std::string_view& text, int& ms) {
  ms = 0;
  if (text.empty() || (text.front() != '.' && text.front() != ',')) return true;
  text.remove_prefix(1);
  int scale = 100;
  int digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    ms += (text.front() - '0') * scale;
    scale /= 10;
    text.remove_prefix(1);
    ++digits;
  }
  return digits > 0;
}

// Minutes east of UTC; false if there is no offset.
bool read_offset(std::string_view& text, int& minutes) {
  minutes = 0;
  if (skip(text, 'Z') || skip(text, 'z')) return text.empty();
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return false;
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  int hours = 0;
  int rest = 0;
  if (!read_digits(text, 2, hours)) return false;
  skip(text, ':');
  if (!text.empty() && !read_digits(text, 2, rest)) return false;
  minutes = sign * (hours * 60 + rest);
  return text.empty() && hours < 24 && rest < 60;
}

std::optional<Time> in_range(std::int64_t ms) {
  if (ms < 0 || ms >= kMaxMs) return std::nullopt;
  return time_from_ms(ms);
}

struct Unit {
  const char* name;
  std::int64_t ms;
  char letter;
  bool in_time_part;
};
constexpr std::array<Unit, 4> kUnits = {{{"day", 86'400'000, 'D', false},
                                         {"hour", 3'600'000, 'H', true},
                                         {"minute", 60'000, 'M', true},
                                         {"second", 1'000, 'S', true}}};

}  // namespace

std::optional<Time> parse_time(std::string_view text) {
  if (text.size() == 13 && text.find_first_not_of("0123456789") == std::string_view::npos) {
    std::int64_t ms = 0;
    std::from_chars(text.data(), text.data() + text.size(), ms);
    return in_range(ms);
  }
  int year = 0, month = 0, day = 0;
  if (!read_digits(text, 4, year) || !skip(text, '-') || !read_digits(text, 2, month) ||
      !skip(text, '-') || !read_digits(text, 2, day)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t midnight =
      std::chrono::duration_cast<Duration>(std::chrono::sys_days(date).time_since_epoch()).count();
  if (text.empty()) return in_range(midnight);
  if (!skip(text, 'T') && !skip(text, 't') && !skip(text, ' ')) return std::nullopt;
  int hour = 0, minute = 0, second = 0, ms = 0, offset = 0;
  if (!read_digits(text, 2, hour) || !skip(text, ':') || !read_digits(text, 2, minute)) {
    return std::nullopt;
  }
  if (skip(text, ':') && (!read_digits(text, 2, second) || !read_fraction(text, ms))) {
    return std::nullopt;
  }
  if (hour > 23 || minute > 59 || second > 60 || !read_offset(text, offset)) return std::nullopt;
  return in_range(midnight + ((hour * 60 + minute - offset) * 60LL + second) * 1000 + ms);
}

std::string format_time(Time time) {
  const auto day_point = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day_point};
  const std::chrono::hh_mm_ss clock{time - day_point};
  std::array<char, 40> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return buffer.data();
}

std::optional<Duration> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0 || number > 100'000) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit == "ms") return Duration{number};
  if (unit == "s") return Duration{number * 1000};
  if (unit == "min") return Duration{number * 60'000};
  if (unit == "h") return Duration{number * 3'600'000};
  if (unit == "d") return Duration{number * 86'400'000};
  if (unit == "w") return Duration{number * 7 * 86'400'000};
  return std::nullopt;
}

std::string format_iso_duration(Duration duration) {
  std::int64_t rest = duration.count() < 0 ? 0 : duration.count();
  std::string out = "P";
  int units = 0;
  bool time_part = false;
  for (const Unit& unit : kUnits) {
    const std::int64_t n = rest / unit.ms;
    if (n == 0 || units == 2) continue;
    if (unit.in_time_part && !time_part) {
      out += 'T';
      time_part = true;
    }
    out += std::to_string(n) + unit.letter;
    rest -= n * unit.ms;
    ++units;
  }
  return units == 0 ? "PT0S" : out;
}

std::string say_duration(Duration duration) {
  for (const Unit& unit : kUnits) {
    const std::int64_t n = duration.count() / unit.ms;
    if (n >= 1) return std::to_string(n) + " " + unit.name + (n == 1 ? "" : "s");
  }
  return "less than a second";
}

}  // namespace tact
