#include "store/internal/background.h"

#include <rocksdb/env.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "base/thread.h"

namespace tact::internal {
namespace {

// Of a family, that are to be merged: RocksDB slows commits down from 20.
constexpr double kTablesInTime = kTablesToMerge, kTablesFarBehind = 16;
// Full memory tables of a family that wait to be written, one more than the one that is being
// written: from 3 on RocksDB slows commits down.
constexpr double kBuffersInTime = 0, kBuffersFarBehind = 1.5;

std::uint64_t buffers_to_write(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
  std::uint64_t count = 0;
  db.GetIntProperty(family, rocksdb::DB::Properties::kNumImmutableMemTable, &count);
  return count;
}

int tables_to_merge(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
  std::string text;
  int count = 0;
  if (db.GetProperty(family, rocksdb::DB::Properties::kNumFilesAtLevelPrefix + "0", &text)) {
    std::from_chars(text.data(), text.data() + text.size(), count);
  }
  return count;
}

// Below 0 or above 1 outside.
double between(double low, double high, double value) { return (value - low) / (high - low); }

}  // namespace

Background::Background(rocksdb::Env& env)
    : pace_(std::make_shared<Pace>()),
      env_(rocksdb::NewCompositeEnv(paced(env.GetFileSystem(), pace_))) {}

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
  std::uint64_t most_buffers = 0;
  int most_tables = 0;
  for (auto* family : families_) {
    most_buffers = std::max(most_buffers, buffers_to_write(*db_, family));
    most_tables = std::max(most_tables, tables_to_merge(*db_, family));
  }
  pace_->behind(Job::kFlush,
                between(kBuffersInTime, kBuffersFarBehind, static_cast<double>(most_buffers)));
  pace_->behind(Job::kCompaction, between(kTablesInTime, kTablesFarBehind, most_tables));
}

}  // namespace tact::internal
