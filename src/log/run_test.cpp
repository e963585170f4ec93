// One order row for records of one visitor that follow each other.
#include <gtest/gtest.h>

#include "base/rng.h"
#include "log/log_test_util.h"

namespace tact {
namespace {

using Live = std::vector<std::pair<Offset, VisitorId>>;

int order_rows(const LogFixture& log) {
  int rows = 0;
  EXPECT_TRUE(log.store
                  ->scan(Family::kOrder, keys::order_prefix(kTestPartition), {},
                         [&rows](std::string_view, std::string_view) { return ++rows > 0; })
                  .has_value());
  return rows;
}

Live read_from(const LogFixture& log, Offset from) {
  Live seen;
  EXPECT_TRUE(read_partition(*log.store, kTestPartition, from,
                             [&seen](const VisitorId& who, Offset offset, const Record&) {
                               seen.emplace_back(offset, who);
                               return true;
                             })
                  .has_value());
  return seen;
}

// Looked up and read from each offset on, the order says what is live.
void expect_order(const LogFixture& log, const Live& live, std::uint64_t last) {
  auto next = live.begin();
  for (std::uint64_t offset = 1; offset <= last; ++offset) {
    EXPECT_EQ(read_from(log, Offset{offset}), Live(next, live.end())) << offset;
    const auto who = visitor_at(*log.store, kTestPartition, Offset{offset});
    if (next != live.end() && next->first == Offset{offset}) {
      EXPECT_EQ(who.value(), next->second) << offset;
      ++next;
    } else {
      EXPECT_EQ(who.error().code, ErrorCode::kNotFound) << offset;
    }
  }
  const auto check = check_partition(*log.store, kTestPartition);
  ASSERT_TRUE(check.has_value()) << check.error().to_text();
  EXPECT_TRUE(check->agrees) << check->problem;
}

TEST(Run, ACommitsRecordsOfOneVisitorShareARow) {
  LogFixture log;
  Live live;
  for (const std::uint8_t who : {1, 1, 1, 2, 1, 1}) {
    live.emplace_back(log.append(visitor(who), 5), visitor(who));
  }
  log.commit();
  EXPECT_EQ(order_rows(log), 3);
  live.emplace_back(log.append(visitor(1), 6), visitor(1));  // what is committed stays as it is
  log.commit();
  EXPECT_EQ(order_rows(log), 4);
  expect_order(log, live, 7);
  log.reopen();
  EXPECT_EQ(log.log.next_offset().value, 8U);
  expect_order(log, live, 7);
}

TEST(Run, IsNoLongerThanALookupGoesBack) {
  LogFixture log;
  Live live;
  for (std::uint64_t i = 0; i < 2 * internal::kMaxRun + 3; ++i) {
    live.emplace_back(log.append(visitor(1), 5), visitor(1));
  }
  log.commit();
  EXPECT_EQ(order_rows(log), 3);
  expect_order(log, live, live.size());
}

TEST(Run, ARecordCanLeaveAnywhere) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Rng rng(seed);
    LogFixture log;
    Live live;
    for (std::uint64_t i = 0; i < 24; ++i) {
      const VisitorId who = visitor(static_cast<std::uint8_t>(rng.below(4) / 3));
      live.emplace_back(log.append(who, 5), who);
      if (rng.chance(0.1)) log.commit();
    }
    log.commit();
    for (int i = 0; i < 12; ++i) {
      const auto at = live.begin() + static_cast<std::ptrdiff_t>(rng.below(live.size()));
      log.remove(at->second, at->first);
      live.erase(at);
      log.commit();
    }
    expect_order(log, live, 24);
  }
}

TEST(Run, WhatIsNotInTheOrderCannotBeRemoved) {
  LogFixture log;
  log.append(visitor(1), 5);
  log.commit();
  Batch batch;
  const PartitionState before = log.log.state();
  EXPECT_EQ(log.log.remove(*log.store, visitor(1), Offset{2}, "", batch).error().code,
            ErrorCode::kNotFound);
  EXPECT_TRUE(batch.empty());
  EXPECT_EQ(log.log.state(), before);
}

TEST(Run, ADamagedRowIsCorruptWhereverItIsMet) {
  const std::string who = keys::history_prefix(visitor(1));
  std::string elsewhere = who;  // of another partition
  elsewhere[0] = static_cast<char>(elsewhere[0] ^ 1);
  for (const std::string& damaged : {elsewhere, who + '\0', who + '\1', who + '\x11', who + '\xFF',
                                     who + "\2\2", who.substr(1)}) {
    LogFixture log;
    log.append(visitor(1), 5);
    log.append(visitor(1), 5);
    log.commit();
    log.put(Family::kOrder, keys::order(kTestPartition, Offset{1}), damaged);
    EXPECT_EQ(visitor_at(*log.store, kTestPartition, Offset{2}).error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(read_partition(*log.store, kTestPartition, Offset{2},
                             [](const VisitorId&, Offset, const Record&) { return true; })
                  .error()
                  .code,
              ErrorCode::kCorrupt);
    EXPECT_EQ(check_partition(*log.store, kTestPartition)->problem, "an order row is damaged");
  }
}

TEST(Run, OfAWrongLengthIsFound) {
  const std::string who = keys::history_prefix(visitor(1));
  for (const auto& [value, problem] :
       {std::pair(who, "the order names 2 records, there are 3"),
        std::pair(who + '\3', "the order names 4 records, there are 3")}) {
    LogFixture log;
    log.append(visitor(1), 5);
    log.append(visitor(1), 5);
    log.append(visitor(2), 5);
    log.commit();
    log.put(Family::kOrder, keys::order(kTestPartition, Offset{1}), value);
    EXPECT_EQ(check_partition(*log.store, kTestPartition)->problem, problem);
  }
}

}  // namespace
}  // namespace tact
