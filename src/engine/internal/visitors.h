// The visitors a shard has in memory, with what is staged but not yet durable.
#pragma once

#include <boost/intrusive/list.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <vector>

#include "base/result.h"
#include "engine/internal/seen.h"
#include "engine/internal/shared.h"
#include "engine/replay.h"
#include "profile/fold.h"

namespace tact {

// About 2 KB with what it points to, for a visitor of a few pages.
struct Visitor : boost::intrusive::list_base_hook<> {
  VisitorId id;
  Profile profile;
  SeenMessages seen;
  bool dirty = false;        // differs from what was staged last
  std::uint64_t staged = 0;  // number of the stage that holds its last change
  Responses counted{};       // what its partition's sums hold of it
  // Link records absorbed since it was loaded: perhaps not durable yet.
  std::vector<std::pair<VisitorId, Offset>> absorbed{};
  // A long history that is being folded again under a changed playbook: until it is through,
  // profile.derived is not what the history gives, and nothing may be decided from it.
  std::unique_ptr<Replayed> refolding{};  // rare, and as large as all the rest

  // For the store and for a link record: derived state that is not through yet claims no
  // definitions, so that whoever reads it folds it again.
  Profile as_stored() const;
};

// Records a touch folds again at once; the rest is done in the background, in slices of as many.
inline constexpr std::size_t kRefoldAtOnce = 2'000;

// Used by one shard's thread only.
class Visitors {
 public:
  Visitors(Shared& shared, std::size_t capacity) : shared_(shared), capacity_(capacity) {}

  // From memory or the store. If the playbook's signals changed, up to kRefoldAtOnce records are
  // folded again; a longer history is left `refolding`. The pointer holds until trim().
  Result<Visitor*> get(const VisitorId& id, const PlaybookState& playbook);
  // Folds another slice of a visitor that is refolding.
  Status refold_more(Visitor& visitor, const PlaybookState& playbook) const;
  // Will be the first to be forgotten: nobody asked for this visitor.
  void cool(const VisitorId& id);
  // Forgets the least recently used whose changes are durable, down to the capacity.
  void trim(std::uint64_t finished_stages);
  void clear();

 private:
  Result<Visitor*> look_up(const VisitorId& id, const PlaybookState& playbook);
  Status load(const PlaybookState& playbook, Visitor& visitor) const;  // by its id

  Shared& shared_;
  std::size_t capacity_;
  // Flat, and of pointers: a look into it meets two lines of the cache instead of five or more.
  boost::unordered_flat_map<VisitorId, std::unique_ptr<Visitor>, VisitorIdHash> by_id_;
  boost::intrusive::list<Visitor> used_;  // of by_id_, most recently used first
};

}  // namespace tact
