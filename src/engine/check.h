// State = fold(history), checked and restored: `tact verify` and `tact rebuild`. Both work on a
// store that no engine has open.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/playbooks.h"
#include "store/store.h"

namespace tact {

struct CheckReport {
  std::uint64_t records = 0, visitors = 0, facts = 0;
  std::uint64_t refold_later = 0;  // signals are of an older playbook; refolded at the next touch
  std::vector<std::string> problems;  // the first 100, each a sentence
  std::uint64_t problems_total = 0;
  bool ok() const { return problems_total == 0; }
};

// done: partitions finished of kPartitions.
using CheckProgress = std::function<void(int done)>;

// Every file's checksums, every partition's count and sum, and for every visitor: profile and
// facts against a replay of the history. Errors only if the store cannot be read at all.
Result<CheckReport> verify(const Store& store, const Playbooks& playbooks,
                           const CheckProgress& progress);

// Writes profiles and facts anew from the history. Refuses (kCorrupt) if the log
// itself does not add up.
Result<CheckReport> rebuild(Store& store, const Playbooks& playbooks,
                            const CheckProgress& progress);

}  // namespace tact
