#include "measure/internal/dates.h"

#include <date/tz.h>

#include <array>
#include <exception>

namespace tact::internal {
namespace {

constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

date::year_month_day local_day(Time time, const std::string& zone) {
  try {
    const auto local =
        date::locate_zone(zone)->to_local(std::chrono::floor<std::chrono::seconds>(time));
    return date::year_month_day(std::chrono::floor<date::days>(local));
  } catch (const std::exception&) {  // no such zone, or no tzdata on this machine
    return date::year_month_day(std::chrono::floor<date::days>(time));
  }
}

std::string day_and_month(const date::year_month_day& day) {
  return std::to_string(static_cast<unsigned>(day.day())) + " " +
         kMonths[static_cast<unsigned>(day.month()) - 1];
}

std::string year_of(const date::year_month_day& day) {
  return std::to_string(static_cast<int>(day.year()));
}

}  // namespace

std::string say_date(Time time, const std::string& zone) {
  const auto day = local_day(time, zone);
  return day_and_month(day) + " " + year_of(day);
}

std::string say_window(const std::optional<Time>& from, const std::optional<Time>& to,
                       const std::string& zone) {
  if (!from || !to) return {};
  const auto first = local_day(*from, zone);
  const auto last = local_day(*to, zone);
  if (first == last) return say_date(*to, zone);
  const std::string start =
      first.year() == last.year() ? day_and_month(first) : say_date(*from, zone);
  return start + " to " + say_date(*to, zone);
}

}  // namespace tact::internal
