#include "measure/internal/two_threads.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <new>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace tact {
namespace {

TEST(TwoThreads, EveryPartIsDoneOnce) {
  for (const std::size_t parts : {0u, 1u, 2u, 3u, 64u}) {
    std::array<std::vector<std::size_t>, 2> done;
    const auto work = [&](std::size_t which, std::size_t part) {
      done[which].push_back(part);
      return ok();
    };
    EXPECT_TRUE(internal::in_two_threads("test", parts, work).has_value());
    EXPECT_EQ(done[0].size() + done[1].size(), parts);
    std::set<std::size_t> all(done[0].begin(), done[0].end());
    all.insert(done[1].begin(), done[1].end());
    EXPECT_EQ(all.size(), parts);
    EXPECT_TRUE(all.empty() || *all.rbegin() == parts - 1);
    for (const auto& one : done) EXPECT_TRUE(std::is_sorted(one.begin(), one.end()));
  }
}

TEST(TwoThreads, WhoIsThroughTakesTheNextPart) {
  std::array<std::size_t, 2> done{};
  const auto work = [&](std::size_t which, std::size_t part) {
    if (part == 0) std::this_thread::sleep_for(std::chrono::milliseconds(300));
    ++done[which];
    return ok();
  };
  EXPECT_TRUE(internal::in_two_threads("test", 9, work).has_value());
  EXPECT_EQ(std::min(done[0], done[1]), 1u) << "the long part alone";
}

// Whichever thread is faster.
TEST(TwoThreads, TheErrorIsOfTheFirstPartThatHasOne) {
  for (int round = 0; round < 200; ++round) {
    std::atomic<std::size_t> last = 0;
    const auto work = [&](std::size_t /*which*/, std::size_t part) -> Status {
      if (part == 3 && round % 2 == 0) std::this_thread::yield();
      if (part > last) last = part;
      if (part < 3) return ok();
      return make_error(ErrorCode::kCorrupt, std::to_string(part));
    };
    const Status status = internal::in_two_threads("test", 1000, work);
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().message, "3");
    EXPECT_LE(last, 4u) << "none is begun after an error";
  }
}

TEST(TwoThreads, WhatEitherThrowsIsThrownWhenBothHaveEnded) {
  for (const std::size_t thrower : {0u, 1u}) {
    std::atomic<int> under_way = 0;
    const auto work = [&](std::size_t which, std::size_t part) -> Status {
      ++under_way;
      std::this_thread::sleep_for(std::chrono::milliseconds(part == 0 ? 20 : 1));
      --under_way;
      if (which == thrower) throw std::bad_alloc();
      return ok();
    };
    EXPECT_THROW(static_cast<void>(internal::in_two_threads("test", 1000, work)), std::bad_alloc);
    EXPECT_EQ(under_way, 0);
  }
}

TEST(TwoThreads, ASinglePartIsDoneInThisThread) {
  const auto here = std::this_thread::get_id();
  const auto work = [&](std::size_t which, std::size_t /*part*/) {
    EXPECT_EQ(which, 0u);
    EXPECT_EQ(std::this_thread::get_id(), here);
    return ok();
  };
  EXPECT_TRUE(internal::in_two_threads("test", 1, work).has_value());
}

}  // namespace
}  // namespace tact
