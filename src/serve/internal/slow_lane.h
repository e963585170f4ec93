// Answers that read facts or profiles of many visitors: one after the other, on a thread of their
// own, so that no decision waits for them.
//
// Operation: requests for the same thing that wait together get one answer. So however many live
// views ask for the reports every minute, at most one of these jobs runs and one waits, and the
// places are left to other questions. Nobody joins a job that runs: it may have read past what was
// stored since. Who has left is not waited for: a job that nobody wants any more is not begun, or
// told to stop.
// Concurrency: any thread. Jobs are told to stop by their token, and have to look at it often.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "serve/http.h"

namespace tact::routes {

class SlowLane {
 public:
  using Job = std::function<HttpResponse(const std::stop_token& stop)>;

  SlowLane();
  ~SlowLane();  // stop(), and waits for the job that runs
  SlowLane(const SlowLane&) = delete;
  SlowLane& operator=(const SlowLane&) = delete;

  // The job's answer is everybody's who waits for the same path and query, the token aside: it may
  // depend on nothing else of the request, and looks at the clock itself. Who asks has been allowed
  // to before. 503 at once if kMostWaiting others wait, or after stop().
  void run(const HttpRequest& request, Job job, const Respond& respond);
  static constexpr std::size_t kMostWaiting = 8;

  // Tells the job that runs to stop, and answers the others with 503. Idempotent.
  void stop();

 private:
  class Work;
  using Queue = std::deque<std::unique_ptr<Work>>;

  bool queue(std::string target, Job& job, const Respond& respond, const std::stop_token& gone);
  Queue take_abandoned();
  void work();

  std::mutex mutex_;  // guards all
  std::condition_variable changed_;
  Queue waiting_;
  std::stop_source running_{std::nostopstate};
  std::thread thread_;  // from the first job on
  bool stopping_ = false;
};

}  // namespace tact::routes
