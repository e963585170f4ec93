// The open RocksDB and the check that nothing acknowledged is missing from it.
#pragma once

#include <rocksdb/db.h>

#include <array>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/internal/families.h"
#include "store/internal/mark.h"
#include "store/store.h"

namespace tact::internal {

// Owns the handles; closes when the last reader lets go. Immutable; RocksDB synchronises itself.
class Database {
 public:
  Database(std::shared_ptr<Background> background, std::unique_ptr<rocksdb::DB> db,
           std::vector<rocksdb::ColumnFamilyHandle*> handles);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* handle(Family family) const {
    return handles_[static_cast<std::size_t>(family)];
  }
  // Ready when the database is closed. At most one caller.
  std::future<void> closed() { return closed_.get_future(); }

 private:
  std::shared_ptr<Background> background_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  std::promise<void> closed_;
};

inline std::string database_path(const std::string& directory) { return directory + "/db"; }
inline std::string mark_path(const std::string& directory) { return directory + "/commit.mark"; }

inline constexpr char kCommitRow[] = "c";   // meta: CommitState after the batch it is in
inline constexpr std::uint8_t kFormat = 1;  // meta "mformat"

// The row's value; nullopt in a database in which nothing was ever committed.
Result<std::optional<CommitState>> read_commit_state(rocksdb::DB& db,
                                                     rocksdb::ColumnFamilyHandle* meta);

// What open found: acknowledged commits beyond the recovered ones are an error.
// acknowledged: what this process knows to be committed, beyond the mark on disk (resume).
struct Recovered {
  std::unique_ptr<Database> database;
  CommitState state;
};
// Precondition: this process holds DIR/LOCK. First looks at the database without writing, then
// opens it for writing and makes sure DIR/commit.mark is there.
Result<Recovered> open_database(const std::string& directory, const StoreOptions& options,
                                const std::optional<Mark>& acknowledged);

// Completes a commit's batch: counts it, chains its bytes and puts the commit row. Returns the
// state once the batch is written.
Result<CommitState> seal(rocksdb::WriteBatch& batch, const CommitState& before,
                         rocksdb::ColumnFamilyHandle* meta);

// Opens DIR/db for reading only, and returns its sequence and commit state: for checkpoints.
Result<Mark> inspect_database(const std::string& directory, const StoreOptions& options);

}  // namespace tact::internal
