#include "store/internal/mark.h"

#include "base/bytes.h"
#include "store/internal/rocks_status.h"

namespace tact::internal {
namespace {

constexpr std::string_view kMagic = "TactMrk1";
constexpr std::size_t kChecksumBytes = 8;
constexpr std::size_t kPayloadBytes = 8 + 8 + 8 + 24;  // magic, generation, sequence, commit state
static_assert(kPayloadBytes + kChecksumBytes <= kMarkSlotBytes);

struct Slot {
  std::uint64_t generation = 0;
  Mark mark;
};

std::optional<Slot> parse_slot(std::string_view bytes) {
  if (bytes.size() < kMarkSlotBytes) return std::nullopt;
  const std::string_view payload = bytes.substr(0, kPayloadBytes);
  ByteReader reader(bytes.substr(0, kMarkSlotBytes));
  if (reader.raw(kMagic.size()) != kMagic) return std::nullopt;
  Slot slot;
  slot.generation = reader.u64_be();
  slot.mark.sequence = reader.u64_be();
  slot.mark.state.commits = reader.u64_be();
  slot.mark.state.chain.high = reader.u64_be();
  slot.mark.state.chain.low = reader.u64_be();
  if (reader.u64_be() != hash64(payload)) return std::nullopt;
  return slot;
}

}  // namespace

std::string CommitState::encode() const {
  ByteWriter writer;
  writer.u64_be(commits);
  writer.u64_be(chain.high);
  writer.u64_be(chain.low);
  return writer.take();
}

std::optional<CommitState> CommitState::decode(std::string_view bytes) {
  ByteReader reader(bytes);
  CommitState state;
  state.commits = reader.u64_be();
  state.chain.high = reader.u64_be();
  state.chain.low = reader.u64_be();
  if (reader.failed() || !reader.at_end()) return std::nullopt;
  return state;
}

std::string encode_slot(std::uint64_t generation, const Mark& mark) {
  ByteWriter writer;
  writer.raw(kMagic);
  writer.u64_be(generation);
  writer.u64_be(mark.sequence);
  writer.raw(mark.state.encode());
  writer.u64_be(hash64(writer.str()));
  std::string slot = writer.take();
  slot.resize(kMarkSlotBytes, '\0');
  return slot;
}

MarkOnDisk parse_mark(std::string_view file) {
  MarkOnDisk result;
  result.exists = true;
  for (const std::size_t at : {std::size_t{0}, kMarkSlotDistance}) {
    if (at >= file.size()) continue;
    const auto slot = parse_slot(file.substr(at));
    if (!slot) continue;
    if (!result.mark || slot->generation > result.generation) {
      result.generation = slot->generation;
      result.mark = slot->mark;
    }
  }
  return result;
}

Result<MarkOnDisk> MarkFile::read(rocksdb::Env& env, const std::string& path) {
  const rocksdb::Status exists = env.FileExists(path);
  if (exists.IsNotFound()) return MarkOnDisk{};
  if (!exists.ok()) return to_error(exists, "looking for the commit mark", path);
  std::string bytes;
  TACT_TRY(
      to_status(rocksdb::ReadFileToString(&env, path, &bytes), "reading the commit mark", path));
  return parse_mark(bytes);
}

Status MarkFile::create(rocksdb::Env& env, const std::string& path, const Mark& mark) {
  std::string bytes = encode_slot(1, mark);
  bytes.resize(kMarkSlotDistance, '\0');
  bytes += encode_slot(2, mark);
  bytes.resize(kMarkFileBytes, '\0');
  const std::string temporary = path + ".new";
  TACT_TRY(to_status(rocksdb::WriteStringToFile(&env, bytes, temporary, /*should_sync=*/true),
                     "creating the commit mark", path));
  TACT_TRY(to_status(env.RenameFile(temporary, path), "creating the commit mark", path));
  return sync_directory(env, path.substr(0, path.rfind('/')));
}

Result<MarkFile> MarkFile::open(rocksdb::Env& env, const std::string& path) {
  TACT_ASSIGN(const MarkOnDisk on_disk, read(env, path));
  if (!on_disk.mark) return make_error(ErrorCode::kCorrupt, "commit.mark has no valid mark", path);
  MarkFile result;
  result.path_ = path;
  result.generation_ = on_disk.generation;
  TACT_TRY(to_status(env.NewRandomRWFile(path, &result.file_, rocksdb::EnvOptions()),
                     "opening the commit mark", path));
  return result;
}

Status MarkFile::write(const Mark& mark) {
  // Generation g lives in slot (g + 1) % 2, so the next one overwrites the older. The number goes
  // up only after success: a failed write is repeated in the same slot, never over the good one.
  const std::uint64_t next = generation_ + 1;
  const std::uint64_t at = (next + 1) % 2 * kMarkSlotDistance;
  TACT_TRY(to_status(file_->Write(at, encode_slot(next, mark)), "writing the commit mark", path_));
  TACT_TRY(to_status(file_->Sync(), "syncing the commit mark", path_));
  generation_ = next;
  return ok();
}

Status sync_directory(rocksdb::Env& env, const std::string& path) {
  std::unique_ptr<rocksdb::Directory> directory;
  TACT_TRY(to_status(env.NewDirectory(path, &directory), "opening the directory", path));
  return to_status(directory->Fsync(), "syncing the directory", path);
}

Status create_directory(rocksdb::Env& env, const std::string& path) {
  if (env.FileExists(path).ok()) return ok();
  TACT_TRY(to_status(env.CreateDirIfMissing(path), "creating the data directory", path));
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return sync_directory(env, ".");
  return sync_directory(env, slash == 0 ? "/" : path.substr(0, slash));
}

}  // namespace tact::internal
