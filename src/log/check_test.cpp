#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "event/codec.h"
#include "log/log.h"
#include "log/log_test_util.h"

namespace tact {
namespace {

struct Filled : LogFixture {
  Filled() {
    for (int i = 1; i <= 20; ++i) append(visitor(static_cast<std::uint8_t>(i % 3)), i);
    commit();
  }
  std::string problem() {
    const auto check = check_partition(*store, kTestPartition);
    EXPECT_TRUE(check.has_value()) << check.error().to_text();
    if (!check) return "error";
    EXPECT_EQ(check->agrees, check->problem.empty());
    return check->problem;
  }
};

TEST(Check, AgreesWithWhatWasAppended) {
  Filled log;
  EXPECT_EQ(log.problem(), "");
  log.reopen();
  EXPECT_EQ(log.problem(), "");
}

TEST(Check, AnEmptyPartitionAgrees) {
  LogFixture log;
  const auto check = check_partition(*log.store, Partition{7});
  ASSERT_TRUE(check.has_value());
  EXPECT_TRUE(check->agrees);
}

TEST(Check, FindsEveryRemovedRecord) {
  for (std::uint64_t offset = 1; offset <= 20; ++offset) {
    Filled log;
    log.erase(Family::kHistory, keys::history(visitor(offset % 3), Offset{offset}));
    EXPECT_EQ(log.problem(), "there are 19 records, the state row says 20") << offset;
  }
}

TEST(Check, FindsARecordRemovedWithItsOrderRow) {
  Filled log;
  log.erase(Family::kHistory, keys::history(visitor(1), Offset{4}));
  log.erase(Family::kOrder, keys::order(kTestPartition, Offset{4}));
  EXPECT_EQ(log.problem(), "there are 19 records, the state row says 20");
}

TEST(Check, FindsAnAlteredRecord) {
  Filled log;
  log.put(Family::kHistory, keys::history(visitor(1), Offset{4}), encode_record(record(5)));
  EXPECT_NE(log.problem().find("the records' sum is "), std::string::npos);
}

TEST(Check, FindsRecordsThatChangedPlaces) {
  Filled log;
  log.put(Family::kHistory, keys::history(visitor(1), Offset{4}), encode_record(record(7)));
  log.put(Family::kHistory, keys::history(visitor(1), Offset{7}), encode_record(record(4)));
  EXPECT_NE(log.problem().find("the records' sum is "), std::string::npos);
}

TEST(Check, FindsAnAddedRecord) {
  Filled within;
  within.put(Family::kHistory, keys::history(visitor(1), Offset{5}), encode_record(record(5)));
  EXPECT_EQ(within.problem(), "there are 21 records, the state row says 20");
  Filled beyond;
  beyond.put(Family::kHistory, keys::history(visitor(1), Offset{21}), encode_record(record(21)));
  EXPECT_EQ(beyond.problem(), "there is a record at offset 21, the state row ends at 20");
}

TEST(Check, FindsOrderRowsThatDoNotMatch) {
  Filled removed;
  removed.erase(Family::kOrder, keys::order(kTestPartition, Offset{4}));
  EXPECT_EQ(removed.problem(), "the order names 19 records, there are 20");
  Filled altered;
  altered.put(Family::kOrder, keys::order(kTestPartition, Offset{4}), keys::profile(visitor(2)));
  EXPECT_EQ(altered.problem(), "order rows name other records than there are");
  Filled swapped;
  swapped.put(Family::kOrder, keys::order(kTestPartition, Offset{4}), keys::profile(visitor(2)));
  swapped.put(Family::kOrder, keys::order(kTestPartition, Offset{5}), keys::profile(visitor(1)));
  EXPECT_EQ(swapped.problem(), "order rows name other records than there are");
  Filled added;
  added.put(Family::kOrder, keys::order(kTestPartition, Offset{22}), keys::profile(visitor(2)));
  EXPECT_EQ(added.problem(), "there is a record at offset 22, the state row ends at 20");
  Filled damaged;
  damaged.put(Family::kOrder, keys::order(kTestPartition, Offset{4}), "short");
  EXPECT_EQ(damaged.problem(), "an order row is damaged");
}

TEST(Check, ALostStateRowDoesNotPassForAnEmptyPartition) {
  Filled log;
  log.erase(Family::kMeta, keys::partition_state(kTestPartition));
  EXPECT_NE(log.problem(), "");
}

TEST(Check, ADamagedStateRowIsAnError) {
  Filled log;
  log.put(Family::kMeta, keys::partition_state(kTestPartition), "x");
  EXPECT_EQ(check_partition(*log.store, kTestPartition).error().code, ErrorCode::kCorrupt);
}

TEST(Check, AgreesWhileRecordsAreAppended) {
  Filled log;
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      log.append(visitor(1), 1'000 + i);
      log.commit();
    }
  });
  for (int round = 0; round < 50; ++round) EXPECT_EQ(log.problem(), "");
  stop = true;
  writer.join();
  EXPECT_EQ(log.problem(), "");
}

}  // namespace
}  // namespace tact
