// One thread that makes staged batches durable: all that wait go into one synced write.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace tact {

// What a shard staged in one turn. Completions are called once, after the commit or its failure.
struct Stage {
  Batch batch;
  std::vector<std::function<void(const Status&)>> completions;
  std::uint64_t generation = 0;  // of the shard's state it was folded from
};

// Operation: shards may fold ahead on uncommitted state. If a commit fails, it and every stage of
// the same generation fail too, also one that wrote nothing: what it answers from may be lost. The
// generation rises, by which shards know to drop their caches; nothing is accepted until the store
// has resumed. Concurrency: submit() from any thread.
class Committer {
 public:
  explicit Committer(Store& store);
  ~Committer();  // commits what was submitted, then ends the thread
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Blocks while too much waits, so that memory stays bounded. Returns the stage's number: it is
  // finished once finished() has reached it.
  std::uint64_t submit(Stage stage);
  std::uint64_t generation() const { return generation_.load(std::memory_order_acquire); }
  bool healthy() const { return healthy_.load(std::memory_order_acquire); }
  std::uint64_t commits() const { return commits_.load(std::memory_order_relaxed); }
  // Stages submitted and stages finished so far: what was submitted up to n is durable once
  // finished ≥ n.
  std::uint64_t submitted() const { return submitted_.load(std::memory_order_acquire); }
  std::uint64_t finished() const { return finished_.load(std::memory_order_acquire); }

 private:
  void run();
  void commit(const std::vector<Stage>& stages);
  void try_to_resume();

  static constexpr std::size_t kMaxWaiting = 64;

  Store& store_;
  std::atomic<std::uint64_t> generation_{1}, commits_{0}, submitted_{0}, finished_{0};
  std::atomic<bool> healthy_{true};
  std::mutex mutex_;  // guards waiting_, ending_
  std::condition_variable filled_, drained_;
  std::vector<Stage> waiting_;
  bool ending_ = false;
  std::thread thread_;  // last: starts when all else is made
};

}  // namespace tact
