#include "engine/internal/visitors.h"

#include "engine/internal/committer.h"
#include "store/keys.h"

namespace tact {

Profile Visitor::as_stored() const {
  Profile stored = profile;
  if (refolding) stored.derived.definitions = 0;
  return stored;
}

Result<Visitor*> Visitors::get(const VisitorId& id, const PlaybookState& playbook) {
  const auto found = by_id_.find(id);
  if (found != by_id_.end()) {
    list_.splice(list_.begin(), list_, found->second);
  } else {
    TACT_ASSIGN(Visitor loaded, load(id, playbook));
    list_.push_front(std::move(loaded));
    by_id_[id] = list_.begin();
  }
  Visitor& visitor = list_.front();
  if (visitor.profile.derived.definitions != playbook.playbook->derived_hash) {
    // Events that come meanwhile are folded onto this; it is replaced in the end.
    visitor.profile.derived = start(*playbook.playbook).derived;
    visitor.refolding = begin_replay({*playbook.playbook, playbook.experiments});
    TACT_TRY(refold_more(visitor, playbook));
  }
  return &visitor;
}

Result<Visitor> Visitors::load(const VisitorId& id, const PlaybookState& playbook) const {
  Visitor visitor;
  visitor.id = id;
  TACT_ASSIGN(const auto stored, shared_.store.get(Family::kProfile, keys::profile(id)));
  if (!stored) {
    visitor.profile = start(*playbook.playbook);
    return visitor;
  }
  TACT_ASSIGN(visitor.profile, Profile::decode(*stored));
  visitor.counted = visitor.profile.core.responses;
  TACT_ASSIGN(visitor.seen,
              SeenMessages::load(shared_.store, id, visitor.profile.core.seen_next, shared_.now()));
  return visitor;
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
  if (found != by_id_.end()) list_.splice(list_.end(), list_, found->second);
}

void Visitors::trim(std::uint64_t finished_stages) {
  auto last = list_.end();
  while (list_.size() > capacity_ && last != list_.begin()) {
    --last;
    if (last->dirty || last->staged > finished_stages) continue;
    by_id_.erase(last->id);
    last = list_.erase(last);
  }
}

void Visitors::clear() {
  list_.clear();
  by_id_.clear();
}

}  // namespace tact
