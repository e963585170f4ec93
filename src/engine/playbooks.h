// The playbook in use, and every one that recorded decisions name.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "base/result.h"
#include "base/snapshot.h"
#include "playbook/compile.h"
#include "profile/experiments.h"
#include "store/store.h"

namespace tact {

struct PlaybookState {  // immutable once published
  std::shared_ptr<const Playbook> playbook;
  ExperimentBook experiments;  // of all stored playbooks
};

class Playbooks {
 public:
  // Reads all stored playbooks (they are kept as long as decisions name them).
  static Result<std::unique_ptr<Playbooks>> open(const Store& store);

  // Compiles and learns it; `batch` receives the row to commit, if it is new. kInvalid with the
  // first error.
  Result<ContentHash> prepare(const PlaybookFiles& files, Batch& batch);
  // From now on it is the current one. Only after its row is durable: decisions will name it.
  void make_current(const ContentHash& hash);
  std::shared_ptr<const PlaybookState> current() const { return current_.get(); }
  // By hash, current or not; kNotFound.
  Result<std::shared_ptr<const Playbook>> find(const ContentHash& hash) const;

 private:
  mutable std::mutex mutex_;  // guards all_ and experiments_
  std::map<ContentHash, std::shared_ptr<const Playbook>> all_;
  ExperimentBook experiments_;
  Published<PlaybookState> current_;
};

}  // namespace tact
