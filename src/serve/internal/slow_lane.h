// Answers that read much of the store: one after the other, on a thread of their own, so that no
// decision waits for them.
//
// Concurrency: any thread. The destructor tells the running job to stop, and waits for it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "serve/http.h"

namespace tact::routes {

class SlowLane {
 public:
  using Job = std::function<HttpResponse(const std::atomic<bool>& stop)>;

  SlowLane() = default;
  ~SlowLane();
  SlowLane(const SlowLane&) = delete;
  SlowLane& operator=(const SlowLane&) = delete;

  // 503 at once if kMostWaiting wait already.
  void run(Job job, const Respond& respond);
  static constexpr std::size_t kMostWaiting = 8;

 private:
  void work();

  std::mutex mutex_;  // guards all but stop_
  std::condition_variable changed_;
  std::deque<std::pair<Job, Respond>> waiting_;
  std::thread thread_;  // from the first job on
  std::atomic<bool> stop_ = false;
};

}  // namespace tact::routes
