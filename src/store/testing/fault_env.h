// A disk in memory that can lose power, fail and flip bits: what tests put under a Store
// (StoreOptions::env). Models: google/leveldb db/fault_injection_test.cc and RocksDB's
// FaultInjectionTestFS; this one also loses directory entries that were never synced.
//
// A typical test:
//   FaultEnv disk;
//   { auto store = open("/data", {.env = disk.env()}); …commits…; disk.cut_power(); }
//   disk.drop_unsynced();
//   auto store = open("/data", …);   // what does it still know?
//
// The model is the strictest that POSIX permits: bytes are durable after their file's sync, names
// (created, renamed, deleted) after their directory's sync; directories themselves at once.
// Concurrency: every method from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rocksdb {
class Env;
}

namespace tact::testing {

class FaultFileSystem;

enum class DiskOperation { kAppend, kSync, kSyncDirectory, kCreate, kRename, kRead };

struct DiskFault {
  DiskOperation operation = DiskOperation::kSync;
  std::string path_contains{};  // "" = any file
  std::uint64_t after = 0;      // how many such operations succeed first
  std::uint64_t times = ~0ULL;  // how many then fail
  enum class Kind { kInputOutput, kNoSpace, kReadOnly } kind = Kind::kInputOutput;
};

class FaultEnv {
 public:
  FaultEnv();
  ~FaultEnv();
  FaultEnv(const FaultEnv&) = delete;
  FaultEnv& operator=(const FaultEnv&) = delete;

  rocksdb::Env* env();

  // From now on nothing changes the disk any more: every write and sync fails. Close everything,
  // then say what was lost.
  void cut_power();
  // Power is back: every file has its synced bytes only, every directory its synced names.
  void drop_unsynced();
  // The same, but of the unsynced bytes of each file a random beginning survived, and each unsynced
  // overwrite may have happened wholly, half or not at all.
  void tear_unsynced(std::uint64_t seed);

  void inject(DiskFault fault);
  void clear_faults();
  void set_free_bytes(std::uint64_t bytes);  // what GetFreeSpace says

  // Looking at and damaging the disk. write() is durable at once.
  std::vector<std::string> files() const;           // full paths, sorted
  std::string read(const std::string& path) const;  // "" if there is none
  void write(const std::string& path, std::string bytes);
  void erase(const std::string& path);
  void flip(const std::string& path, std::size_t offset, std::uint8_t mask);
  std::uint64_t syncs() const;  // of files and directories so far

  // The whole disk, to go back to. Nothing may be open.
  using Image = std::map<std::string, std::string>;
  Image image() const;
  void restore(const Image& image);

 private:
  std::shared_ptr<FaultFileSystem> files_;
  std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace tact::testing
