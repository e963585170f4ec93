#include "engine/internal/refolder.h"

#include <algorithm>

#include "engine/internal/shard.h"
#include "store/keys.h"

namespace tact {
namespace {

// A slice is followed by a pause of this many times its length: at most a fifth of the thread.
constexpr int kPause = 4;
constexpr auto kShortestPause = std::chrono::milliseconds(2);
constexpr std::size_t kRowsASlice = 200;  // profiles looked at
constexpr int kVisitorsASlice = 20;       // of those, folded again

std::string value_of(std::uint64_t definitions) {
  ByteWriter out;
  out.u64_be(definitions);
  return out.take();
}

}  // namespace

void stage_refold(Batch& batch) {
  for (int p = 0; p < kPartitions; ++p) {
    batch.put(Family::kMeta, keys::refolded(Partition{static_cast<std::uint8_t>(p)}), value_of(0));
  }
}

// No row: the signals have never changed since the directory was made.
Result<std::vector<Partition>> unfolded(const Store& store,
                                        const std::vector<Partition>& partitions,
                                        std::uint64_t definitions) {
  std::vector<Partition> out;
  for (const Partition partition : partitions) {
    TACT_ASSIGN(const auto row, store.get(Family::kMeta, keys::refolded(partition)));
    if (row && *row != value_of(definitions)) out.push_back(partition);
  }
  return out;
}

void Refolder::restart(std::vector<Partition> partitions) {
  partitions_ = std::move(partitions);
  from_.clear();
}

void Refolder::hurry(const VisitorId& visitor) {
  if (std::find(hurried_.begin(), hurried_.end(), visitor) == hurried_.end())
    hurried_.push_back(visitor);
}

Status Refolder::step(Shard& shard) {
  const auto began = Clock::now();
  if (idle() || began < due_ || !shard.accepts()) return ok();
  const Status done = slice(shard);
  const auto took = Clock::now() - began;
  due_ = Clock::now() + std::max<Clock::duration>(took * kPause, kShortestPause);
  return done;
}

Status Refolder::slice(Shard& shard) {
  if (!hurried_.empty()) {
    const VisitorId visitor = hurried_.front();
    hurried_.pop_front();
    TACT_ASSIGN(const bool through, refold(shard, visitor));
    if (!through) hurried_.push_back(visitor);
    return ok();
  }
  return next_rows(shard);
}

Status Refolder::next_rows(Shard& shard) {
  const Partition partition = partitions_.back();
  const std::uint64_t wanted = shard.playbook().playbook->derived_hash;
  const Store& store = shard.shared().store;
  std::vector<VisitorId> stale;
  std::size_t rows = 0;
  std::string next;
  const std::string prefix(1, static_cast<char>(partition.value));
  TACT_TRY(store.scan(Family::kProfile, prefix, from_,
                      [&](std::string_view key, std::string_view value) {
                        if (++rows > kRowsASlice || stale.size() >= kVisitorsASlice) {
                          next = key;
                          return false;
                        }
                        const auto visitor = keys::parse_visitor(key);
                        if (visitor && Profile::definitions_of(value) != wanted)
                          stale.push_back(*visitor);
                        return true;
                      }));
  for (const VisitorId& visitor : stale) {
    TACT_ASSIGN(const bool through, refold(shard, visitor));
    if (!through) hurry(visitor);
  }
  // The long histories come first, then this end of the partition is looked at once more.
  from_ = next.empty() && !hurried_.empty() ? keys::profile(stale.back()) : next;
  if (!from_.empty()) return ok();
  shard.batch().put(Family::kMeta, keys::refolded(partition), value_of(wanted));
  partitions_.pop_back();
  return ok();
}

Result<bool> Refolder::refold(Shard& shard, const VisitorId& id) {
  TACT_ASSIGN(Visitor * visitor, shard.visitor(id));
  if (visitor->refolding) TACT_TRY(shard.refold_more(*visitor));
  if (visitor->refolding) return false;
  shard.note_changed(*visitor);
  shard.cool(id);
  return true;
}

}  // namespace tact
