// The embedded database: families, atomic synced batches, and proof that nothing acknowledged is
// gone. Keys: store/keys.h. Formats: docs/formats/store.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rocksdb {
class Env;
}

namespace tact {

// RocksDB column families. Names are on disk; new ones may be added, none is ever renumbered.
enum class Family : std::uint8_t {
  kHistory,
  kOrder,
  kProfile,
  kAlias,
  kSeen,
  kFacts,
  kTimers,
  kPlaybooks,
  kSnapshots,
  kMeta
};
inline constexpr std::size_t kFamilies = 10;

// Puts and deletes that will be applied together, in order. A plain value: shards fill it, the
// committer joins many of them.
class Batch {
 public:
  struct Operation {
    Family family;
    bool erase;
    std::string key;
    std::string value;
  };
  void put(Family family, std::string key, std::string value) {
    operations_.push_back({family, false, std::move(key), std::move(value)});
  }
  void erase(Family family, std::string key) {
    operations_.push_back({family, true, std::move(key), {}});
  }
  const std::vector<Operation>& operations() const { return operations_; }
  bool empty() const { return operations_.empty(); }
  void clear() { operations_.clear(); }

 private:
  std::vector<Operation> operations_;
};

struct StoreOptions {
  std::size_t block_cache_bytes = 64u << 20;
  std::size_t write_buffer_bytes = 32u << 20;
  bool create_if_missing = true;
  // Open although acknowledged commits are missing or the log's tail is damaged: keep what can be
  // read in order and go on from there. Only on the operator's word; says in the log what is lost.
  bool accept_loss = false;
  rocksdb::Env* env = nullptr;  // tests inject one that drops unsynced bytes
};

// Concurrency: get/scan from any thread; commit from one thread at a time (the committer).
class Store {
 public:
  // Opens or creates DIR/db and checks DIR/commit.mark: a recovered sequence below the mark means
  // acknowledged records were lost → kCorrupt, and nothing is written. A directory of a newer
  // format → kConflict. A second process → kConflict.
  static Result<std::unique_ptr<Store>> open(const std::string& directory,
                                             StoreOptions options = {});
  virtual ~Store() = default;

  // Applies all batches as one atomic, synced write. On failure (kUnavailable) nothing of it is
  // visible to readers and every later commit fails too, until resume() succeeds.
  virtual Status commit(std::span<const Batch* const> batches) = 0;
  Status commit(const Batch& batch) {
    const Batch* one = &batch;
    return commit(std::span<const Batch* const>(&one, 1));
  }
  virtual Status resume() = 0;  // after a failed commit: reopen what can be, check the mark again
  virtual bool healthy() const = 0;

  virtual Result<std::optional<std::string>> get(Family family, std::string_view key) const = 0;

  // Calls visit(key, value) for every row with the prefix from `from` on (a full key ≥ prefix, or
  // empty), ascending, until it returns false. The snapshot is that of the call. kCorrupt if a
  // block checksum fails.
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;
  virtual Status scan(Family family, std::string_view prefix, std::string_view from,
                      const Visit& visit) const = 0;

  // Reads every block of every file and checks its checksum. kCorrupt names the file.
  virtual Status verify_files() const = 0;
  virtual Status checkpoint(const std::string& directory) const = 0;
  virtual std::uint64_t disk_bytes() const = 0;
};

}  // namespace tact
