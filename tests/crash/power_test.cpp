// Acknowledged is durable and counted once, whatever the disk does while requests are in flight.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "crash_world.h"

namespace tact::crash {
namespace {

using testing::DiskOperation;

std::vector<RequestPtr> some_requests(World& world, Rng& rng, int count) {
  std::vector<RequestPtr> made = world.unacknowledged();
  for (int i = 0; i < count; ++i) made.push_back(world.random(rng));
  return made;
}

// The power fails at a random write or sync of the log, or at a random time.
void fail_somewhere(World& world, Rng& rng) {
  if (rng.chance(0.8)) {
    const bool sync = rng.chance(0.5);
    world.disk.inject({.operation = sync ? DiskOperation::kSync : DiskOperation::kAppend,
                       .path_contains = rng.chance(0.8) ? ".log" : "",
                       .after = rng.below(12)});
  }
}

struct PowerCase {
  bool torn;
  std::uint64_t seed;
};

class PowerFails : public ::testing::TestWithParam<PowerCase> {};

TEST_P(PowerFails, NothingAcknowledgedIsLostAndNothingCountsTwice) {
  constexpr int kRounds = 25;
  World world;
  Rng rng(GetParam().seed);
  int cut_in_flight = 0;
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE("seed " + std::to_string(GetParam().seed) + ", round " + std::to_string(round));
    ASSERT_NO_FATAL_FAILURE(world.open());
    fail_somewhere(world, rng);
    const auto made = some_requests(world, rng, 30);
    world.post({made.begin(), made.begin() + static_cast<std::ptrdiff_t>(made.size() / 2)});
    std::this_thread::sleep_for(std::chrono::microseconds(rng.below(3000)));
    world.post({made.begin() + static_cast<std::ptrdiff_t>(made.size() / 2), made.end()});
    std::this_thread::sleep_for(std::chrono::microseconds(rng.below(4000)));
    world.power_fails(GetParam().torn, rng.next());
    cut_in_flight += !world.unacknowledged().empty();
    ASSERT_NO_FATAL_FAILURE(world.open());  // finishes the merges that were cut
    world.close();
    ASSERT_NO_FATAL_FAILURE(world.expect_truth());
    if (HasFailure()) return;
  }
  ASSERT_NO_FATAL_FAILURE(world.open());
  world.send(world.unacknowledged());
  EXPECT_TRUE(world.unacknowledged().empty());
  world.close();
  world.expect_truth();
  EXPECT_GT(cut_in_flight, kRounds / 3) << "too few failures met a request in flight";
}

INSTANTIATE_TEST_SUITE_P(AHundredTimes, PowerFails,
                         ::testing::Values(PowerCase{false, 1}, PowerCase{false, 2},
                                           PowerCase{true, 3}, PowerCase{true, 4}),
                         [](const auto& one) {
                           return (one.param.torn ? std::string("Torn") : std::string("Dropped")) +
                                  std::to_string(one.param.seed);
                         });

// ---- merges, cut at every write and every sync

// Returns false once the merge went through without meeting the fault.
bool merge_meets_a_fault(World& world, DiskOperation operation, std::uint64_t after,
                         std::uint64_t times) {
  world.send({world.track("a-1", 3)});
  world.disk.inject(
      {.operation = operation, .path_contains = ".log", .after = after, .times = times});
  const RequestPtr identify = world.identify("a-1", "u-1", 1);
  world.send({identify});
  return !identify->acknowledged;
}

void expect_one_merge(World& world) {
  world.close();
  const Census found = world.census();
  EXPECT_EQ(found.links.size(), 1U);
  EXPECT_EQ(found.absorbs.size(), 1U);
  EXPECT_EQ(found.messages.size(), 6U);
  world.expect_truth();
}

TEST(Merge, CutByAPowerFailureAtEveryStepItEndsOnce) {
  for (const DiskOperation operation : {DiskOperation::kAppend, DiskOperation::kSync}) {
    for (const bool torn : {false, true}) {
      bool cut = true;
      int steps = 0;
      for (std::uint64_t after = 0; cut; ++after, ++steps) {
        SCOPED_TRACE(std::to_string(after) + " of operation " +
                     std::to_string(static_cast<int>(operation)) + (torn ? " torn" : ""));
        World world;
        ASSERT_NO_FATAL_FAILURE(world.open());
        cut = merge_meets_a_fault(world, operation, after, ~0ULL);
        world.power_fails(torn, after);
        ASSERT_NO_FATAL_FAILURE(world.open());
        world.close();
        world.expect_truth();
        ASSERT_NO_FATAL_FAILURE(world.open());
        world.send(world.unacknowledged());
        EXPECT_TRUE(world.unacknowledged().empty());
        expect_one_merge(world);
        if (::testing::Test::HasFailure()) return;
      }
      EXPECT_GE(steps, 3) << "link_out's commit, absorb's commit, neither";
    }
  }
}

// The same without a restart: the disk fails once, the store resumes, the client tries again.
TEST(Merge, CutByAFailingDiskAtEveryStepItEndsOnceWithoutARestart) {
  for (const DiskOperation operation : {DiskOperation::kAppend, DiskOperation::kSync}) {
    bool cut = true;
    for (std::uint64_t after = 0; cut; ++after) {
      SCOPED_TRACE(std::to_string(after) + " of operation " +
                   std::to_string(static_cast<int>(operation)));
      World world;
      ASSERT_NO_FATAL_FAILURE(world.open());
      cut = merge_meets_a_fault(world, operation, after, 1);
      world.disk.clear_faults();
      ASSERT_TRUE(world.becomes_ready());
      world.send(world.unacknowledged());
      EXPECT_TRUE(world.unacknowledged().empty());
      EXPECT_EQ(world.pending_merges(), 0) << "the second half waits for a restart";
      expect_one_merge(world);
      if (::testing::Test::HasFailure()) return;
    }
  }
}

// Nobody asks again: the merge ends all the same.
TEST(Merge, CutByAFailingDiskItEndsWithoutAnotherRequest) {
  World world;
  ASSERT_NO_FATAL_FAILURE(world.open());
  bool ended = false;
  for (std::uint64_t after = 0; after < 4 && !ended; ++after) {
    const std::string visitor = "a-" + std::to_string(after);
    world.send({world.track(visitor, 2)});
    world.disk.inject(
        {.operation = DiskOperation::kSync, .path_contains = ".log", .after = after, .times = 1});
    const auto login = world.identify(visitor, "u-1");
    world.send({login});
    world.disk.clear_faults();
    ASSERT_TRUE(world.becomes_ready());
    for (int i = 0; i < 500 && world.pending_merges() > 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_EQ(world.pending_merges(), 0);
    // Refused, and linked all the same: what failed was the second half, and it came by itself.
    ended = !login->acknowledged && world.person(visitor) == world.person("", "u-1");
  }
  EXPECT_TRUE(ended) << "the fault never fell between the halves";
  world.close();
  world.expect_truth();
}

// ---- a disk that fails for a moment

TEST(FailingDisk, EveryLaterBatchIsRefusedUntilTheStoreResumes) {
  for (const DiskOperation operation : {DiskOperation::kSync, DiskOperation::kAppend}) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      World world;
      Rng rng(seed);
      ASSERT_NO_FATAL_FAILURE(world.open());
      world.disk.inject(
          {.operation = operation, .path_contains = ".log", .after = rng.below(4), .times = 1});
      for (int burst = 0; burst < 20; ++burst) {
        world.post({world.random(rng)});
        std::this_thread::sleep_for(std::chrono::microseconds(rng.below(1500)));
      }
      world.wait();
      EXPECT_FALSE(world.unacknowledged().empty()) << "the fault met nobody";
      ASSERT_TRUE(world.becomes_ready());
      world.send(world.unacknowledged());
      EXPECT_TRUE(world.unacknowledged().empty()) << "ready, and refuses";
      world.close();
      world.expect_truth();
      if (::testing::Test::HasFailure()) return;
    }
  }
}

TEST(FailingDisk, WhileItFailsNothingIsAcknowledged) {
  World world;
  ASSERT_NO_FATAL_FAILURE(world.open());
  world.disk.inject({.operation = DiskOperation::kSync});
  world.send({world.track("a-1", 2)});
  EXPECT_FALSE(world.engine().status().ready);
  world.send({world.track("a-2", 2), world.decide("a-3", 2), world.identify("a-1", "u-1")});
  EXPECT_EQ(world.unacknowledged().size(), 4U);
  world.disk.clear_faults();
  ASSERT_TRUE(world.becomes_ready());
  world.send(world.unacknowledged());
  EXPECT_TRUE(world.unacknowledged().empty());
  world.close();
  world.expect_truth();
}

// A client asks again while its first request is still being written; that write fails. The second
// request saw the first one's events in memory, and must not vouch for them.
TEST(FailingDisk, ARepetitionIsNotAcknowledgedForAFirstThatWasNotWritten) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    World world;
    ASSERT_NO_FATAL_FAILURE(world.open());
    world.disk.inject({.operation = DiskOperation::kAppend, .path_contains = ".log", .times = 1});
    const RequestPtr first = world.track("a-1", 10'000);  // long to fold and to write
    const auto again = std::make_shared<Request>();
    again->events = {first->events.back()};
    world.requests.push_back(again);
    world.post({first});
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    world.post({again});
    world.wait();
    EXPECT_FALSE(first->acknowledged);
    world.close();
    world.expect_truth();
    if (::testing::Test::HasFailure()) return;
  }
}

// Nearly no visitor stays in memory: each is read back from the store soon after it changed.
TEST(SmallCache, AVisitorIsNotForgottenBeforeTheirChangeIsWritten) {
  World world;
  ASSERT_NO_FATAL_FAILURE(world.open(8, 1));
  Rng rng(1);
  for (int burst = 0; burst < 1500; ++burst) {
    std::vector<RequestPtr> some;
    for (int i = 0; i < 4; ++i) some.push_back(world.random(rng));
    world.post(some);
    if (rng.chance(0.3)) std::this_thread::sleep_for(std::chrono::microseconds(rng.below(300)));
  }
  world.wait();
  EXPECT_TRUE(world.unacknowledged().empty());
  world.close();
  world.expect_truth();
}

}  // namespace
}  // namespace tact::crash
