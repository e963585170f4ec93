#include "store/internal/families.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>

#include "base/log.h"
#include "store/internal/background.h"
#include "store/internal/file_checksum.h"
#include "store/internal/sorted_runs.h"

namespace tact::internal {
namespace {

constexpr std::size_t kMiB = 1u << 20;
constexpr std::size_t kVisitorBytes = 16;
constexpr std::size_t kExperimentBytes = 8;
constexpr double kMemtableFilter = 0.02;  // of a write buffer

// RocksDB's warnings and errors go where Tact's go. Its own LOG file must not exist: Debian builds
// RocksDB with assertions, and the second message after a failed write of LOG, as on a full disk,
// ends the process (assertion in WritableFileWriter).
class Messages final : public rocksdb::Logger {
 public:
  Messages() : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    std::array<char, 512> text;
    std::vsnprintf(text.data(), text.size(), format, arguments);
    std::string message = std::string("store: rocksdb: ") + text.data();
    while (message.back() == '\n') message.pop_back();
    // To check a table's sums RocksDB opens it by itself, and remarks that it is no number of the
    // manifest's. A wrong id in the manifest is an error, not this message.
    if (message.find("without unique ID to verify") != std::string::npos) return;
    log_warning(message);
  }
};

rocksdb::DBOptions db_options(const StoreOptions& options,
                              const std::shared_ptr<Background>& background) {
  rocksdb::DBOptions db;
  db.env = background->env();
  db.listeners.push_back(background);
  db.create_missing_column_families = true;

  // Integrity. Point-in-time recovery, RocksDB's default, silently drops everything behind a
  // flipped byte; this mode forgives only an incomplete last record, and the mark catches the rest.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db.track_and_verify_wals_in_manifest = true;
  db.paranoid_checks = true;
  db.verify_sst_unique_id_in_manifest = true;
  db.file_checksum_gen_factory = file_checksums();

  // Memory and disk. All families together keep two write buffers in memory, beside them 24 bytes
  // for each row that is not flushed (sorted_runs.h), and as many bytes as the buffers in
  // write-ahead logs, so that recovery stays short. Each family may have up to three full buffers
  // that wait, so that no commit has to when a flush takes longer.
  db.db_write_buffer_size = 2 * options.write_buffer_bytes;
  db.max_total_wal_size = 2 * options.write_buffer_bytes;
  db.max_open_files = 512;
  db.allow_concurrent_memtable_write = false;  // one committer; see sorted_runs.h
  db.max_background_jobs = 2;                  // a thread that flushes and one that compacts
  db.writable_file_max_buffer_size = Pace::kPiece;
  db.bytes_per_sync =
      kMiB;  // spreads the write-back of table files, so that commits do not wait for it
  db.max_manifest_file_size = 16 * kMiB;

  // No background work while idle.
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  db.info_log = std::make_shared<Messages>();
  db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  return db;
}

// History is read in runs of one visitor and facts by the million, the others mostly by single
// keys.
std::size_t block_bytes(Family family) {
  if (family == Family::kFacts) return 256 * 1024;
  return family == Family::kHistory ? 16 * 1024 : 4 * 1024;
}

std::shared_ptr<rocksdb::TableFactory> table_factory(const std::shared_ptr<rocksdb::Cache>& cache,
                                                     Family family) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;  // inside the one limit
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.optimize_filters_for_memory = true;
  table.whole_key_filtering = true;
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  table.block_size = block_bytes(family);
  return std::shared_ptr<rocksdb::TableFactory>(rocksdb::NewBlockBasedTableFactory(table));
}

rocksdb::ColumnFamilyOptions family_options(const StoreOptions& options,
                                            const std::shared_ptr<rocksdb::Cache>& cache,
                                            Family family) {
  static const auto memtables = sorted_runs();
  rocksdb::ColumnFamilyOptions column;
  column.memtable_factory = memtables;
  column.table_factory = table_factory(cache, family);
  column.write_buffer_size = options.write_buffer_bytes;
  column.max_write_buffer_number = 4;
  // Nine families with RocksDB's default of 1 MiB would hold 10 MiB for a handful of rows.
  column.arena_block_size = std::min<std::size_t>(64 * 1024, options.write_buffer_bytes / 8);
  // What has just been flushed is merged soon: to compress it costs a commit more than it saves.
  column.compression_per_level = {rocksdb::kNoCompression, rocksdb::kLZ4Compression};
  // Every report reads all facts of its experiments. With Zstandard they would take a fifth less
  // room, and half as much processor time again to read.
  column.bottommost_compression =
      family == Family::kFacts ? rocksdb::kLZ4Compression : rocksdb::kZSTD;
  column.level_compaction_dynamic_level_bytes = true;
  column.level0_file_num_compaction_trigger = kTablesToMerge;
  column.target_file_size_base = 32 * kMiB;
  column.paranoid_file_checks =
      true;  // every new table is read back before its sources are deleted
  column.force_consistency_checks = true;
  if (const std::size_t bytes = prefix_bytes(family); bytes > 0) {
    column.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(bytes));
  }
  // Most visitors asked for are new: a filter says so without a search in memory. The other
  // families are seldom asked for what they do not have, and would pay for it with each row.
  if (family == Family::kProfile || family == Family::kAlias) {
    column.memtable_prefix_bloom_size_ratio = kMemtableFilter;
    column.memtable_whole_key_filtering = true;
  }
  return column;
}

}  // namespace

const char* family_name(Family family) {
  switch (family) {
    case Family::kHistory:
      return "history";
    case Family::kOrder:
      return "order";
    case Family::kProfile:
      return "profile";
    case Family::kAlias:
      return "alias";
    case Family::kFacts:
      return "facts";
    case Family::kTimers:
      return "timers";
    case Family::kPlaybooks:
      return "playbooks";
    case Family::kSnapshots:
      return "snapshots";
    case Family::kMeta:
      return "meta";
  }
  return "unknown";
}

std::size_t prefix_bytes(Family family) {
  switch (family) {
    case Family::kHistory:
      return kVisitorBytes;
    case Family::kFacts:
      return kExperimentBytes;
    default:
      return 0;
  }
}

Tuning tuning(const StoreOptions& options) {
  Tuning result;
  rocksdb::Env& env = options.env != nullptr ? *options.env : *rocksdb::Env::Default();
  result.background = std::make_shared<Background>(env);
  result.db = db_options(options, result.background);
  const auto cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  for (std::size_t i = 0; i < kFamilies; ++i) {
    const auto family = static_cast<Family>(i);
    result.families.emplace_back(family_name(family), family_options(options, cache, family));
  }
  result.families.emplace_back(rocksdb::kDefaultColumnFamilyName,
                               family_options(options, cache, Family::kMeta));
  return result;
}

}  // namespace tact::internal
