#include "store/internal/mark.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "base/rng.h"
#include "store/store_test_util.h"

namespace tact {
namespace {

using internal::CommitState;
using internal::kMarkSlotBytes;
using internal::kMarkSlotDistance;
using internal::Mark;
using internal::MarkFile;
using internal::parse_mark;
using testing::DiskFault;
using testing::DiskOperation;
using testing::FaultEnv;

const std::string kMarkPath = std::string(kDirectory) + "/commit.mark";

Mark mark_of(std::uint64_t commits) {
  return {commits * 10, CommitState{commits, {commits, ~commits}}};
}

std::uint64_t commits_on_disk(const FaultEnv& disk) {
  const auto on_disk = parse_mark(disk.read(kMarkPath));
  return on_disk.mark ? on_disk.mark->state.commits : 0;
}

TEST(Mark, SlotIsByteForByteTheWorkedExample) {
  const Mark mark{258, CommitState{7, {0x0706050403020100, 0x0f0e0d0c0b0a0908}}};
  const std::string slot = internal::encode_slot(3, mark);
  EXPECT_EQ(to_hex(reinterpret_cast<const std::uint8_t*>(slot.data()), slot.size()),
            "546163744d726b31"                  // "TactMrk1"
            "0000000000000003"                  // generation
            "0000000000000102"                  // sequence
            "0000000000000007"                  // commits
            "0f0e0d0c0b0a09080706050403020100"  // chain
            "4be590a87e672db9"                  // XXH3-64 of the 48 bytes before
            "0000000000000000");
}

// A crash in the middle of a write damages one slot: the other still holds the mark before it.
TEST(Mark, ADamagedSlotFallsBackToTheOther) {
  std::string file = internal::encode_slot(5, mark_of(5));
  file.resize(kMarkSlotDistance);
  file += internal::encode_slot(6, mark_of(6));
  EXPECT_EQ(parse_mark(file).mark, mark_of(6));
  for (std::size_t bit = 0; bit < (kMarkSlotBytes - 8) * 8; ++bit) {
    std::string damaged = file;
    char& byte = damaged[kMarkSlotDistance + bit / 8];
    byte = static_cast<char>(byte ^ (1 << bit % 8));
    EXPECT_EQ(parse_mark(damaged).mark, mark_of(5)) << bit;
  }
  for (std::size_t size = 0; size < kMarkSlotBytes - 8; ++size) {
    EXPECT_EQ(parse_mark(file.substr(0, kMarkSlotDistance + size)).mark, mark_of(5)) << size;
    EXPECT_EQ(parse_mark(file.substr(0, size)).mark, std::nullopt) << size;
  }
}

TEST(Mark, IsWrittenOverTheOlderSlot) {
  FaultEnv disk;
  ASSERT_TRUE(disk.env()->CreateDirIfMissing(kDirectory).ok());
  ASSERT_OK(MarkFile::create(*disk.env(), kMarkPath, mark_of(1)));
  auto file = MarkFile::open(*disk.env(), kMarkPath);
  ASSERT_TRUE(file.has_value());
  for (std::uint64_t generation = 3; generation < 8; ++generation) {
    ASSERT_OK(file->write(mark_of(generation)));
    const std::size_t at = (generation + 1) % 2 * kMarkSlotDistance;
    EXPECT_EQ(disk.read(kMarkPath).substr(at, kMarkSlotBytes),
              internal::encode_slot(generation, mark_of(generation)));
  }
}

// Power fails at every moment of a thousand writes: what is read is the last synced mark or the one
// that was being written.
TEST(Mark, SurvivesPowerFailuresInTheMiddleOfWrites) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    FaultEnv disk;
    Rng rng(seed);
    ASSERT_TRUE(disk.env()->CreateDirIfMissing(kDirectory).ok());
    ASSERT_OK(MarkFile::create(*disk.env(), kMarkPath, mark_of(1)));
    std::uint64_t synced = 1;
    {
      auto file = MarkFile::open(*disk.env(), kMarkPath);
      ASSERT_TRUE(file.has_value());
      const std::uint64_t good = rng.below(6);
      for (std::uint64_t i = 0; i < good; ++i) ASSERT_OK(file->write(mark_of(++synced)));
      disk.inject({.operation = DiskOperation::kSync, .path_contains = "commit.mark"});
      // Repeated tries after a failed sync go to the same slot and never to the good one.
      for (std::uint64_t i = 0; i <= rng.below(4); ++i) {
        EXPECT_FALSE(file->write(mark_of(synced + 1)).has_value());
      }
      disk.cut_power();
    }
    disk.clear_faults();
    disk.tear_unsynced(seed);
    const auto found = commits_on_disk(disk);
    EXPECT_TRUE(found == synced || found == synced + 1) << found << " after " << synced;
  }
}

TEST(Mark, IsOnDiskWithinAHundredMilliseconds) {
  FaultEnv disk;
  const auto store = open_store(disk);
  for (int round = 0; round < 5; ++round) {
    ASSERT_OK(put(*store, Family::kMeta, "x", "y"));
    const auto expected = commits_on_disk(disk) + 1;
    const auto start = std::chrono::steady_clock::now();
    while (commits_on_disk(disk) < expected) {
      ASSERT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    // The disk here takes no time; 60 ms are left to a real one. Generous for a loaded test
    // machine.
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(1000));
  }
}

TEST(Mark, IsExactAfterACleanClose) {
  FaultEnv disk;
  auto store = open_store(disk);
  const std::uint64_t before = commits_on_disk(disk);
  store->pause_mark(true);
  for (int i = 0; i < 7; ++i) ASSERT_OK(put(*store, Family::kMeta, "x", "y"));
  EXPECT_EQ(commits_on_disk(disk), before);
  store.reset();
  EXPECT_EQ(commits_on_disk(disk), before + 7);
}

TEST(Mark, ThatCannotBeWrittenMakesTheStoreUnhealthy) {
  FaultEnv disk;
  const auto store = open_store(disk);
  disk.inject({.operation = DiskOperation::kSync, .path_contains = "commit.mark"});
  ASSERT_OK(put(*store, Family::kMeta, "x", "1"));
  EXPECT_FALSE(store->flush_mark().has_value());
  for (int i = 0; i < 1000 && store->healthy(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_FALSE(store->healthy());
  EXPECT_EQ(put(*store, Family::kMeta, "x", "2").error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(store->resume().error().code, ErrorCode::kUnavailable);
  disk.clear_faults();
  ASSERT_OK(store->resume());
  EXPECT_EQ(value_of(*store, Family::kMeta, "x"), "1");
}

}  // namespace
}  // namespace tact
