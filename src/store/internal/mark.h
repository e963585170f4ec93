// DIR/commit.mark: how far acknowledged commits went, kept apart from the database so that losing
// the database's tail cannot go unnoticed. Format: docs/formats/store.md.
#pragma once

#include <rocksdb/env.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"

namespace tact::internal {

// Where the database stands after a commit. The same values are in the commit's own batch (meta row
// "c"), so the recovered database and the mark can be compared.
struct CommitState {
  std::uint64_t commits = 0;  // commits since the directory was made
  Sum128 chain;               // over all commits so far, in order
  bool operator==(const CommitState&) const = default;

  std::string encode() const;  // 24 bytes, big-endian
  static std::optional<CommitState> decode(std::string_view bytes);
};

struct Mark {
  std::uint64_t sequence = 0;  // RocksDB's, of the commit's last operation
  CommitState state;
  bool operator==(const Mark&) const = default;
};

inline constexpr std::size_t kMarkSlotBytes = 64;
inline constexpr std::size_t kMarkSlotDistance = 4096;  // no write of one slot can tear the other
inline constexpr std::size_t kMarkFileBytes = 2 * kMarkSlotDistance;

std::string encode_slot(std::uint64_t generation, const Mark& mark);  // kMarkSlotBytes

// What is on disk. `exists` and no `mark`: neither slot is valid.
struct MarkOnDisk {
  bool exists = false;
  std::uint64_t generation = 0;
  std::optional<Mark> mark;
};
MarkOnDisk parse_mark(std::string_view file);

// The open file. Not synchronised: one owner.
class MarkFile {
 public:
  static Result<MarkOnDisk> read(rocksdb::Env& env, const std::string& path);
  // Replaces the whole file, atomically and synced: for a new directory and after an accepted loss.
  static Status create(rocksdb::Env& env, const std::string& path, const Mark& mark);
  // Opens an existing file with a valid mark.
  static Result<MarkFile> open(rocksdb::Env& env, const std::string& path);

  // Overwrites the older slot and syncs; the newer one stays until the sync is done.
  Status write(const Mark& mark);

 private:
  std::unique_ptr<rocksdb::RandomRWFile> file_;
  std::uint64_t generation_ = 0;
  std::string path_;
};

// Makes a directory's new and renamed entries durable.
Status sync_directory(rocksdb::Env& env, const std::string& path);
// Makes a directory, durably, unless it is there; its parent must be.
Status create_directory(rocksdb::Env& env, const std::string& path);

}  // namespace tact::internal
