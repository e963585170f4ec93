#include "engine/internal/committer.h"

#include <chrono>

#include "base/log.h"
#include "base/thread.h"

namespace tact {
namespace {
constexpr auto kResumeInterval = std::chrono::milliseconds(200);
}  // namespace

Committer::Committer(Store& store)
    : store_(store), thread_(named_thread("tact-commit", [this] { run(); })) {}

Committer::~Committer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  filled_.notify_all();
  thread_.join();
}

std::uint64_t Committer::submit(Stage stage) {
  std::uint64_t number = 0;
  {
    std::unique_lock lock(mutex_);
    drained_.wait(lock, [this] { return waiting_.size() < kMaxWaiting || ending_; });
    waiting_.push_back(std::move(stage));
    number = submitted_.fetch_add(1, std::memory_order_release) + 1;
  }
  filled_.notify_one();
  return number;
}

void Committer::run() {
  while (true) {
    std::vector<Stage> stages;
    {
      std::unique_lock lock(mutex_);
      const auto ready = [this] { return !waiting_.empty() || ending_; };
      if (healthy()) {
        filled_.wait(lock, ready);
      } else {
        filled_.wait_for(lock, kResumeInterval, ready);
      }
      stages.swap(waiting_);
      if (stages.empty() && ending_) return;
    }
    drained_.notify_all();
    if (!healthy()) try_to_resume();
    if (!stages.empty()) commit(stages);
    stages.clear();
  }
}

void Committer::commit(const std::vector<Stage>& stages) {
  const std::uint64_t generation = this->generation();
  std::vector<const Batch*> batches;
  for (const Stage& stage : stages) {
    if (stage.generation == generation && !stage.batch.empty()) batches.push_back(&stage.batch);
  }
  Status result = ok();
  if (!healthy()) {
    result = make_error(ErrorCode::kUnavailable, "the store is not ready; retry");
  } else if (!batches.empty()) {
    result = store_.commit(batches);
    commits_.fetch_add(1, std::memory_order_relaxed);
    if (!result.has_value()) {
      log_error("a commit failed: " + result.error().message);
      healthy_.store(false, std::memory_order_release);
      generation_.fetch_add(1, std::memory_order_acq_rel);
    }
  }
  finished_.fetch_add(stages.size(), std::memory_order_release);
  const Status stale = make_error(ErrorCode::kUnavailable, "a write before this one failed; retry");
  for (const Stage& stage : stages) {
    const bool is_stale = stage.generation != generation;
    for (const auto& done : stage.completions) done(is_stale ? stale : result);
  }
}

void Committer::try_to_resume() {
  if (!store_.resume().has_value()) return;
  log_info("the store has resumed");
  healthy_.store(true, std::memory_order_release);
}

}  // namespace tact
