#include "collect/internal/local_time.h"

#include <gtest/gtest.h>

namespace tact::internal {
namespace {

int minute(std::string_view time, std::string_view zone) {
  return local_minute_of_week(*parse_time(time), zone);
}

TEST(LocalTime, CountsFromMondayMidnightPlusOne) {
  EXPECT_EQ(minute("2026-11-16T00:00:00Z", "UTC"), 1);
  EXPECT_EQ(minute("2026-11-16T00:00:59.999Z", "UTC"), 1);
  EXPECT_EQ(minute("2026-11-22T23:59:00Z", "UTC"), 10'080);
  EXPECT_EQ(minute("2026-11-15T23:00:00Z", "Europe/Berlin"), 1);
}

TEST(LocalTime, FollowsSummerTime) {
  EXPECT_EQ(minute("2026-07-06T10:00:00Z", "Europe/Berlin"), 12 * 60 + 1);
  EXPECT_EQ(minute("2026-01-05T10:00:00Z", "Europe/Berlin"), 11 * 60 + 1);
  // The hour that is there twice: 2026-10-25 02:30, Sunday, before and after the change.
  EXPECT_EQ(minute("2026-10-25T00:30:00Z", "Europe/Berlin"),
            minute("2026-10-25T01:30:00Z", "Europe/Berlin"));
  // The hour that is not: 01:59 is followed by 03:00 on 2026-03-29.
  EXPECT_EQ(minute("2026-03-29T01:00:00Z", "Europe/Berlin") -
                minute("2026-03-29T00:59:00Z", "Europe/Berlin"),
            61);
}

TEST(LocalTime, KnowsZonesOfPartsOfAnHourAndAcrossTheDateLine) {
  EXPECT_EQ(minute("2026-11-16T00:00:00Z", "Asia/Kathmandu"), 5 * 60 + 45 + 1);
  EXPECT_EQ(minute("2026-11-15T12:00:00Z", "Pacific/Auckland"), 60 + 1);
}

std::string end_of(std::string_view day, std::string_view zone) {
  return format_time(end_of_local_day(*parse_time(day), zone));
}

TEST(LocalTime, ADayEndsAtMidnightOfItsZone) {
  EXPECT_EQ(end_of("2026-11-24", "UTC"), "2026-11-25T00:00:00.000Z");
  EXPECT_EQ(end_of("2026-11-24", "Europe/Berlin"), "2026-11-24T23:00:00.000Z");
  EXPECT_EQ(end_of("2026-07-06", "America/New_York"), "2026-07-07T04:00:00.000Z");
  EXPECT_EQ(end_of("2026-11-24", "Nowhere/Town"), "2026-11-25T00:00:00.000Z");
  // Of 23 and of 25 hours.
  EXPECT_EQ(end_of("2026-03-29", "Europe/Berlin"), "2026-03-29T22:00:00.000Z");
  EXPECT_EQ(end_of("2026-10-25", "Europe/Berlin"), "2026-10-25T23:00:00.000Z");
  // Midnight is not there: at 00:00 of the 6th it is 01:00 in Santiago.
  EXPECT_EQ(end_of("2026-09-05", "America/Santiago"), "2026-09-06T04:00:00.000Z");
}

TEST(LocalTime, AnInvalidZoneIsUnknown) {
  for (const std::string_view zone : {"", "Nowhere/Town", "../etc/passwd", "Europe"}) {
    EXPECT_EQ(minute("2026-11-16T00:00:00Z", zone), 0) << zone;
  }
  EXPECT_EQ(minute("2026-11-16T00:00:00Z", "UTC"), 1);  // the cache forgets the bad one
}

}  // namespace
}  // namespace tact::internal
