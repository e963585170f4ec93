// How much of the processors and the disk RocksDB's own threads get.
//
// Flushing goes after requests, and compacting after that; yet both go on however busy the machine
// is: a commit waits for a flush that falls behind, and then for all who share the processors with
// it. RocksDB's own CpuPriority::kLow, a niceness of 19, stopped commits for 20 s beside four
// programs that computed (docs/operations/benchmarks.md). Both work at a pace (pace.h) as long as
// they keep up.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/listener.h>

#include <memory>
#include <mutex>
#include <vector>

#include "store/internal/pace.h"

namespace tact::internal {

// So many new tables of a family are merged at once. Each time the next level is written anew: with
// RocksDB's default of 4 that takes twice the time; more is more to look through for a row.
inline constexpr int kTablesToMerge = 8;

// Concurrency: every method from any thread. Lives longer than the database.
class Background final : public rocksdb::EventListener {
 public:
  explicit Background(rocksdb::Env& env);

  // For DBOptions: the same files, at our pace.
  rocksdb::Env* env() const { return env_.get(); }
  const Pace& pace() const { return *pace_; }

  // From now on looks whether the jobs keep up, and until forget().
  void watch(rocksdb::DB& db, std::vector<rocksdb::ColumnFamilyHandle*> families);
  void forget();

  void OnFlushBegin(rocksdb::DB*, const rocksdb::FlushJobInfo&) override;
  void OnFlushCompleted(rocksdb::DB*, const rocksdb::FlushJobInfo&) override { look(); }
  void OnCompactionBegin(rocksdb::DB*, const rocksdb::CompactionJobInfo&) override;
  void OnCompactionCompleted(rocksdb::DB*, const rocksdb::CompactionJobInfo&) override { look(); }
  void OnMemTableSealed(const rocksdb::MemTableInfo&) override { look(); }

 private:
  void look();

  const std::shared_ptr<Pace> pace_;
  const std::unique_ptr<rocksdb::Env> env_;
  std::mutex mutex_;
  rocksdb::DB* db_ = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

}  // namespace tact::internal
