#include "engine/internal/visitors.h"

#include "engine/internal/committer.h"
#include "store/keys.h"

namespace tact {

Profile Visitor::as_stored() const {
  Profile stored = profile;
  if (refolding) stored.derived.definitions = 0;
  return stored;
}

Result<Visitor*> Visitors::look_up(const VisitorId& id, const PlaybookState& playbook) {
  const auto found = by_id_.find(id);
  if (found != by_id_.end()) {
    Visitor& visitor = *found->second;
    used_.splice(used_.begin(), used_, used_.iterator_to(visitor));
    return &visitor;
  }
  auto loaded = std::make_unique<Visitor>();
  loaded->id = id;
  TACT_TRY(load(playbook, *loaded));
  Visitor& visitor = *by_id_.emplace(id, std::move(loaded)).first->second;
  used_.push_front(visitor);
  return &visitor;
}

Result<Visitor*> Visitors::get(const VisitorId& id, const PlaybookState& playbook) {
  TACT_ASSIGN(Visitor* const known, look_up(id, playbook));
  Visitor& visitor = *known;
  if (visitor.profile.derived.definitions != playbook.playbook->derived_hash) {
    // Events that come meanwhile are folded onto this; it is replaced in the end.
    visitor.profile.derived = start(*playbook.playbook).derived;
    visitor.refolding =
        std::make_unique<Replayed>(begin_replay({*playbook.playbook, playbook.experiments}));
    TACT_TRY(refold_more(visitor, playbook));
  }
  return &visitor;
}

Status Visitors::load(const PlaybookState& playbook, Visitor& visitor) const {
  TACT_ASSIGN(const auto stored, shared_.store.get(Family::kProfile, keys::profile(visitor.id)));
  if (!stored) {
    visitor.profile = start(*playbook.playbook);
    return ok();
  }
  TACT_ASSIGN(visitor.profile, Profile::decode(*stored));
  visitor.counted = visitor.profile.core.responses;
  TACT_ASSIGN(visitor.seen, SeenMessages::load(shared_.store, visitor.id,
                                               visitor.profile.core.seen_next, shared_.now()));
  return ok();
}

// Only the derived part: the core does not depend on the playbook. What is staged but not durable
// is not in the store yet: then the end is not reached either.
Status Visitors::refold_more(Visitor& visitor, const PlaybookState& playbook) const {
  const bool all_stored = !visitor.dirty && visitor.staged <= shared_.committer->finished();
  const FoldContext context{*playbook.playbook, playbook.experiments};
  TACT_ASSIGN(const bool ended, continue_replay(shared_.store, visitor.id, kRefoldAtOnce, context,
                                                *visitor.refolding));
  if (!ended || !all_stored) return ok();
  visitor.profile.derived = std::move(visitor.refolding->profile.derived);
  visitor.refolding.reset();
  return ok();
}

void Visitors::cool(const VisitorId& id) {
  const auto found = by_id_.find(id);
  if (found != by_id_.end()) used_.splice(used_.end(), used_, used_.iterator_to(*found->second));
}

void Visitors::trim(std::uint64_t finished_stages) {
  auto last = used_.end();
  while (by_id_.size() > capacity_ && last != used_.begin()) {
    --last;
    if (last->dirty || last->staged > finished_stages) continue;
    const VisitorId id = last->id;
    last = used_.erase(last);
    by_id_.erase(id);
  }
}

void Visitors::clear() {
  used_.clear();
  by_id_.clear();
}

}  // namespace tact
