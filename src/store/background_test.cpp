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
#include "store/internal/background.h"
#include "store/store_test_util.h"
#include "store/testing/fault_env.h"

namespace tact {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

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
    if (found["rocksdb:high"] >= kAfterRequests && found["rocksdb:low"] >= kAfterThat) break;
  }
  EXPECT_GE(found["rocksdb:high"], kAfterRequests);
  EXPECT_GE(found["rocksdb:low"], kAfterThat);
  EXPECT_EQ(getpriority(PRIO_PROCESS, 0), own) << "whoever commits stays as it was";
  store->reset();
  fs::remove_all(directory);
}

// A database of RocksDB's own with one family.
class Paced {
 public:
  Paced() : background_(std::make_shared<internal::Background>(*disk_.env())) {
    rocksdb::Options options;
    options.env = background_->env();
    options.listeners.push_back(background_);
    options.writable_file_max_buffer_size = internal::Pace::kPiece;
    options.compression = rocksdb::kNoCompression;
    options.create_if_missing = true;
    options.write_buffer_size = 1 << 20;
    options.max_write_buffer_number = 8;
    rocksdb::DB* db = nullptr;
    EXPECT_TRUE(rocksdb::DB::Open(options, "/paced", &db).ok());
    db_.reset(db);
    background_->watch(*db_, {db_->DefaultColumnFamily()});
  }
  ~Paced() { background_->forget(); }

  rocksdb::DB& db() { return *db_; }
  std::uint64_t rests() const { return background_->pace().rests(); }
  void put(int kibibytes) {
    const std::string value(1'024, 'v');
    for (int row = 0; row < kibibytes; ++row) {
      EXPECT_TRUE(db_->Put({}, std::to_string(1'000'000 + row), value).ok());
    }
  }
  void wait_for_flushes() {
    for (std::uint64_t left = 1; left > 0; std::this_thread::sleep_for(1ms)) {
      db_->GetIntProperty(rocksdb::DB::Properties::kNumImmutableMemTable, &left);
    }
  }

 private:
  testing::FaultEnv disk_;
  std::shared_ptr<internal::Background> background_;
  std::unique_ptr<rocksdb::DB> db_;
};

TEST(Background, AFlushRestsAfterEachPiece) {
  Paced database;
  database.put(512);
  EXPECT_EQ(database.rests(), 0U) << "whoever commits does not rest";
  ASSERT_TRUE(database.db().Flush({}).ok());
  EXPECT_GE(database.rests(), 512 * 1'024 / internal::Pace::kPiece);
  EXPECT_LE(database.rests(), 3 * 512 * 1'024 / internal::Pace::kPiece);
}

TEST(Background, AFlushThatIsFarBehindDoesNotRest) {
  Paced database;
  ASSERT_TRUE(database.db().PauseBackgroundWork().ok());
  database.put(4'000);
  ASSERT_TRUE(database.db().ContinueBackgroundWork().ok());
  database.wait_for_flushes();
  EXPECT_EQ(database.rests(), 0U) << "three buffers are full";
  ASSERT_TRUE(database.db().Flush({}).ok());
  EXPECT_GT(database.rests(), 0U) << "and rests again when it has caught up";
}

}  // namespace
}  // namespace tact
