#include "log/internal/run.h"

#include <algorithm>
#include <string>

#include "store/keys.h"

namespace tact::internal {
namespace {

constexpr std::size_t kVisitorBytes = 16;

std::string place(Partition partition, Offset offset) {
  return "partition " + std::to_string(partition.value) + ", offset " +
         std::to_string(offset.value);
}

}  // namespace

void put_run(const Run& run, Batch& batch) {
  CHECK(run.records >= 1 && run.records <= kMaxRun);
  std::string value = keys::history_prefix(run.visitor);
  if (run.records > 1) value.push_back(static_cast<char>(run.records));
  batch.put(Family::kOrder, keys::order(run.visitor.partition(), run.first), std::move(value));
}

std::optional<Run> parse_run(std::string_view key, std::string_view value) {
  const auto order = keys::parse_order(key);
  const auto visitor = keys::parse_visitor(value.substr(0, kVisitorBytes));
  if (!order || !visitor || visitor->partition() != order->partition) return std::nullopt;
  Run run{*visitor, order->offset, 1};
  if (value.size() == kVisitorBytes) return run;
  run.records = static_cast<unsigned char>(value[kVisitorBytes]);
  if (value.size() != kVisitorBytes + 1 || run.records < 2 || run.records > kMaxRun) {
    return std::nullopt;
  }
  return run;
}

Offset before(Offset offset) { return Offset{offset.value - std::min(offset.value, kMaxRun - 1)}; }

Result<Run> run_at(const Store& store, Partition partition, Offset offset) {
  std::optional<Run> found;
  bool damaged = false;
  TACT_TRY(store.scan(Family::kOrder, keys::order_prefix(partition),
                      keys::order(partition, before(offset)),
                      [&](std::string_view key, std::string_view value) {
                        const auto run = parse_run(key, value);
                        damaged = !run;
                        if (damaged || run->first > offset) return false;
                        if (run->end() > offset) found = run;
                        return !found;
                      }));
  if (damaged) {
    return make_error(ErrorCode::kCorrupt, "an order row is damaged", place(partition, offset));
  }
  if (!found) {
    return make_error(ErrorCode::kNotFound, "there is no such record", place(partition, offset));
  }
  return *found;
}

void cut_run(const Run& run, Offset offset, Batch& batch) {
  const std::uint64_t left = offset.value - run.first.value;
  const std::uint64_t right = run.records - left - 1;
  if (left > 0) {
    put_run({run.visitor, run.first, left}, batch);
  } else {
    batch.erase(Family::kOrder, keys::order(run.visitor.partition(), run.first));
  }
  if (right > 0) put_run({run.visitor, Offset{offset.value + 1}, right}, batch);
}

}  // namespace tact::internal
