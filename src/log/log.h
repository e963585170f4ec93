// The log: every record in one durable order per partition. The engine's shards stage records into
// their batch; the committer makes them durable. All else is derived from what is here.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/ids.h"
#include "base/result.h"
#include "event/event.h"
#include "log/internal/run.h"
#include "store/store.h"

namespace tact {

// Count and sum over a partition's live records: Σ XXH3-128(key ‖ value) mod 2^128 of its history
// rows. Order does not matter, a missing, added or altered record does.
struct PartitionState {
  Offset last_offset;  // 0 = empty
  Time last_received;
  std::uint64_t records = 0;
  Sum128 sum;
  bool operator==(const PartitionState&) const = default;

  std::string encode() const;
  static Result<PartitionState> decode(std::string_view bytes);
};

// The writing end of one partition. Owned and used by one shard only.
class PartitionLog {
 public:
  // kCorrupt if the state row does not decode, or if the log goes on behind it.
  static Result<PartitionLog> open(const Store& store, Partition partition);

  // received_at for a record arriving at `now`: never before the partition's last.
  Time receive_time(Time now) const { return std::max(now, state_.last_received); }
  Offset next_offset() const { return Offset{state_.last_offset.value + 1}; }

  // Puts the history row into `batch`, returns the record's offset; its order row follows with
  // stage_state() at the latest. `record.received_at` must come from receive_time(). In memory at
  // once; durable when the batch is committed.
  Offset append(const VisitorId& visitor, const Record& record, Batch& batch);
  // Takes a record out again, for retention and erasure: erases its rows and subtracts it from the
  // sum. `stored` is the record's value in the history family, byte for byte. It must be in the
  // store already, and no other record of its run (internal/run.h) leave in the same batch.
  // kNotFound: the order does not have it.
  Status remove(const Store& store, const VisitorId& visitor, Offset offset,
                std::string_view stored, Batch& batch);
  // Puts what is left of the order and the partition's state row; once per batch, after the last
  // append.
  void stage_state(Batch& batch);
  const PartitionState& state() const { return state_; }
  Partition partition() const { return partition_; }

 private:
  void end_run(Batch& batch);

  Partition partition_;
  PartitionState state_;
  std::optional<internal::Run> run_;  // of the newest records, not in a batch yet
};

// Reading. visit returns false to stop. kCorrupt if a record does not decode, or is missing
// although the order names it. A partition's records are read one by one: use read_visitor where
// one will do.
using VisitRecord = std::function<bool(Offset, const Record&)>;
Status read_visitor(const Store& store, const VisitorId& visitor, Offset from, Offset to,
                    const VisitRecord& visit);  // from ≤ offset ≤ to
Status read_visitor_back(const Store& store, const VisitorId& visitor,
                         const VisitRecord& visit);  // the newest first
using VisitLog = std::function<bool(const VisitorId&, Offset, const Record&)>;
Status read_partition(const Store& store, Partition partition, Offset from, const VisitLog& visit);
Result<Record> read_record(const Store& store, const VisitorId& visitor, Offset offset);
Result<VisitorId> visitor_at(const Store& store, Partition partition, Offset offset);  // kNotFound

// Recounts a partition's live records and compares them with its state row and with the order rows.
// May run beside commits. An error only if a row cannot be read (kCorrupt) or if records were
// removed at the same time again and again (kUnavailable).
struct PartitionCheck {
  PartitionState stored;
  std::uint64_t records = 0;
  Sum128 sum;
  bool agrees = false;
  std::string problem;  // both figures in words where it does not agree
};
Result<PartitionCheck> check_partition(const Store& store, Partition partition);

}  // namespace tact
