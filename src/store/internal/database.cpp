#include "store/internal/database.h"

#include <rocksdb/write_batch.h>

#include <algorithm>

#include "base/log.h"
#include "store/internal/rocks_status.h"
#include "store/keys.h"

namespace tact::internal {
namespace {

constexpr std::size_t kBatchHeader =
    12;  // sequence and count, which RocksDB fills in when it writes

rocksdb::Env& env_of(const StoreOptions& options) {
  return options.env != nullptr ? *options.env : *rocksdb::Env::Default();
}

// Point-in-time recovery keeps what can be read before the damage; only for an accepted loss.
Tuning tuning_for(const StoreOptions& options) {
  Tuning result = tuning(options);
  if (options.accept_loss) {
    result.db.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  }
  return result;
}

Error newer_format(const std::string& directory) {
  return make_error(
      ErrorCode::kConflict,
      "the data directory was written by a newer Tact: run that version, or restore a "
      "backup made by this one",
      directory);
}

// The families on disk with their options. kConflict if there is one we do not know.
Result<std::vector<rocksdb::ColumnFamilyDescriptor>> families_on_disk(const std::string& directory,
                                                                      const Tuning& tuned) {
  std::vector<std::string> names;
  const std::string path = database_path(directory);
  TACT_TRY(to_status(rocksdb::DB::ListColumnFamilies(tuned.db, path, &names),
                     "reading the list of families", path));
  std::vector<rocksdb::ColumnFamilyDescriptor> result;
  for (const std::string& name : names) {
    const auto known = std::find_if(tuned.families.begin(), tuned.families.end(),
                                    [&name](const auto& family) { return family.name == name; });
    if (known == tuned.families.end()) return newer_format(directory);
    result.push_back(*known);
  }
  return result;
}

Status check_format(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* meta, bool committed,
                    const std::string& directory) {
  std::string value;
  const rocksdb::Status found = db.Get(rocksdb::ReadOptions(), meta, keys::meta("format"), &value);
  if (found.IsNotFound() && !committed) return ok();  // creation was interrupted
  if (found.IsNotFound() || (found.ok() && value.size() != 1)) {
    return make_error(ErrorCode::kCorrupt, "the format row is missing or damaged", directory);
  }
  TACT_TRY(to_status(found, "reading the format", directory));
  if (static_cast<std::uint8_t>(value[0]) > kFormat) return newer_format(directory);
  return ok();
}

// A read-only look: where the database stands. Writes nothing.
Result<Mark> inspect(const std::string& directory, const Tuning& tuned) {
  TACT_ASSIGN(const auto families, families_on_disk(directory, tuned));
  const std::string path = database_path(directory);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  TACT_TRY(to_status(rocksdb::DB::OpenForReadOnly(tuned.db, path, families, &handles, &raw),
                     "reading the database", path));
  const Database database(tuned.background, std::unique_ptr<rocksdb::DB>(raw), handles);
  Mark result;
  result.sequence = raw->GetLatestSequenceNumber();
  const std::string_view meta_name = family_name(Family::kMeta);
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    if (handle->GetName() != meta_name) continue;
    TACT_ASSIGN(const auto state, read_commit_state(*raw, handle));
    TACT_TRY(check_format(*raw, handle, state.has_value(), directory));
    result.state = state.value_or(CommitState{});
  }
  return result;
}

constexpr std::string_view kWhatToDo =
    ". Nothing was changed. Look at the disk's health, then restore the newest checkpoint, or "
    "start "
    "once with --accept-loss to go on without what is missing";

Error lost(std::string what, const std::string& directory) {
  what += kWhatToDo;
  return make_error(ErrorCode::kCorrupt, std::move(what), directory);
}

Status check_against(const Mark& found, const Mark& mark, const std::string& directory) {
  if (found.state.commits < mark.state.commits) {
    return lost(std::to_string(mark.state.commits - found.state.commits) +
                    " acknowledged commits are missing: the database has " +
                    std::to_string(found.state.commits) + ", commit.mark says " +
                    std::to_string(mark.state.commits),
                directory);
  }
  if (found.sequence < mark.sequence) {
    return lost("acknowledged rows are missing: the database ends at sequence " +
                    std::to_string(found.sequence) + ", commit.mark says " +
                    std::to_string(mark.sequence),
                directory);
  }
  if (found.state.commits == mark.state.commits && found.state.chain != mark.state.chain) {
    return lost("the database and commit.mark do not belong together, or commits were altered",
                directory);
  }
  return ok();
}

// Everything that is known to be acknowledged is in what was found.
Status check_nothing_lost(const Mark& found, const MarkOnDisk& on_disk,
                          const std::optional<Mark>& acknowledged, const std::string& directory) {
  if (on_disk.mark) {
    TACT_TRY(check_against(found, *on_disk.mark, directory));
  } else if (found.state.commits > 1) {  // 1: creation, interrupted before the mark was made
    return lost(on_disk.exists ? "both slots of commit.mark are damaged: it cannot be told whether "
                                 "acknowledged commits are missing"
                               : "commit.mark is missing: it cannot be told whether acknowledged "
                                 "commits are",
                directory);
  }
  if (acknowledged) TACT_TRY(check_against(found, *acknowledged, directory));
  return ok();
}

Result<std::unique_ptr<Database>> open_for_writing(const std::string& directory,
                                                   const Tuning& tuned) {
  const std::string path = database_path(directory);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  TACT_TRY(to_status(rocksdb::DB::Open(tuned.db, path, tuned.families, &handles, &raw),
                     "opening the database", path));
  return std::make_unique<Database>(tuned.background, std::unique_ptr<rocksdb::DB>(raw),
                                    std::move(handles));
}

// The first commit of a new directory holds the format row.
Result<CommitState> commit_format(const Database& database, const std::string& directory) {
  rocksdb::WriteBatch batch;
  const std::string format(1, static_cast<char>(kFormat));
  TACT_TRY(to_status(batch.Put(database.handle(Family::kMeta), keys::meta("format"), format),
                     "writing the format", directory));
  TACT_ASSIGN(const CommitState state, seal(batch, CommitState{}, database.handle(Family::kMeta)));
  rocksdb::WriteOptions write;
  write.sync = true;
  TACT_TRY(to_status(database.db().Write(write, &batch), "writing the format", directory));
  return state;
}

// Looks before anything is written. nullopt: there is no database yet, and one may be made.
Result<std::optional<Mark>> look(const std::string& directory, const StoreOptions& options,
                                 const Tuning& tuned, const MarkOnDisk& on_disk,
                                 const std::optional<Mark>& acknowledged) {
  const std::string current = database_path(directory) + "/CURRENT";
  const rocksdb::Status exists = env_of(options).FileExists(current);
  if (!exists.ok() && !exists.IsNotFound()) {
    return to_error(exists, "looking for the database", current);
  }
  std::optional<Mark> found;
  if (exists.ok()) {
    TACT_ASSIGN(found, inspect(directory, tuned));
  }
  const Status complete =
      check_nothing_lost(found.value_or(Mark{}), on_disk, acknowledged, directory);
  if (!complete) {
    if (!options.accept_loss) return complete.error();
    log_warning("store: loss accepted: " + complete.error().message);
  }
  if (!found && !options.create_if_missing) {
    return make_error(ErrorCode::kNotFound, "there is no Tact data here", directory);
  }
  return found;
}

}  // namespace

Database::Database(std::shared_ptr<Background> background, std::unique_ptr<rocksdb::DB> db,
                   std::vector<rocksdb::ColumnFamilyHandle*> handles)
    : background_(std::move(background)), db_(std::move(db)), handles_(std::move(handles)) {
  background_->watch(*db_, handles_);
}

Database::~Database() {
  background_->forget();
  for (rocksdb::ColumnFamilyHandle* handle : handles_) {
    db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  db_->Close()
      .PermitUncheckedError();  // every commit is synced already: nothing can fail that matters
  db_.reset();
  closed_.set_value();
}

Result<std::optional<CommitState>> read_commit_state(rocksdb::DB& db,
                                                     rocksdb::ColumnFamilyHandle* meta) {
  std::string value;
  const rocksdb::Status status = db.Get(rocksdb::ReadOptions(), meta, kCommitRow, &value);
  if (status.IsNotFound()) return std::optional<CommitState>{};
  TACT_TRY(to_status(status, "reading the commit row"));
  const auto state = CommitState::decode(value);
  if (!state) return make_error(ErrorCode::kCorrupt, "the commit row is damaged");
  return state;
}

Result<CommitState> seal(rocksdb::WriteBatch& batch, const CommitState& before,
                         rocksdb::ColumnFamilyHandle* meta) {
  const std::string& bytes = batch.Data();
  CommitState after;
  after.commits = before.commits + 1;
  after.chain = hash128(before.encode(), std::string_view(bytes).substr(kBatchHeader));
  TACT_TRY(to_status(batch.Put(meta, kCommitRow, after.encode()), "adding the commit row"));
  return after;
}

Result<Recovered> open_database(const std::string& directory, const StoreOptions& options,
                                const std::optional<Mark>& acknowledged) {
  rocksdb::Env& env = env_of(options);
  const std::string mark = mark_path(directory);
  TACT_ASSIGN(const MarkOnDisk on_disk, MarkFile::read(env, mark));
  Tuning tuned = tuning_for(options);
  TACT_ASSIGN(const auto found, look(directory, options, tuned, on_disk, acknowledged));
  tuned.db.create_if_missing = !found.has_value();
  if (!found) TACT_TRY(create_directory(env, database_path(directory)));

  Recovered result;
  TACT_ASSIGN(result.database, open_for_writing(directory, tuned));
  rocksdb::DB& db = result.database->db();
  TACT_ASSIGN(const auto state, read_commit_state(db, result.database->handle(Family::kMeta)));
  if (state.value_or(CommitState{}) != found.value_or(Mark{}).state) {
    return make_error(ErrorCode::kCorrupt, "the database changed while it was opened", directory);
  }
  if (state) {
    result.state = *state;
  } else {
    TACT_ASSIGN(result.state, commit_format(*result.database, directory));
  }
  if (!on_disk.mark || options.accept_loss) {
    TACT_TRY(MarkFile::create(env, mark, {db.GetLatestSequenceNumber(), result.state}));
  }
  return result;
}

Result<Mark> inspect_database(const std::string& directory, const StoreOptions& options) {
  return inspect(directory, tuning(options));
}

}  // namespace tact::internal
