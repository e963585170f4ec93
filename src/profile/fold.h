// fold(profile, record): the deterministic function from history to state. No clock, no chance, no
// I/O.
#pragma once

#include <cstdint>
#include <vector>

#include "base/ids.h"
#include "event/event.h"
#include "playbook/playbook.h"
#include "profile/derived.h"
#include "profile/experiments.h"

namespace tact {

struct FoldContext {
  const Playbook& playbook;           // gives the derived part its signals
  const ExperimentBook& experiments;  // knows every playbook that decisions name
};

// What a fold did that is stored outside of the profile.
struct FoldEffects {
  std::vector<std::uint64_t> changed_experiments;  // rows of `facts` to write anew; may repeat
};

// Applies one record of `visitor` at `offset`. Precondition: profile.derived.definitions equals
// context.playbook.derived_hash (a fresh profile: call start() first).
// Cost: O(signals + exposures), well below 10 µs for a typical visitor.
void fold(Profile& profile, const VisitorId& visitor, Offset offset, const Record& record,
          const FoldContext& context, FoldEffects& effects);

// A profile without history, ready for folding under `playbook`.
Profile start(const Playbook& playbook);

// Ends the visit if `at` is more than kVisitGap after its last event, and raises what is known only
// then (ignored messages). fold() does it before each record; decide does it before looking.
void advance(Profile& profile, Time at, const FoldContext& context);

}  // namespace tact
