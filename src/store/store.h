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
  kFacts,
  kTimers,
  kPlaybooks,
  kSnapshots,
  kMeta
};
inline constexpr std::size_t kFamilies = 9;

// Puts and deletes that will be applied together, in order. A plain value: shards fill it, the
// committer joins many of them. One buffer: a string each would be most of a commit's allocations.
class Batch {
 public:
  struct Operation {
    Family family;
    bool erase;
    std::string_view key, value;
  };
  void put(Family family, std::string_view key, std::string_view value) {
    add({family, false, key, value});
  }
  void erase(Family family, std::string_view key) { add({family, true, key, {}}); }
  std::size_t size() const { return rows_.size(); }
  std::size_t bytes() const { return bytes_.size(); }
  bool empty() const { return rows_.empty(); }
  void clear() {
    rows_.clear();
    bytes_.clear();
  }
  // visit(const Operation&) for each, in order; the views hold until the batch changes.
  template <typename Visit>
  void for_each(Visit&& visit) const {
    const std::string_view all = bytes_;
    std::size_t at = 0;
    for (const Row& row : rows_) {
      visit(Operation{row.family, row.erase, all.substr(at, row.key_bytes),
                      all.substr(at + row.key_bytes, row.value_bytes)});
      at += row.key_bytes + row.value_bytes;
    }
  }

 private:
  struct Row {
    Family family;
    bool erase;
    std::uint32_t key_bytes, value_bytes;
  };
  void add(const Operation& operation) {
    rows_.push_back({operation.family, operation.erase,
                     static_cast<std::uint32_t>(operation.key.size()),
                     static_cast<std::uint32_t>(operation.value.size())});
    bytes_ += operation.key;
    bytes_ += operation.value;
  }
  std::vector<Row> rows_;
  std::string bytes_;  // key, value, key, value …
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
  // The same from the last row with the prefix down to the first.
  virtual Status scan_back(Family family, std::string_view prefix, const Visit& visit) const = 0;

  // Reads every block of every file and checks its checksum. kCorrupt names the file.
  virtual Status verify_files() const = 0;
  virtual Status checkpoint(const std::string& directory) const = 0;
  virtual std::uint64_t disk_bytes() const = 0;
};

}  // namespace tact
