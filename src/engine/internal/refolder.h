// Folds every visitor of a shard again after the playbook's signals changed: in the background, in
// slices, with pauses, so that requests hardly notice.
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "store/store.h"

namespace tact {

class Shard;

// Notes in the batch of a playbook with other signals that every partition is to be folded again.
void stage_refold(Batch& batch);
// Of these partitions, those that are not through with `definitions`.
Result<std::vector<Partition>> unfolded(const Store& store,
                                        const std::vector<Partition>& partitions,
                                        std::uint64_t definitions);

// Used by one shard's thread only. What is done is noted per partition (keys::refolded), so that a
// restart goes on where it was.
class Refolder {
 public:
  using Clock = std::chrono::steady_clock;

  // These partitions may hold visitors of other definitions.
  void restart(std::vector<Partition> partitions);
  // Somebody waits for this visitor: before the others.
  void hurry(const VisitorId& visitor);
  bool idle() const { return partitions_.empty() && hurried_.empty(); }
  // When the next slice is due.
  Clock::time_point due() const { return due_; }
  // One slice, if one is due.
  Status step(Shard& shard);

 private:
  Status slice(Shard& shard);
  Status next_rows(Shard& shard);
  // True once the visitor is through.
  Result<bool> refold(Shard& shard, const VisitorId& visitor);

  std::deque<VisitorId> hurried_;
  std::vector<Partition> partitions_;  // the last one is being looked through …
  std::string from_;                   // … from this key on
  Clock::time_point due_{};
};

}  // namespace tact
