// State = fold(history): deriving a visitor's profile again from the log, for rebuild, verify,
// explain and a changed playbook.
#pragma once

#include <set>

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

// Folds the records of `visitor` up to and including `to` under context's playbook. A record that
// carries another visitor's state under other signal definitions has that history folded anew.
// kCorrupt if a record does not decode. Cost: O(records).
Result<Replayed> replay(const Store& store, const VisitorId& visitor, Offset to,
                        const FoldContext& context);

inline constexpr Offset kToTheEnd{~0ULL};

// The same in slices: goes on after `replayed.last` with at most `most` records; true once it is at
// the end of what is stored. Start with begin_replay().
Replayed begin_replay(const FoldContext& context);
Result<bool> continue_replay(const Store& store, const VisitorId& visitor, std::size_t most,
                             const FoldContext& context, Replayed& replayed);

// Links that were undone: (loser, offset of its link record).
using DetachedLinks = std::set<std::pair<VisitorId, Offset>>;
// Of the visitor and of everybody it absorbed, up to `to`.
Result<DetachedLinks> detached_links(const Store& store, const VisitorId& visitor, Offset to);

// The record with its derived state under the playbook in use.
Result<AbsorbRecord> under_current_definitions(const Store& store, AbsorbRecord absorb,
                                               const FoldContext& context);
Result<UnlinkRecord> under_current_definitions(const Store& store, const VisitorId& loser,
                                               UnlinkRecord unlink, const FoldContext& context);

// What `winner` would be after `to` had the link in `detach`, and those undone before it, never
// been: sets core and derived.
Result<DetachRecord> without_link(const Store& store, const VisitorId& winner, Offset to,
                                  DetachRecord detach, const FoldContext& context);

}  // namespace tact
