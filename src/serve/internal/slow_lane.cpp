#include "serve/internal/slow_lane.h"

#include "base/thread.h"
#include "serve/problem.h"

namespace tact::routes {

SlowLane::~SlowLane() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void SlowLane::run(Job job, const Respond& respond) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() < kMostWaiting) {
      waiting_.emplace_back(std::move(job), respond);
      if (!thread_.joinable()) thread_ = named_thread("tact-slow", [this] { work(); });
      changed_.notify_all();
      return;
    }
  }
  respond(problem_retry(503, "others that take long are being answered", 10));
}

void SlowLane::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stop_ || !waiting_.empty(); });
    if (stop_) return;
    const auto [job, respond] = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    respond(job(stop_));
    lock.lock();
  }
}

}  // namespace tact::routes
