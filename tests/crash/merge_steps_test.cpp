// Chains, cycles, tablets that change hands and links that are undone, cut at every write and every
// sync of the log: each ends once, and people are who they were said to be. (A merge of two by
// itself: power_test.cpp.)
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "crash_world.h"

namespace tact::crash {
namespace {

using testing::DiskOperation;

struct Script {
  const char* name;
  int commits;  // at least so many, or the fault never met the later steps
  // Said before the fault, and while it lies in wait: each once the one before was answered.
  void (*before)(World&);
  bool (*during)(World&);  // false: something was cut
  void (*expect)(World&);  // on the open engine, once everything is acknowledged
};

bool send_one_by_one(World& world, const std::vector<RequestPtr>& some) {
  for (const RequestPtr& request : some) world.send({request});
  return world.unacknowledged().empty();
}

// False: the store said no. What is linked to nobody has been unlinked.
bool is_unlinked(World& world, const std::string& device) {
  std::promise<Result<VisitorId>> done;
  world.engine().unlink({std::string(kAnonymousKind), device}, "a test",
                        [&](Result<VisitorId> result) { done.set_value(std::move(result)); });
  const auto result = done.get_future().get();
  return result.has_value() || result.error().code == ErrorCode::kNotFound;
}

// Asked again for as long as what was cut is still on its way.
bool becomes_unlinked(World& world, const std::string& device) {
  for (int i = 0; i < 500; ++i) {
    if (is_unlinked(world, device)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

void everybody_is_one(World& world) {
  for (const char* user : {"u-1", "u-2", "u-3"})
    EXPECT_EQ(world.person("", user), world.person("a-1")) << user;
}

const Script kScripts[] = {
    {"Chain", 6, [](World& world) { send_one_by_one(world, {world.track("a-1", 2)}); },
     [](World& world) {
       return send_one_by_one(world, {world.identify("a-1", "u-1"), world.alias("u-1", "u-2"),
                                      world.alias("u-2", "u-3")});
     },
     everybody_is_one},
    {"Cycle", 3, [](World& world) { send_one_by_one(world, {world.identify("a-1", "u-1", 1)}); },
     [](World& world) {  // all at once
       world.send(
           {world.alias("u-1", "u-2"), world.alias("u-2", "u-3"), world.alias("u-3", "u-1")});
       return world.unacknowledged().empty();
     },
     everybody_is_one},
    {"Tablet", 4, [](World& world) { send_one_by_one(world, {world.identify("a-1", "u-1", 1)}); },
     [](World& world) {
       return send_one_by_one(world,
                              {world.identify("a-1", "u-2", 1), world.identify("a-1", "u-3", 1)});
     },
     [](World& world) { EXPECT_NE(world.person("", "u-2"), world.person("", "u-3")); }},
    {"Unlink", 3, [](World& world) { send_one_by_one(world, {world.identify("a-1", "u-1", 2)}); },
     [](World& world) { return is_unlinked(world, "a-1"); },
     [](World& world) {
       EXPECT_TRUE(becomes_unlinked(world, "a-1"));
       EXPECT_NE(world.person("a-1"), world.person("", "u-1"));
     }}};

class MergeSteps : public ::testing::TestWithParam<Script> {
 protected:
  // Returns false once everything went through without meeting the fault.
  static bool meets_a_fault(World& world, DiskOperation operation, std::uint64_t after,
                            std::uint64_t times) {
    GetParam().before(world);
    EXPECT_TRUE(world.unacknowledged().empty());
    world.disk.inject(
        {.operation = operation, .path_contains = ".log", .after = after, .times = times});
    return !GetParam().during(world);
  }

  static void expect_the_end(World& world) {
    send_one_by_one(world, world.unacknowledged());
    EXPECT_TRUE(world.unacknowledged().empty());
    GetParam().expect(world);
    EXPECT_EQ(world.pending_merges(), 0);
    world.close();
    world.expect_truth();
  }
};

TEST_P(MergeSteps, CutByAPowerFailureEachEndsOnce) {
  for (const DiskOperation operation : {DiskOperation::kAppend, DiskOperation::kSync}) {
    for (const bool torn : {false, true}) {
      bool cut = true;
      int steps = -1;  // the last one meets nothing
      for (std::uint64_t after = 0; cut; ++after, ++steps) {
        SCOPED_TRACE(std::to_string(after) + " of operation " +
                     std::to_string(static_cast<int>(operation)) + (torn ? " torn" : ""));
        World world;
        ASSERT_NO_FATAL_FAILURE(world.open());
        cut = meets_a_fault(world, operation, after, ~0ULL);
        world.power_fails(torn, after);
        ASSERT_NO_FATAL_FAILURE(world.open());
        world.close();  // what was cut has ended by itself
        world.expect_truth();
        ASSERT_NO_FATAL_FAILURE(world.open());
        expect_the_end(world);
        if (HasFailure()) return;
      }
      EXPECT_GE(steps, GetParam().commits) << "the fault met too few of the steps";
    }
  }
}

// The disk fails once, the store resumes, nobody starts the process again.
TEST_P(MergeSteps, CutByAFailingDiskEachEndsOnceWithoutARestart) {
  for (const DiskOperation operation : {DiskOperation::kAppend, DiskOperation::kSync}) {
    bool cut = true;
    for (std::uint64_t after = 0; cut; ++after) {
      SCOPED_TRACE(std::to_string(after) + " of operation " +
                   std::to_string(static_cast<int>(operation)));
      World world;
      ASSERT_NO_FATAL_FAILURE(world.open());
      cut = meets_a_fault(world, operation, after, 1);
      world.disk.clear_faults();
      ASSERT_TRUE(world.becomes_ready());
      expect_the_end(world);
      if (HasFailure()) return;
    }
  }
}

void PrintTo(const Script& script, std::ostream* out) { *out << script.name; }

INSTANTIATE_TEST_SUITE_P(Scripts, MergeSteps, ::testing::ValuesIn(kScripts),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace tact::crash
