// The Store on RocksDB. Tests include this for flush_mark() and pause_mark().
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/snapshot.h"
#include "store/internal/database.h"
#include "store/internal/mark_writer.h"
#include "store/store.h"

namespace tact::internal {

// DIR/LOCK, released when destroyed.
class DirectoryLock {
 public:
  static Result<std::unique_ptr<DirectoryLock>> take(rocksdb::Env& env,
                                                     const std::string& directory);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  DirectoryLock(rocksdb::Env& env, rocksdb::FileLock* lock) : env_(env), lock_(lock) {}
  rocksdb::Env& env_;
  rocksdb::FileLock* const lock_;
};

class RocksStore final : public Store {
 public:
  static Result<std::unique_ptr<RocksStore>> open(const std::string& directory,
                                                  const StoreOptions& options);
  ~RocksStore() override;

  using Store::commit;
  Status commit(std::span<const Batch* const> batches) override;
  Status resume() override;
  bool healthy() const override { return healthy_.load(std::memory_order_acquire); }
  Result<std::optional<std::string>> get(Family family, std::string_view key) const override;
  Status scan(Family family, std::string_view prefix, std::string_view from,
              const Visit& visit) const override;
  Status scan_back(Family family, std::string_view prefix, const Visit& visit) const override;
  Status verify_files() const override;
  Status checkpoint(const std::string& directory) const override;
  std::uint64_t disk_bytes() const override;

  Status flush_mark();           // when it returns, the mark on disk names the last commit
  void pause_mark(bool paused);  // keeps the mark where it is

 private:
  RocksStore(std::string directory, StoreOptions options);
  rocksdb::Env& env() const;
  Status start();  // opens database and mark; needs commit_mutex_
  // Seals and writes; needs commit_mutex_.
  Status write(const Database& database, rocksdb::WriteBatch& batch);
  Status close_database();  // needs commit_mutex_
  Status require_space() const;
  Result<std::shared_ptr<const Database>> database() const;
  void fail(std::string_view why);

  const std::string directory_;
  const StoreOptions options_;
  std::unique_ptr<DirectoryLock> lock_;  // constant after open
  std::atomic<bool> healthy_{false};
  Published<Database> database_;  // null while closed; self-synchronised
  mutable std::mutex commit_mutex_;
  CommitState state_;                 // guarded by commit_mutex_; what the next batch follows
  std::optional<Mark> acknowledged_;  // guarded by commit_mutex_; the last good commit
  std::unique_ptr<MarkWriter> mark_;  // guarded by commit_mutex_; the writer by itself
  std::future<void> closed_;          // guarded by commit_mutex_; of the last database
};

}  // namespace tact::internal
