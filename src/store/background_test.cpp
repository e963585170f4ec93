// The threads that flush and compact: they give way to requests, and none is starved.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "base/thread.h"
#include "store/store_test_util.h"

namespace tact {
namespace {

namespace fs = std::filesystem;

// By the threads' names; of several of a name, the greatest.
std::map<std::string, int> nicenesses() {
  std::map<std::string, int> found;
  for (const auto& thread : fs::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(thread.path() / "comm"), name);
    const auto id = static_cast<id_t>(std::stoul(thread.path().filename().string()));
    const int niceness = getpriority(PRIO_PROCESS, id);
    const auto [at, is_new] = found.try_emplace(name, niceness);
    if (!is_new) at->second = std::max(at->second, niceness);
  }
  return found;
}

TEST(Background, FlushingGoesAfterRequestsAndCompactingAfterThat) {
  const fs::path directory =
      fs::temp_directory_path() / ("tact_background_" + std::to_string(::getpid()));
  fs::remove_all(directory);
  const int own = getpriority(PRIO_PROCESS, 0);
  StoreOptions options;
  options.write_buffer_bytes = 256 << 10;
  auto store = Store::open(directory.string(), options);
  ASSERT_TRUE(store.has_value()) << store.error().to_text();
  const std::string value(1'000, 'v');
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  std::map<std::string, int> found;
  for (int row = 0; std::chrono::steady_clock::now() < deadline; ++row) {
    Batch batch;
    batch.put(Family::kProfile, std::to_string(row % 2'000), value);
    ASSERT_OK((*store)->commit(batch));
    if (row % 500 != 0) continue;
    found = nicenesses();
    if (found["rocksdb:high"] != 0 && found["rocksdb:low"] != 0) break;
  }
  EXPECT_GE(found["rocksdb:high"], kAfterRequests);
  EXPECT_GE(found["rocksdb:low"], kAfterThat);
  EXPECT_EQ(getpriority(PRIO_PROCESS, 0), own) << "whoever commits stays as it was";
  store->reset();
  fs::remove_all(directory);
}

}  // namespace
}  // namespace tact
