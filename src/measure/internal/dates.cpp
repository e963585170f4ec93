#include "measure/internal/dates.h"

#include <array>
#include <chrono>

namespace tact::internal {
namespace {

constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::chrono::year_month_day day_of(Time time) {
  return std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time));
}

std::string day_and_month(const std::chrono::year_month_day& day) {
  return std::to_string(static_cast<unsigned>(day.day())) + " " +
         kMonths[static_cast<unsigned>(day.month()) - 1];
}

}  // namespace

std::string say_date(Time time) {
  const auto day = day_of(time);
  return day_and_month(day) + " " + std::to_string(static_cast<int>(day.year()));
}

std::string say_day(Time time) { return day_and_month(day_of(time)); }

std::string say_window(const std::optional<Time>& from, const std::optional<Time>& to) {
  if (!from || !to) return {};
  const auto first = day_of(*from);
  const auto last = day_of(*to);
  if (first == last) return say_date(*to);
  return (first.year() == last.year() ? day_and_month(first) : say_date(*from)) + " to " +
         say_date(*to);
}

}  // namespace tact::internal
