#include "engine/internal/visitors.h"

#include "engine/replay.h"
#include "store/keys.h"

namespace tact {

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
    TACT_TRY(refold(visitor, playbook));
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
  TACT_TRY(shared_.store.scan(Family::kSeen, keys::seen_prefix(id), {},
                              [&](std::string_view key, std::string_view value) {
                                const auto message = keys::parse_seen_message(key);
                                ByteReader in(value);
                                SeenMessage seen;
                                seen.number = in.varint();
                                seen.at = in.time();
                                if (message && !in.failed()) visitor.seen.restore(*message, seen);
                                return true;
                              }));
  return visitor;
}

// Only the derived part: the core does not depend on the playbook.
Status Visitors::refold(Visitor& visitor, const PlaybookState& playbook) const {
  const FoldContext context{*playbook.playbook, playbook.experiments};
  TACT_ASSIGN(Replayed replayed, replay(shared_.store, visitor.id, kToTheEnd, context));
  visitor.profile.derived = std::move(replayed.profile.derived);
  return ok();
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
