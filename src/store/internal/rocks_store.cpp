#include "store/internal/rocks_store.h"

#include <rocksdb/iterator.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <cstring>

#include "base/log.h"
#include "store/internal/rocks_status.h"

namespace tact::internal {
namespace {

constexpr std::size_t kRowOverhead = 12;          // of a WriteBatch: tag, family, two lengths
constexpr std::chrono::seconds kCloseTimeout{5};  // for readers to let go of a failed database

// Of each sorted run, of which a report reads some six at once in two threads.
constexpr std::size_t kReadAhead = 256 * 1024;

// What recovery may write: the logs again as tables, and a new log.
std::uint64_t space_to_resume(const StoreOptions& options) {
  return 4 * static_cast<std::uint64_t>(options.write_buffer_bytes);
}

// The least key above every key with the prefix; empty if there is none.
std::string prefix_end(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xFF') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

// Without a call for the usual prefixes: asked of every row of a long run.
bool begins_with(std::string_view key, std::string_view prefix) {
  std::uint64_t a = 0, b = 0;
  if (prefix.size() != sizeof(a) || key.size() < sizeof(a)) return key.starts_with(prefix);
  std::memcpy(&a, key.data(), sizeof(a));
  std::memcpy(&b, prefix.data(), sizeof(b));
  return a == b;
}

std::string_view view(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

Status fill(rocksdb::WriteBatch& out, const Batch& batch, const Database& database) {
  rocksdb::Status status;
  batch.for_each([&](const Batch::Operation& operation) {
    if (!status.ok()) return;
    rocksdb::ColumnFamilyHandle* const handle = database.handle(operation.family);
    const rocksdb::Slice key(operation.key.data(), operation.key.size());
    const rocksdb::Slice value(operation.value.data(), operation.value.size());
    status = operation.erase ? out.Delete(handle, key) : out.Put(handle, key, value);
  });
  return to_status(status, "preparing a commit");
}

std::uint64_t bytes_in(rocksdb::Env& env, const std::string& directory) {
  std::vector<rocksdb::Env::FileAttributes> files;
  if (!env.GetChildrenFileAttributes(directory, &files).ok()) return 0;
  std::uint64_t sum = 0;
  for (const auto& file : files) sum += file.size_bytes;
  return sum;
}

}  // namespace

Result<std::unique_ptr<DirectoryLock>> DirectoryLock::take(rocksdb::Env& env,
                                                           const std::string& directory) {
  rocksdb::FileLock* lock = nullptr;
  const std::string path = directory + "/LOCK";
  const rocksdb::Status status = env.LockFile(path, &lock);
  if (status.ok()) return std::unique_ptr<DirectoryLock>(new DirectoryLock(env, lock));
  const std::string text = status.ToString();
  // RocksDB says "While lock file" of another process, "lock hold by current process" of this one;
  // a file that cannot be made is something else.
  if (text.find("While lock file") != std::string::npos ||
      text.find("lock hold by current process") != std::string::npos) {
    return make_error(
        ErrorCode::kConflict,
        "another Tact is using this data directory: stop it first (its lock is " + path + ")",
        directory);
  }
  return to_error(status, "locking the data directory", directory);
}

DirectoryLock::~DirectoryLock() { env_.UnlockFile(lock_).PermitUncheckedError(); }

RocksStore::RocksStore(std::string directory, StoreOptions options)
    : directory_(std::move(directory)), options_(options) {}

rocksdb::Env& RocksStore::env() const {
  return options_.env != nullptr ? *options_.env : *rocksdb::Env::Default();
}

Result<std::unique_ptr<RocksStore>> RocksStore::open(const std::string& directory,
                                                     const StoreOptions& options) {
  std::string path = directory;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  std::unique_ptr<RocksStore> store(new RocksStore(path, options));
  if (options.create_if_missing) TACT_TRY(create_directory(store->env(), path));
  if (store->env().FileExists(path).IsNotFound()) {
    return make_error(ErrorCode::kNotFound, "there is no Tact data here", path);
  }
  TACT_ASSIGN(store->lock_, DirectoryLock::take(store->env(), path));
  const std::lock_guard lock(store->commit_mutex_);
  TACT_TRY(store->start());
  store->healthy_.store(true, std::memory_order_release);
  return store;
}

RocksStore::~RocksStore() {
  const std::lock_guard lock(commit_mutex_);
  mark_.reset();
  if (const Status closed = close_database(); !closed)
    log_error("store: " + closed.error().message);
}

Status RocksStore::start() {
  StoreOptions options = options_;
  if (acknowledged_) options.accept_loss = false;  // the operator's word held for the first opening
  TACT_ASSIGN(Recovered recovered, open_database(directory_, options, acknowledged_));
  TACT_ASSIGN(MarkFile file, MarkFile::open(env(), mark_path(directory_)));
  TACT_ASSIGN(mark_, MarkWriter::start(std::move(file), [this](const Error& error) {
                fail("the commit mark cannot be written: " + error.message);
              }));
  state_ = recovered.state;
  const Mark recovered_mark{recovered.database->db().GetLatestSequenceNumber(), state_};
  acknowledged_ = recovered_mark;
  // From here on readers see what was recovered, so it must not be lost unnoticed either.
  mark_->note(recovered_mark);
  TACT_TRY(mark_->flush());
  closed_ = recovered.database->closed();
  database_.set(std::shared_ptr<const Database>(std::move(recovered.database)));
  return ok();
}

Status RocksStore::close_database() {
  database_.set(nullptr);
  if (!closed_.valid()) return ok();
  if (closed_.wait_for(kCloseTimeout) != std::future_status::ready) {
    return make_error(ErrorCode::kUnavailable, "readers still hold the database: try again",
                      directory_);
  }
  closed_ = {};
  return ok();
}

Result<std::shared_ptr<const Database>> RocksStore::database() const {
  // Of this thread. RocksDB would count each comparison of two keys: 5 % of a commit, read by
  // nobody.
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
  auto result = database_.get();
  if (!result) {
    return make_error(ErrorCode::kUnavailable, "the store is closed until it has resumed",
                      directory_);
  }
  return result;
}

void RocksStore::fail(std::string_view why) {
  if (healthy_.exchange(false, std::memory_order_acq_rel)) {
    log_error("store: " + std::string(why));
  }
}

Status RocksStore::commit(std::span<const Batch* const> batches) {
  const std::lock_guard lock(commit_mutex_);
  if (!healthy()) {
    return make_error(ErrorCode::kUnavailable,
                      "an earlier commit failed; the store must resume first", directory_);
  }
  TACT_ASSIGN(const auto open, database());
  std::size_t bytes = 0;
  for (const Batch* batch : batches) bytes += batch->bytes() + kRowOverhead * batch->size();
  rocksdb::WriteBatch joined(bytes);
  for (const Batch* batch : batches) TACT_TRY(fill(joined, *batch, *open));
  if (joined.Count() == 0) return ok();
  return write(*open, joined);
}

Status RocksStore::write(const Database& database, rocksdb::WriteBatch& batch) {
  TACT_ASSIGN(const CommitState next, seal(batch, state_, database.handle(Family::kMeta)));
  rocksdb::WriteOptions synced;
  synced.sync = true;
  if (const rocksdb::Status status = database.db().Write(synced, &batch); !status.ok()) {
    Error error = to_error(status, "committing", directory_);
    error.code = ErrorCode::kUnavailable;
    fail("a commit failed: " + error.message);
    return error;
  }
  state_ = next;
  acknowledged_ = Mark{database.db().GetLatestSequenceNumber(), next};
  mark_->note(*acknowledged_);
  return ok();
}

Status RocksStore::require_space() const {
  std::uint64_t free = 0;
  if (!env().GetFreeSpace(directory_, &free).ok()) return ok();  // not known: just try
  if (const std::uint64_t needed = space_to_resume(options_); free < needed) {
    return make_error(ErrorCode::kUnavailable,
                      "the disk is full: " + std::to_string(free >> 20) + " MiB are free, " +
                          std::to_string(needed >> 20) + " MiB are needed to resume",
                      directory_);
  }
  return ok();
}

// Reopens rather than DB::Resume(): after a failed sync the kernel may have dropped the pages while
// a read still returns them; recovery reads the log and writes it again as new, synced tables.
Status RocksStore::resume() {
  const std::lock_guard lock(commit_mutex_);
  if (healthy()) return ok();
  TACT_TRY(require_space());  // before closing: on a full disk readers go on
  if (mark_) {
    if (const Status stopped = mark_->stop(); !stopped) {
      log_warning("store: " + stopped.error().message);  // acknowledged_ knows what must be there
    }
    mark_.reset();
  }
  TACT_TRY(close_database());
  TACT_TRY(start());
  // An empty commit: recovery may have succeeded on a disk that still takes no log.
  rocksdb::WriteBatch probe;
  TACT_TRY(write(*database_.get(), probe));
  healthy_.store(true, std::memory_order_release);
  log_info("store: resumed");
  return ok();
}

Result<std::optional<std::string>> RocksStore::get(Family family, std::string_view key) const {
  TACT_ASSIGN(const auto open, database());
  std::string value;
  const rocksdb::Status status = open->db().Get(rocksdb::ReadOptions(), open->handle(family),
                                                rocksdb::Slice(key.data(), key.size()), &value);
  if (status.IsNotFound()) return std::optional<std::string>{};
  TACT_TRY(to_status(status, "reading", family_name(family)));
  return std::optional<std::string>(std::move(value));
}

Status RocksStore::scan(Family family, std::string_view prefix, std::string_view from,
                        const Visit& visit) const {
  TACT_ASSIGN(const auto open, database());
  const std::string end = prefix_end(prefix);
  const rocksdb::Slice bound(end);
  rocksdb::ReadOptions read;
  const std::size_t filtered = prefix_bytes(family);
  // A prefix bloom filter answers only for at least its own prefix; shorter ones read in key order.
  const bool by_prefix = filtered > 0 && prefix.size() >= filtered;
  // A recount or a report must not empty the cache, and reads far ahead. It finds its rows anyway:
  // to ask the filter, every row's prefix would be compared.
  const bool long_run = family == Family::kFacts || (filtered > 0 && !by_prefix);
  read.prefix_same_as_start = by_prefix && !long_run;
  read.total_order_seek = !read.prefix_same_as_start;
  read.fill_cache = !long_run;
  read.ignore_range_deletions = true;  // there are none
  // A long run looks for its end itself: RocksDB would compare each key with the bound twice.
  if (!long_run && !end.empty()) read.iterate_upper_bound = &bound;
  if (long_run) read.readahead_size = kReadAhead;
  const std::unique_ptr<rocksdb::Iterator> row(open->db().NewIterator(read, open->handle(family)));
  const std::string_view start = from > prefix ? from : prefix;
  if (!end.empty() && start >= end) return ok();
  bool more = true;
  for (row->Seek(rocksdb::Slice(start.data(), start.size())); more && row->Valid(); row->Next()) {
    const std::string_view key = view(row->key());
    if (long_run && !begins_with(key, prefix)) break;
    more = visit(key, view(row->value()));
  }
  return to_status(row->status(), "scanning", family_name(family));
}

// Without the filter: it cannot be asked for what lies behind a prefix.
Status RocksStore::scan_back(Family family, std::string_view prefix, const Visit& visit) const {
  TACT_ASSIGN(const auto open, database());
  const std::string end = prefix_end(prefix);
  const rocksdb::Slice lower(prefix.data(), prefix.size()), upper(end);
  rocksdb::ReadOptions read;
  read.total_order_seek = true;
  read.iterate_lower_bound = &lower;
  if (!end.empty()) read.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> row(open->db().NewIterator(read, open->handle(family)));
  bool more = true;
  for (row->SeekToLast(); more && row->Valid(); row->Prev()) {
    more = visit(view(row->key()), view(row->value()));
  }
  return to_status(row->status(), "scanning", family_name(family));
}

Status RocksStore::verify_files() const {
  TACT_ASSIGN(const auto open, database());
  // The whole-file checksums in the manifest cover every byte; the blocks' own checksums then say
  // the same of what the readers see.
  TACT_TRY(to_status(open->db().VerifyFileChecksums(rocksdb::ReadOptions()), "verifying files",
                     directory_));
  return to_status(open->db().VerifyChecksum(), "verifying blocks", directory_);
}

Status RocksStore::checkpoint(const std::string& directory) const {
  TACT_ASSIGN(const auto open, database());
  if (env().FileExists(directory).ok()) {
    return make_error(ErrorCode::kConflict, "the checkpoint's directory exists already", directory);
  }
  Mark least;
  {
    const std::lock_guard lock(commit_mutex_);
    least = *acknowledged_;
  }
  TACT_TRY(create_directory(env(), directory));
  rocksdb::Checkpoint* raw = nullptr;
  TACT_TRY(
      to_status(rocksdb::Checkpoint::Create(&open->db(), &raw), "making a checkpoint", directory));
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(raw);
  TACT_TRY(to_status(checkpoint->CreateCheckpoint(database_path(directory)), "making a checkpoint",
                     directory));
  // A checkpoint that cannot be opened, or holds less than it should, is no checkpoint.
  TACT_ASSIGN(const Mark copied, inspect_database(directory, options_));
  if (copied.state.commits < least.state.commits || copied.sequence < least.sequence) {
    return make_error(ErrorCode::kInternal, "the checkpoint is incomplete: delete it", directory);
  }
  return MarkFile::create(env(), mark_path(directory), copied);
}

std::uint64_t RocksStore::disk_bytes() const {
  return bytes_in(env(), database_path(directory_)) + kMarkFileBytes;
}

Status RocksStore::flush_mark() {
  const std::lock_guard lock(commit_mutex_);
  return mark_ ? mark_->flush() : ok();
}

void RocksStore::pause_mark(bool paused) {
  const std::lock_guard lock(commit_mutex_);
  if (mark_) mark_->pause(paused);
}

}  // namespace tact::internal
