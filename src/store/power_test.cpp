// Acknowledged is durable: power fails at random moments, and a shadow model says what must be
// there.
#include <gtest/gtest.h>

#include <map>

#include "base/rng.h"
#include "store/store_test_util.h"

namespace tact {
namespace {

using testing::DiskOperation;
using testing::FaultEnv;

using Shadow = std::map<std::string, std::string>;

struct Round {
  Shadow acknowledged;
  Shadow with_pending;  // as if the one commit in flight had survived
};

Batch random_batch(Rng& rng, Shadow& shadow) {
  Batch batch;
  for (std::uint64_t i = 0; i <= rng.below(5); ++i) {
    const std::string key = "k" + std::to_string(rng.below(50));
    if (rng.chance(0.2)) {
      batch.erase(Family::kProfile, key);
      shadow.erase(key);
    } else {
      const std::string value(rng.below(3000), static_cast<char>('a' + rng.below(26)));
      batch.put(Family::kProfile, key, value);
      shadow[key] = value;
    }
  }
  return batch;
}

Shadow contents(const Store& store) {
  Shadow result;
  EXPECT_OK(store.scan(Family::kProfile, "", "", [&](std::string_view key, std::string_view value) {
    result.emplace(key, value);
    return true;
  }));
  return result;
}

// Commits until power fails, somewhere inside of RocksDB's or the mark's writing.
void commit_until_power_fails(FaultEnv& disk, Rng& rng, Round& round) {
  auto opened = Store::open(kDirectory, options(disk));
  ASSERT_TRUE(opened.has_value()) << opened.error().to_text();
  const auto store = std::move(opened).value();
  ASSERT_EQ(contents(*store), round.acknowledged);
  const DiskOperation operations[] = {DiskOperation::kSync, DiskOperation::kAppend};
  if (rng.chance(0.7)) {
    disk.inject({.operation = operations[rng.below(2)], .after = rng.below(60)});
  }
  for (std::uint64_t i = 0; i < rng.below(60); ++i) {
    round.with_pending = round.acknowledged;
    const Batch batch = random_batch(rng, round.with_pending);
    if (!store->commit(batch).has_value()) break;
    round.acknowledged = round.with_pending;
  }
  disk.cut_power();
}

// A kept or a half-kept unacknowledged commit are both allowed; half a commit is not.
void expect_nothing_lost(FaultEnv& disk, Round& round, std::uint64_t seed) {
  auto opened = Store::open(kDirectory, options(disk));
  ASSERT_TRUE(opened.has_value()) << "seed " << seed << ": " << opened.error().to_text();
  const Shadow found = contents(**opened);
  if (found == round.with_pending) round.acknowledged = found;
  ASSERT_EQ(found, round.acknowledged) << "seed " << seed;
  ASSERT_OK((*opened)->verify_files());
}

TEST(Power, NothingAcknowledgedIsLostInTwoHundredFailures) {
  for (const bool torn : {false, true}) {
    FaultEnv disk;
    Round round;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
      Rng rng(seed + (torn ? 1000 : 0));
      ASSERT_NO_FATAL_FAILURE(commit_until_power_fails(disk, rng, round)) << "seed " << seed;
      disk.clear_faults();
      if (torn) {
        disk.tear_unsynced(seed);
      } else {
        disk.drop_unsynced();
      }
      ASSERT_NO_FATAL_FAILURE(expect_nothing_lost(disk, round, seed));
    }
  }
}

// Every write of making a store fails once in its turn.
TEST(Power, AFailureWhileTheStoreIsMadeLeavesADirectoryThatCanBeMade) {
  for (const DiskOperation operation :
       {DiskOperation::kSync, DiskOperation::kAppend, DiskOperation::kCreate,
        DiskOperation::kRename, DiskOperation::kSyncDirectory}) {
    bool made = false;
    for (std::uint64_t after = 0; !made; ++after) {
      FaultEnv disk;
      disk.inject({.operation = operation, .after = after});
      made = Store::open(kDirectory, options(disk)).has_value();
      disk.cut_power();
      disk.clear_faults();
      disk.drop_unsynced();
      const auto again = Store::open(kDirectory, options(disk));
      ASSERT_TRUE(again.has_value())
          << (made ? "made, " : "failed, ") << after << " of " << static_cast<int>(operation)
          << ": " << again.error().to_text();
      ASSERT_OK(put(**again, Family::kMeta, "x", "y"));
    }
  }
}

// The failed commit may come back by resuming, wholly or not at all; the acknowledged ones always
// do.
TEST(Power, ResumingAfterFailuresKeepsWhatWasAcknowledged) {
  FaultEnv disk;
  const auto store = open_store(disk);
  Shadow shadow;
  Rng rng(11);
  for (int round = 0; round < 60; ++round) {
    for (std::uint64_t i = 0; i < rng.below(8); ++i) {
      ASSERT_OK(store->commit(random_batch(rng, shadow)));
    }
    disk.inject({.operation = rng.chance(0.5) ? DiskOperation::kSync : DiskOperation::kAppend,
                 .path_contains = ".log",
                 .times = 1});
    Shadow pending = shadow;
    ASSERT_FALSE(store->commit(random_batch(rng, pending)).has_value());
    ASSERT_EQ(contents(*store), shadow);
    disk.clear_faults();
    ASSERT_OK(store->resume());
    const Shadow found = contents(*store);
    if (found == pending) shadow = found;
    ASSERT_EQ(found, shadow);
  }
}

}  // namespace
}  // namespace tact
