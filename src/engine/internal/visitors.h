// The visitors a shard has in memory, with what is staged but not yet durable.
#pragma once

#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "engine/internal/seen.h"
#include "engine/internal/shared.h"
#include "profile/fold.h"

namespace tact {

struct Visitor {
  VisitorId id;
  Profile profile;
  SeenMessages seen;
  bool dirty = false;                 // differs from what was staged last
  std::uint64_t staged = 0;           // number of the stage that holds its last change
  std::vector<VisitorId> absorbed{};  // since it was loaded: perhaps not durable yet
};

// Used by one shard's thread only.
class Visitors {
 public:
  Visitors(Shared& shared, std::size_t capacity) : shared_(shared), capacity_(capacity) {}

  // From memory or the store, refolded if the playbook's signals changed. The reference holds until
  // trim().
  Result<Visitor*> get(const VisitorId& id, const PlaybookState& playbook);
  // Forgets the least recently used whose changes are durable, down to the capacity.
  void trim(std::uint64_t finished_stages);
  void clear();

 private:
  using List = std::list<Visitor>;
  // Precondition of refold: everything staged for the visitor is durable (Shard::turn waits for
  // it).
  Result<Visitor> load(const VisitorId& id, const PlaybookState& playbook) const;
  Status refold(Visitor& visitor, const PlaybookState& playbook) const;

  Shared& shared_;
  std::size_t capacity_;
  List list_;  // most recently used first
  std::unordered_map<VisitorId, List::iterator, VisitorIdHash> by_id_;
};

}  // namespace tact
