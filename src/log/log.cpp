#include "log/log.h"

#include <limits>

#include "base/bytes.h"
#include "event/codec.h"
#include "log/internal/run.h"
#include "store/keys.h"

namespace tact {
namespace {

constexpr std::uint8_t kStateVersion = 1;
constexpr Offset kLastOffset{std::numeric_limits<std::uint64_t>::max()};

// No visitor ids: an error may end in the operational log.
std::string place(Partition partition, Offset offset) {
  return "partition " + std::to_string(partition.value) + ", offset " +
         std::to_string(offset.value);
}

Error corrupt(std::string what, Partition partition, Offset offset) {
  return make_error(ErrorCode::kCorrupt, std::move(what), place(partition, offset));
}

Result<Record> decode_at(std::string_view bytes, Partition partition, Offset offset) {
  auto record = decode_record(bytes);
  if (!record) return corrupt("a record: " + record.error().message, partition, offset);
  return record;
}

// Reads rows of the history up to `to` for `visit`; a damaged one ends it with an error in
// `result`.
Store::Visit history_rows(Offset to, const VisitRecord& visit, Status& result) {
  return [&, to](std::string_view key, std::string_view value) {
    const auto row = keys::parse_history(key);
    if (!row) {
      result = make_error(ErrorCode::kCorrupt, "a history row has a damaged key");
      return false;
    }
    if (row->offset > to) return false;
    const auto record = decode_at(value, row->visitor.partition(), row->offset);
    if (!record) result = record.error();
    return record && visit(row->offset, *record);
  };
}

// A record the order names. It may have been removed after the scan began.
Status visit_ordered(const Store& store, const VisitorId& visitor, Offset offset,
                     const VisitLog& visit, bool& more) {
  auto record = read_record(store, visitor, offset);
  if (!record && record.error().code == ErrorCode::kNotFound) {
    const auto still = visitor_at(store, visitor.partition(), offset);
    if (!still && still.error().code == ErrorCode::kNotFound) return ok();
    return corrupt("the record is missing", visitor.partition(), offset);
  }
  if (!record) return record.error();
  more = visit(visitor, offset, *record);
  return ok();
}

// Those of a row's records that are not before `from`.
Status visit_run(const Store& store, const std::optional<internal::Run>& run, Offset from,
                 const VisitLog& visit, bool& more) {
  if (!run) return make_error(ErrorCode::kCorrupt, "an order row is damaged");
  for (Offset at = std::max(from, run->first); more && at < run->end(); ++at.value) {
    TACT_TRY(visit_ordered(store, run->visitor, at, visit, more));
  }
  return ok();
}

}  // namespace

std::string PartitionState::encode() const {
  ByteWriter writer;
  writer.u8(kStateVersion);
  writer.u64_be(last_offset.value);
  writer.u64_be(static_cast<std::uint64_t>(to_ms(last_received)));
  writer.u64_be(records);
  writer.u64_be(sum.high);
  writer.u64_be(sum.low);
  writer.u64_be(hash64(writer.str()));
  return writer.take();
}

Result<PartitionState> PartitionState::decode(std::string_view bytes) {
  // The checksum ends the row in every version, so damage is never taken for a newer version.
  constexpr std::size_t kChecksum = 8;
  const std::size_t size = std::max(bytes.size(), kChecksum) - kChecksum;
  if (ByteReader(bytes.substr(size)).u64_be() != hash64(bytes.substr(0, size))) {
    return make_error(ErrorCode::kCorrupt, "a partition's state row is damaged");
  }
  ByteReader reader(bytes.substr(0, size));
  const std::uint8_t version = reader.u8();
  if (version > kStateVersion) {
    return make_error(ErrorCode::kConflict, "a partition's state was written by a newer Tact");
  }
  PartitionState state;
  state.last_offset = Offset{reader.u64_be()};
  state.last_received = time_from_ms(static_cast<std::int64_t>(reader.u64_be()));
  state.records = reader.u64_be();
  state.sum.high = reader.u64_be();
  state.sum.low = reader.u64_be();
  if (reader.failed() || !reader.at_end() || version != kStateVersion) {
    return make_error(ErrorCode::kCorrupt, "a partition's state row is damaged");
  }
  return state;
}

Result<PartitionLog> PartitionLog::open(const Store& store, Partition partition) {
  PartitionLog log;
  log.partition_ = partition;
  TACT_ASSIGN(const auto row, store.get(Family::kMeta, keys::partition_state(partition)));
  if (row) {
    TACT_ASSIGN(log.state_, PartitionState::decode(*row));
  }
  // State and records are committed together; a record behind the state would be overwritten.
  bool beyond = false;
  TACT_TRY(store.scan(Family::kOrder, keys::order_prefix(partition),
                      keys::order(partition, log.next_offset()),
                      [&beyond](std::string_view, std::string_view) {
                        beyond = true;
                        return false;
                      }));
  if (beyond) return corrupt("the log goes on behind its state row", partition, log.next_offset());
  return log;
}

Offset PartitionLog::append(const VisitorId& visitor, const Record& record, Batch& batch) {
  CHECK(visitor.partition() == partition_);
  CHECK(record.received_at >= state_.last_received);
  const Offset offset = next_offset();
  std::string key = keys::history(visitor, offset);
  std::string value = encode_record(record);
  state_.sum += hash128(key, value);
  ++state_.records;
  state_.last_offset = offset;
  state_.last_received = record.received_at;
  batch.put(Family::kHistory, std::move(key), std::move(value));
  if (run_ && (run_->visitor != visitor || run_->records == internal::kMaxRun)) end_run(batch);
  if (!run_) run_ = internal::Run{visitor, offset, 0};
  ++run_->records;
  return offset;
}

void PartitionLog::end_run(Batch& batch) {
  if (run_) internal::put_run(*run_, batch);
  run_.reset();
}

Status PartitionLog::remove(const Store& store, const VisitorId& visitor, Offset offset,
                            std::string_view stored, Batch& batch) {
  CHECK(visitor.partition() == partition_);
  TACT_ASSIGN(const internal::Run run, internal::run_at(store, partition_, offset));
  CHECK(run.visitor == visitor);
  std::string key = keys::history(visitor, offset);
  state_.sum -= hash128(key, stored);
  --state_.records;
  batch.erase(Family::kHistory, std::move(key));
  internal::cut_run(run, offset, batch);
  return ok();
}

void PartitionLog::stage_state(Batch& batch) {
  end_run(batch);
  batch.put(Family::kMeta, keys::partition_state(partition_), state_.encode());
}

Status read_visitor(const Store& store, const VisitorId& visitor, Offset from, Offset to,
                    const VisitRecord& visit) {
  Status result = ok();
  TACT_TRY(store.scan(Family::kHistory, keys::history_prefix(visitor), keys::history(visitor, from),
                      history_rows(to, visit, result)));
  return result;
}

Status read_visitor_back(const Store& store, const VisitorId& visitor, const VisitRecord& visit) {
  Status result = ok();
  TACT_TRY(store.scan_back(Family::kHistory, keys::history_prefix(visitor),
                           history_rows(kLastOffset, visit, result)));
  return result;
}

Status read_partition(const Store& store, Partition partition, Offset from, const VisitLog& visit) {
  Status result = ok();
  TACT_TRY(store.scan(
      Family::kOrder, keys::order_prefix(partition), keys::order(partition, internal::before(from)),
      [&](std::string_view key, std::string_view value) {
        bool more = true;
        result = visit_run(store, internal::parse_run(key, value), from, visit, more);
        return more && result.has_value();
      }));
  return result;
}

Result<Record> read_record(const Store& store, const VisitorId& visitor, Offset offset) {
  TACT_ASSIGN(const auto row, store.get(Family::kHistory, keys::history(visitor, offset)));
  if (!row) {
    return make_error(ErrorCode::kNotFound, "there is no such record",
                      place(visitor.partition(), offset));
  }
  return decode_at(*row, visitor.partition(), offset);
}

Result<VisitorId> visitor_at(const Store& store, Partition partition, Offset offset) {
  TACT_ASSIGN(const internal::Run run, internal::run_at(store, partition, offset));
  return run.visitor;
}

}  // namespace tact
