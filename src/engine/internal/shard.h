// A shard: one thread that owns some partitions and everything of the visitors in them. No locks
// inside.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "engine/engine.h"
#include "engine/internal/committer.h"
#include "engine/internal/refolder.h"
#include "engine/internal/shared.h"
#include "engine/internal/visitors.h"
#include "log/log.h"
#include "profile/response_rates.h"

namespace tact {

class Shard {
 public:
  using Task = std::function<void(Shard&)>;

  Shard(Shared& shared, std::vector<Partition> partitions, std::size_t cached_visitors);
  ~Shard();  // runs what was posted, then ends the thread
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  Status open();  // reads the partitions' states; then start()
  void start();
  void post(Task task);  // any thread

  // --- for tasks, on the shard's own thread -----------------------------------------------------
  Shared& shared() const { return shared_; }
  const PlaybookState& playbook() const { return *playbook_; }
  FoldContext fold_context() const { return {*playbook_->playbook, playbook_->experiments}; }
  // A visitor that is still `refolding` is hurried: nothing may be decided from it.
  Result<Visitor*> visitor(const VisitorId& id);
  Status refold_more(Visitor& visitor) { return visitors_.refold_more(visitor, *playbook_); }
  void cool(const VisitorId& id) { visitors_.cool(id); }
  Batch& batch() { return stage_.batch; }
  PartitionLog& log_of(const VisitorId& id);
  // Appends, folds, and notes facts and the profile as changed. received_at must come from the log.
  Offset append(Visitor& visitor, const Record& record);
  // Its profile will be stored at the end of this turn.
  void note_changed(Visitor& visitor);
  // Called with the commit's result once everything staged so far in this turn is durable.
  void when_durable(std::function<void(const Status&)> done) {
    stage_.completions.push_back(std::move(done));
  }
  // A visitor here whose link is being undone: until that is through it changes no hands, or what
  // it handed over would be nobody's.
  bool is_unlinking(const VisitorId& id) const { return unlinking_.contains(id); }
  void set_unlinking(const VisitorId& id, bool now) {
    if (now) {
      unlinking_.insert(id);
    } else {
      unlinking_.erase(id);
    }
  }
  bool accepts() const;                           // false while the store is not ready
  bool is_durable(const Visitor& visitor) const;  // all that is known of them here

 private:
  void run();
  void turn(std::vector<Task>& tasks);
  void take_current_playbook();
  void finish_turn();
  // After a failed commit: forgets what was not made durable, resends absorbs that are due.
  void recover();
  void stage_profile(Visitor& visitor);
  void count_responses(Visitor& visitor);

  Shared& shared_;
  std::vector<Partition> partitions_;
  std::map<std::uint8_t, PartitionLog> logs_;
  Visitors visitors_;
  std::shared_ptr<const PlaybookState> playbook_;   // the one of this turn
  Stage stage_;                                     // of this turn
  std::vector<Visitor*> changed_;                   // in this turn
  std::map<std::uint8_t, bool> touched_;            // partitions, in this turn
  std::map<std::uint8_t, ResponseSums> responses_;  // by partition, as staged
  std::set<std::uint8_t> answered_;                 // partitions where they changed, in this turn
  std::uint64_t generation_ = 0;
  Refolder refolder_;
  std::set<VisitorId> unlinking_;

  std::mutex mutex_;  // guards tasks_, ending_
  std::condition_variable posted_;
  std::vector<Task> tasks_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace tact
