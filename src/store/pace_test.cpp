// How RocksDB's threads rest between pieces of their work.
#include "store/internal/pace.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace tact::internal {
namespace {

// How often a thread that does `job` rests while it does `pieces` pieces.
std::uint64_t rests(Pace& pace, Job job, int pieces) {
  const std::uint64_t before = pace.rests();
  std::thread([&] {
    if (job != Job::kNone) Pace::begin(job);
    for (int i = 0; i < pieces; ++i) pace.done(Pace::kPiece);
  }).join();
  return pace.rests() - before;
}

TEST(Pace, OnlyJobsRest) {
  Pace pace;
  EXPECT_EQ(rests(pace, Job::kNone, 10), 0U) << "a commit, a question, an opening";
  EXPECT_EQ(rests(pace, Job::kFlush, 10), 10U);
  EXPECT_EQ(rests(pace, Job::kCompaction, 10), 10U);
}

TEST(Pace, ARestTakesItsTime) {
  Pace pace;
  const auto start = std::chrono::steady_clock::now();
  rests(pace, Job::kFlush, 10);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 10 * Pace::kRest);
}

TEST(Pace, SmallReadsAndWritesAddUp) {
  Pace pace;
  std::thread([&] {
    Pace::begin(Job::kCompaction);
    for (int i = 0; i < 8; ++i) pace.done(Pace::kPiece / 4);
  }).join();
  EXPECT_EQ(pace.rests(), 2U);
}

TEST(Pace, WhatIsFarBehindDoesNotRest) {
  Pace pace;
  pace.behind(Job::kFlush, 1);
  EXPECT_EQ(rests(pace, Job::kFlush, 10), 0U);
  EXPECT_EQ(rests(pace, Job::kCompaction, 10), 10U);
  pace.behind(Job::kFlush, -3);
  pace.behind(Job::kCompaction, 7);
  EXPECT_EQ(rests(pace, Job::kFlush, 10), 10U);
  EXPECT_EQ(rests(pace, Job::kCompaction, 10), 0U);
}

TEST(Pace, WhatIsSomewhatBehindRestsLess) {
  Pace pace;
  pace.behind(Job::kFlush, 0.5);
  EXPECT_EQ(pace.rest(Job::kFlush), Pace::kRest / 2);
  EXPECT_EQ(pace.rest(Job::kCompaction), Pace::kRest);
}

}  // namespace
}  // namespace tact::internal
