#include <algorithm>

#include "log/internal/run.h"
#include "log/log.h"
#include "store/keys.h"

namespace tact {
namespace {

constexpr int kAttempts = 3;

Result<PartitionState> read_state(const Store& store, Partition partition) {
  TACT_ASSIGN(const auto row, store.get(Family::kMeta, keys::partition_state(partition)));
  if (!row) return PartitionState{};
  return PartitionState::decode(*row);
}

// Figures over what one family has of a partition's records.
struct Count {
  std::uint64_t rows = 0;
  Sum128 content;      // Σ hash(key ‖ value): history only
  Sum128 pairs;        // Σ hash(visitor ‖ offset): history and order must have the same pairs
  Offset last;         // the highest offset at all, counted or not
  std::string damage;  // the first row whose key or value has the wrong shape
};

void count_pair(Count& count, const VisitorId& visitor, Partition partition, Offset offset) {
  count.pairs += hash128(keys::history_prefix(visitor), keys::order(partition, offset));
}

// Rows behind `end` are not counted: they may have been appended since the state row was read.
Result<Count> count_history(const Store& store, Partition partition, Offset end) {
  Count count;
  TACT_TRY(store.scan(Family::kHistory, keys::order_prefix(partition), {},
                      [&](std::string_view key, std::string_view value) {
                        const auto history = keys::parse_history(key);
                        if (!history) {
                          count.damage = "a history key has a wrong size";
                          return true;
                        }
                        count.last = std::max(count.last, history->offset);
                        if (history->offset > end) return true;
                        ++count.rows;
                        count.content += hash128(key, value);
                        count_pair(count, history->visitor, partition, history->offset);
                        return true;
                      }));
  return count;
}

Result<Count> count_order(const Store& store, Partition partition, Offset end) {
  Count count;
  TACT_TRY(store.scan(Family::kOrder, keys::order_prefix(partition), {},
                      [&](std::string_view key, std::string_view value) {
                        const auto run = internal::parse_run(key, value);
                        if (!run) {
                          count.damage = "an order row is damaged";
                          return true;
                        }
                        for (Offset at = run->first; at < run->end(); ++at.value) {
                          count.last = std::max(count.last, at);
                          if (at > end) break;
                          ++count.rows;
                          count_pair(count, run->visitor, partition, at);
                        }
                        return true;
                      }));
  return count;
}

std::string text(const Sum128& sum) {
  std::string hex;
  for (const std::uint64_t half : {sum.high, sum.low}) {
    for (int shift = 60; shift >= 0; shift -= 4) hex += "0123456789abcdef"[half >> shift & 15];
  }
  return hex;
}

std::string difference(const PartitionState& stored, const Count& history, const Count& order,
                       Offset end) {
  if (!history.damage.empty()) return history.damage;
  if (!order.damage.empty()) return order.damage;
  if (history.rows != stored.records) {
    return "there are " + std::to_string(history.rows) + " records, the state row says " +
           std::to_string(stored.records);
  }
  if (history.content != stored.sum) {
    return "the records' sum is " + text(history.content) + ", the state row says " +
           text(stored.sum);
  }
  if (order.rows != history.rows) {
    return "the order names " + std::to_string(order.rows) + " records, there are " +
           std::to_string(history.rows);
  }
  if (order.pairs != history.pairs) return "order rows name other records than there are";
  if (const Offset last = std::max(history.last, order.last); last > end) {
    return "there is a record at offset " + std::to_string(last.value) +
           ", the state row ends at " + std::to_string(end.value);
  }
  return {};
}

}  // namespace

Result<PartitionCheck> check_partition(const Store& store, Partition partition) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    TACT_ASSIGN(const PartitionState stored, read_state(store, partition));
    TACT_ASSIGN(const Count history, count_history(store, partition, stored.last_offset));
    TACT_ASSIGN(const Count order, count_order(store, partition, stored.last_offset));
    TACT_ASSIGN(const PartitionState after, read_state(store, partition));
    const std::uint64_t appended = after.last_offset.value - stored.last_offset.value;
    if (after.records != stored.records + appended) continue;  // records were removed meanwhile
    PartitionCheck check;
    check.stored = stored;
    check.records = history.rows;
    check.sum = history.content;
    check.problem = difference(stored, history, order, after.last_offset);
    check.agrees = check.problem.empty();
    return check;
  }
  return make_error(ErrorCode::kUnavailable,
                    "records are being removed from the partition: check it again later",
                    "partition " + std::to_string(partition.value));
}

}  // namespace tact
