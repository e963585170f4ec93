// A row of the family `order`: records of one visitor that follow each other in their partition's
// log. An event and the decision that follows it, or a visitor's events of one batch, are one row.
#pragma once

#include <optional>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "store/store.h"

namespace tact::internal {

// The longest run: as far back a lookup by offset has to look.
inline constexpr std::uint64_t kMaxRun = 16;

struct Run {
  VisitorId visitor;
  Offset first;
  std::uint64_t records = 0;  // 1 … kMaxRun on disk

  Offset end() const { return Offset{first.value + records}; }  // one behind its last
  bool operator==(const Run&) const = default;
};

void put_run(const Run& run, Batch& batch);
std::optional<Run> parse_run(std::string_view key, std::string_view value);  // or it is damaged

// Where a scan begins that is to meet the run of `offset`.
Offset before(Offset offset);
// The run in which the offset lies. kNotFound; kCorrupt if a row near it does not parse.
Result<Run> run_at(const Store& store, Partition partition, Offset offset);

// The rest of a run without one of its records.
void cut_run(const Run& run, Offset offset, Batch& batch);

}  // namespace tact::internal
