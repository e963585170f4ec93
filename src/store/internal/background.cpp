#include "store/internal/background.h"

#include <rocksdb/env.h>
#include <rocksdb/sst_file_manager.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "base/thread.h"

namespace tact::internal {
namespace {

// Of a family, that are to be merged. RocksDB merges from 4 on and slows commits down from 20.
constexpr int kTablesBehind = 8;

// To delete a table at once may keep the disk busy for 10 ms (measured: 32 MB on ext4 with
// `discard`).
constexpr std::int64_t kDeletedPerSecond = 128 << 20;
constexpr std::uint64_t kDeletedAtOnce = 1 << 20;
constexpr double kAnyTrash = 1e9;  // of the data; beyond it RocksDB would delete at once

int tables_to_merge(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
  std::string text;
  int count = 0;
  if (db.GetProperty(family, rocksdb::DB::Properties::kNumFilesAtLevelPrefix + "0", &text)) {
    std::from_chars(text.data(), text.data() + text.size(), count);
  }
  return count;
}

}  // namespace

Background::Background(rocksdb::Env& env, std::size_t buffer_bytes)
    : buffer_bytes_(buffer_bytes),
      pace_(std::make_shared<Pace>()),
      env_(rocksdb::NewCompositeEnv(paced(env.GetFileSystem(), pace_))),
      deletions_(rocksdb::NewSstFileManager(env_.get(), nullptr, "", kDeletedPerSecond, true,
                                            nullptr, kAnyTrash, kDeletedAtOnce)) {}

void Background::watch(rocksdb::DB& db, std::vector<rocksdb::ColumnFamilyHandle*> families) {
  {
    const std::lock_guard lock(mutex_);
    db_ = &db;
    families_ = std::move(families);
  }
  look();
}

void Background::forget() {
  const std::lock_guard lock(mutex_);
  db_ = nullptr;
}

// Called on the thread that does the work. Each is of a pool that does nothing else.
void Background::OnFlushBegin(rocksdb::DB*, const rocksdb::FlushJobInfo&) {
  let_others_go_first(kAfterRequests);
  Pace::begin(Job::kFlush);
}

void Background::OnCompactionBegin(rocksdb::DB*, const rocksdb::CompactionJobInfo&) {
  let_others_go_first(kAfterThat);
  Pace::begin(Job::kCompaction);
}

void Background::look() {
  const std::lock_guard lock(mutex_);
  if (db_ == nullptr) return;
  std::uint64_t held = 0;
  db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables, &held);
  pace_->hurry(Job::kFlush, held > buffer_bytes_ + buffer_bytes_ / 4);
  int most = 0;
  for (auto* family : families_) most = std::max(most, tables_to_merge(*db_, family));
  pace_->hurry(Job::kCompaction, most >= kTablesBehind);
}

}  // namespace tact::internal
