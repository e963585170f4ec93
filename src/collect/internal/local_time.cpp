#include "collect/internal/local_time.h"

#include <date/tz.h>

#include <exception>
#include <string>

#include "base/log.h"

namespace tact::internal {
namespace {

// Null: no such zone, or no tzdata on this machine.
const date::time_zone* look_up(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

const date::time_zone* locate(const std::string& name) {
  const date::time_zone* zone = look_up(name);
  if (zone == nullptr) log_warning("time zone unknown, dayparts will not be: " + name);
  return zone;
}

const date::time_zone* find_zone(std::string_view name) {
  // A site has one zone: remember the last, of each thread. Zones live as long as the program.
  thread_local std::string last_name;
  thread_local const date::time_zone* last = nullptr;
  if (name == last_name) return last;
  last_name = name;
  last = locate(last_name);
  return last;
}

}  // namespace

void prepare_zone(std::string_view name) {
  const date::time_zone* zone = locate(std::string(name));
  if (zone != nullptr) zone->get_info(date::sys_seconds{});  // its rules are read when first asked
}

bool knows_zone(std::string_view name) { return look_up(std::string(name)) != nullptr; }

std::uint16_t local_minute_of_week(Time time, std::string_view zone_name) {
  const date::time_zone* zone = find_zone(zone_name);
  if (zone == nullptr) return 0;
  try {
    const auto local = zone->to_local(std::chrono::floor<std::chrono::seconds>(time));
    const auto day = std::chrono::floor<date::days>(local);
    const auto minute = std::chrono::duration_cast<std::chrono::minutes>(local - day).count();
    const unsigned weekday = date::weekday(day).iso_encoding() - 1;  // Monday = 0
    return static_cast<std::uint16_t>(weekday * 24 * 60 + static_cast<unsigned>(minute) + 1);
  } catch (const std::exception&) {
    return 0;
  }
}

Time end_of_local_day(Time midnight, std::string_view zone_name) {
  const Time next = midnight + days(1);
  const date::time_zone* zone = find_zone(zone_name);
  if (zone == nullptr) return next;
  try {
    // A midnight that the change to summer time leaves out is the moment of the change.
    return zone->to_sys(date::local_time<Duration>(next.time_since_epoch()),
                        date::choose::earliest);
  } catch (const std::exception&) {
    return next;
  }
}

}  // namespace tact::internal
