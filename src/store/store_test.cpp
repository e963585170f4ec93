#include "store/store.h"

#include <gtest/gtest.h>

#include <thread>

#include "store/internal/rocks_store.h"
#include "store/store_test_util.h"

namespace tact {
namespace {

using testing::DiskFault;
using testing::DiskOperation;
using testing::FaultEnv;

TEST(Store, ACommitIsVisibleWhollyAndInOrder) {
  FaultEnv disk;
  const auto store = open_store(disk);
  Batch first, second;
  first.put(Family::kProfile, "a", "1");
  first.put(Family::kHistory, "a", "history");
  second.put(Family::kProfile, "a", "2");
  second.erase(Family::kHistory, "a");
  const std::array<const Batch*, 2> both{&first, &second};
  ASSERT_OK(store->commit(both));
  EXPECT_EQ(value_of(*store, Family::kProfile, "a"), "2");
  EXPECT_EQ(value_of(*store, Family::kHistory, "a"), std::nullopt);
}

TEST(Store, FamiliesAreSeparate) {
  FaultEnv disk;
  const auto store = open_store(disk);
  Batch batch;
  for (std::size_t i = 0; i < kFamilies; ++i) {
    batch.put(static_cast<Family>(i), "key", std::to_string(i));
  }
  ASSERT_OK(store->commit(batch));
  for (std::size_t i = 0; i < kFamilies; ++i) {
    EXPECT_EQ(value_of(*store, static_cast<Family>(i), "key"), std::to_string(i));
  }
}

TEST(Store, AnEmptyCommitWritesNothing) {
  FaultEnv disk;
  const auto store = open_store(disk);
  const std::uint64_t before = disk.syncs();
  ASSERT_OK(store->commit(Batch{}));
  EXPECT_EQ(disk.syncs(), before);
}

std::vector<std::string> scanned(const Store& store, Family family, std::string_view prefix,
                                 std::string_view from = {}, std::size_t limit = 1000) {
  std::vector<std::string> keys;
  EXPECT_OK(store.scan(family, prefix, from, [&](std::string_view key, std::string_view) {
    keys.emplace_back(key);
    return keys.size() < limit;
  }));
  return keys;
}

TEST(Store, ScansAPrefixInOrder) {
  FaultEnv disk;
  const auto store = open_store(disk);
  Batch batch;
  for (const char* key : {"b2", "a1", "b1", "c1", "b3"}) batch.put(Family::kMeta, key, key);
  batch.put(Family::kMeta, "\xFF\xFF", "last");
  ASSERT_OK(store->commit(batch));
  using Keys = std::vector<std::string>;
  EXPECT_EQ(scanned(*store, Family::kMeta, "b"), (Keys{"b1", "b2", "b3"}));
  EXPECT_EQ(scanned(*store, Family::kMeta, "b", "b2"), (Keys{"b2", "b3"}));
  EXPECT_EQ(scanned(*store, Family::kMeta, "b", "b1x"), (Keys{"b2", "b3"}));
  EXPECT_EQ(scanned(*store, Family::kMeta, "b", "c"), (Keys{}));
  EXPECT_EQ(scanned(*store, Family::kMeta, "b", "a"), (Keys{"b1", "b2", "b3"}));
  EXPECT_EQ(scanned(*store, Family::kMeta, "b", "", 2), (Keys{"b1", "b2"}));
  EXPECT_EQ(scanned(*store, Family::kMeta, "\xFF"), (Keys{"\xFF\xFF"}));
  EXPECT_EQ(scanned(*store, Family::kMeta, "x"), (Keys{}));
}

TEST(Store, ScansAPrefixBackwards) {
  FaultEnv disk;
  auto store = open_store(disk);
  const auto back = [&](Family family, std::string_view prefix, std::size_t most = 10) {
    std::vector<std::string> keys;
    EXPECT_OK(store->scan_back(family, prefix, [&](std::string_view key, std::string_view) {
      keys.emplace_back(key);
      return keys.size() < most;
    }));
    return keys;
  };
  using Keys = std::vector<std::string>;
  for (const Family family : {Family::kMeta, Family::kHistory}) {
    Batch batch;
    for (const char visitor : {'a', 'b', '\xFF'}) {
      for (const char row : {'1', '2', '3'}) batch.put(family, std::string(16, visitor) + row, "v");
    }
    ASSERT_OK(store->commit(batch));
  }
  for (int reopened = 0; reopened < 2; ++reopened) {
    for (const Family family : {Family::kMeta, Family::kHistory}) {
      for (const char visitor : {'a', 'b', '\xFF'}) {
        const std::string prefix(16, visitor);
        EXPECT_EQ(back(family, prefix), (Keys{prefix + '3', prefix + '2', prefix + '1'}));
        EXPECT_EQ(back(family, prefix, 1), Keys{prefix + '3'});
      }
      EXPECT_EQ(back(family, std::string(15, 'b') + 'a'), Keys{});
      EXPECT_EQ(back(family, "b"), back(family, std::string(16, 'b')));
    }
    store.reset();
    store = open_store(disk);  // recovery writes the rows into tables
  }
}

// History and facts have prefix filters: shorter, equal and longer prefixes must all see all
// rows, in memory and in tables.
TEST(Store, PrefixFiltersHideNothing) {
  FaultEnv disk;
  std::vector<std::string> rows;
  for (const char visitor : {'a', 'b', 'c'}) {
    for (const char offset : {'1', '2', '3'}) {
      rows.push_back("p" + std::string(15, visitor) + std::string(7, '0') + offset);
    }
  }
  auto store = open_store(disk);
  for (const Family family : {Family::kHistory, Family::kFacts}) {
    Batch batch;
    for (const std::string& row : rows) batch.put(family, row, "v");
    ASSERT_OK(store->commit(batch));
  }
  for (int reopened = 0; reopened < 2; ++reopened) {
    for (const Family family : {Family::kHistory, Family::kFacts}) {
      EXPECT_EQ(scanned(*store, family, "").size(), 9U);
      EXPECT_EQ(scanned(*store, family, "p").size(), 9U);
      EXPECT_EQ(scanned(*store, family, rows[3].substr(0, 8)).size(), 3U);
      EXPECT_EQ(scanned(*store, family, rows[3].substr(0, 16)).size(), 3U);
      EXPECT_EQ(scanned(*store, family, rows[3].substr(0, 16), rows[4]).size(), 2U);
      EXPECT_EQ(scanned(*store, family, rows[3]).size(), 1U);
      EXPECT_EQ(scanned(*store, family, "p" + std::string(15, 'x')).size(), 0U);
    }
    store.reset();
    store = open_store(disk);  // recovery writes the rows into tables
  }
}

TEST(Store, AScanSeesTheMomentItBegan) {
  FaultEnv disk;
  const auto store = open_store(disk);
  Batch batch;
  batch.put(Family::kMeta, "x1", "");
  batch.put(Family::kMeta, "x2", "");
  ASSERT_OK(store->commit(batch));
  int rows = 0;
  ASSERT_OK(store->scan(Family::kMeta, "x", {}, [&](std::string_view, std::string_view) {
    EXPECT_OK(put(*store, Family::kMeta, "x" + std::to_string(3 + rows++), ""));
    return true;
  }));
  EXPECT_EQ(rows, 2);
  EXPECT_EQ(scanned(*store, Family::kMeta, "x").size(), 4U);
}

TEST(Store, ReopeningKeepsEverything) {
  FaultEnv disk;
  for (int round = 0; round < 5; ++round) {
    const auto store = open_store(disk);
    for (int old = 0; old < round; ++old) {
      EXPECT_EQ(value_of(*store, Family::kProfile, std::to_string(old)), "v");
    }
    ASSERT_OK(put(*store, Family::kProfile, std::to_string(round), "v"));
  }
}

TEST(Store, ASecondOpeningIsAConflict) {
  FaultEnv disk;
  auto store = open_store(disk);
  const auto second = Store::open(kDirectory, options(disk));
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kConflict);
  EXPECT_NE(second.error().message.find("another Tact"), std::string::npos);
  store.reset();
  EXPECT_TRUE(Store::open(kDirectory, options(disk)).has_value());
}

TEST(Store, ADirectoryWithoutDataIsNotFoundUnlessItMayBeMade) {
  FaultEnv disk;
  StoreOptions only_existing = options(disk);
  only_existing.create_if_missing = false;
  const auto missing = Store::open(kDirectory, only_existing);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(disk.files().empty());
  open_store(disk).reset();
  EXPECT_TRUE(Store::open(kDirectory, only_existing).has_value());
}

TEST(Store, ADirectoryOfANewerFormatIsAConflictAndUntouched) {
  FaultEnv disk;
  ASSERT_OK(put(*open_store(disk), Family::kMeta, "mformat", "\x02"));
  const auto before = data_files(disk);
  const auto opened = Store::open(kDirectory, options(disk));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::kConflict);
  EXPECT_NE(opened.error().message.find("newer Tact"), std::string::npos);
  EXPECT_EQ(data_files(disk), before);
}

TEST(Store, ACheckpointOpensAsAStoreWithWhatWasCommitted) {
  FaultEnv disk;
  const auto store = open_store(disk);
  ASSERT_OK(put(*store, Family::kProfile, "before", "1"));
  ASSERT_OK(store->checkpoint("/copy"));
  ASSERT_OK(put(*store, Family::kProfile, "after", "2"));
  EXPECT_EQ(store->checkpoint("/copy").error().code, ErrorCode::kConflict);
  const auto copy = Store::open("/copy", options(disk));
  ASSERT_TRUE(copy.has_value()) << copy.error().to_text();
  EXPECT_EQ(value_of(**copy, Family::kProfile, "before"), "1");
  EXPECT_EQ(value_of(**copy, Family::kProfile, "after"), std::nullopt);
  EXPECT_OK((*copy)->verify_files());
}

TEST(Store, AFailedSyncIsUnavailableInvisibleAndResumable) {
  for (const DiskOperation operation : {DiskOperation::kSync, DiskOperation::kAppend}) {
    FaultEnv disk;
    const auto store = open_store(disk);
    ASSERT_OK(put(*store, Family::kProfile, "good", "1"));
    disk.inject({.operation = operation, .path_contains = ".log"});
    const Status failed = put(*store, Family::kProfile, "bad", "2");
    ASSERT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error().code, ErrorCode::kUnavailable);
    EXPECT_FALSE(store->healthy());
    EXPECT_EQ(value_of(*store, Family::kProfile, "good"), "1");
    EXPECT_EQ(value_of(*store, Family::kProfile, "bad"), std::nullopt);
    EXPECT_EQ(put(*store, Family::kProfile, "later", "3").error().code, ErrorCode::kUnavailable);
    EXPECT_FALSE(store->resume().has_value());  // the disk is still broken
    EXPECT_FALSE(store->healthy());
    disk.clear_faults();
    ASSERT_OK(store->resume());
    EXPECT_TRUE(store->healthy());
    EXPECT_EQ(value_of(*store, Family::kProfile, "good"), "1");
    EXPECT_EQ(value_of(*store, Family::kProfile, "later"), std::nullopt);
    ASSERT_OK(put(*store, Family::kProfile, "now", "4"));
    EXPECT_EQ(value_of(*store, Family::kProfile, "now"), "4");
  }
}

TEST(Store, AFullDiskSaysSoAndReadersGoOn) {
  FaultEnv disk;
  const auto store = open_store(disk);
  ASSERT_OK(put(*store, Family::kProfile, "good", "1"));
  disk.inject({.operation = DiskOperation::kAppend, .kind = DiskFault::Kind::kNoSpace});
  const Status failed = put(*store, Family::kProfile, "bad", "2");
  EXPECT_EQ(failed.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(failed.error().message.find("the disk is full"), std::string::npos)
      << failed.error().message;
  disk.set_free_bytes(1 << 20);
  const Status resumed = store->resume();
  EXPECT_EQ(resumed.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(resumed.error().message.find("the disk is full: 1 MiB"), std::string::npos)
      << resumed.error().message;
  EXPECT_EQ(value_of(*store, Family::kProfile, "good"), "1");
  disk.clear_faults();
  disk.set_free_bytes(1ULL << 40);
  ASSERT_OK(store->resume());
  EXPECT_EQ(value_of(*store, Family::kProfile, "good"), "1");
}

TEST(Store, AReadOnlyDiskSaysWhatToDo) {
  FaultEnv disk;
  disk.inject({.operation = DiskOperation::kCreate, .kind = DiskFault::Kind::kReadOnly});
  const auto opened = Store::open(kDirectory, options(disk));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(opened.error().message.find("must be able to write the data directory"),
            std::string::npos)
      << opened.error().message;
}

TEST(Store, ReadersMayReadWhileItResumes) {
  FaultEnv disk;
  const auto store = open_store(disk);
  ASSERT_OK(put(*store, Family::kProfile, "good", "1"));
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::thread reader([&] {
    while (!stop) {
      const auto got = store->get(Family::kProfile, "good");
      if (got ? got.value() != "1" : got.error().code != ErrorCode::kUnavailable) ++wrong;
    }
  });
  for (int round = 0; round < 20; ++round) {
    disk.inject({.operation = DiskOperation::kSync, .path_contains = ".log", .times = 1});
    EXPECT_FALSE(put(*store, Family::kProfile, "bad", "2").has_value());
    EXPECT_OK(store->resume());
  }
  stop = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace tact
