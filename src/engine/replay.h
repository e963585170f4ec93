// State = fold(history): deriving a visitor's profile again from the log, for rebuild, verify,
// explain and a changed playbook.
#pragma once

#include "base/result.h"
#include "engine/playbooks.h"
#include "log/log.h"
#include "profile/fold.h"

namespace tact {

struct Replayed {
  Profile profile;
  Offset last;  // the last record folded
  std::uint64_t records = 0;
};

// Folds the records of `visitor` up to and including `to` under context's playbook. A record in
// which another visitor was absorbed under other signal definitions has that visitor's history
// folded anew. kCorrupt if a record does not decode. Cost: O(records).
Result<Replayed> replay(const Store& store, const VisitorId& visitor, Offset to,
                        const FoldContext& context);

inline constexpr Offset kToTheEnd{~0ULL};

// The same in slices: goes on after `replayed.last` with at most `most` records; true once it is at
// the end of what is stored. Start with begin_replay().
Replayed begin_replay(const FoldContext& context);
Result<bool> continue_replay(const Store& store, const VisitorId& visitor, std::size_t most,
                             const FoldContext& context, Replayed& replayed);

// The absorb record with its derived state under the playbook in use.
Result<AbsorbRecord> under_current_definitions(const Store& store, AbsorbRecord absorb,
                                               const FoldContext& context);

}  // namespace tact
