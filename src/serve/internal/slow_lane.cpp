#include "serve/internal/slow_lane.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <iterator>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

#include "base/thread.h"
#include "serve/problem.h"

namespace tact::routes {
namespace {

constexpr long kRetryAfterS = 10;

// What is asked for, whoever asks: path and query without the token of the live view.
std::string target_of(const HttpRequest& request) {
  std::string target = request.path + "?";
  std::string_view rest = request.query;
  while (!rest.empty()) {
    const std::string_view part = rest.substr(0, rest.find('&'));
    if (!part.starts_with("token=")) target.append(part).append("&");
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  return target;
}

}  // namespace

// One job and all who want its answer.
class SlowLane::Work {
 public:
  // Wanted by the one whose first join() follows.
  Work(std::string target, Job job) : target_(std::move(target)), job_(std::move(job)) {}

  const std::string& target() const { return target_; }
  const std::stop_source& stop() const { return stop_; }
  bool is_abandoned() const { return stop_.stop_requested(); }

  // False: all who wanted it have left, and it is told to stop.
  bool join(const Respond& respond, const std::stop_token& gone) {
    if (!askers_.empty()) {
      int wanted = wanted_;
      do {
        if (wanted == 0) return false;
      } while (!wanted_.compare_exchange_weak(wanted, wanted + 1));
    }
    askers_.push_back({respond, std::make_unique<std::stop_callback<Leave>>(gone, Leave{*this})});
    return true;
  }

  void run() {
    if (is_abandoned()) return answer(problem_retry(503, "nobody waits for it", kRetryAfterS));
    try {
      answer(job_(stop_.get_token()));
    } catch (const std::exception& e) {
      answer(problem(make_error(ErrorCode::kInternal,
                                std::string("a slow answer threw ") + typeid(e).name())));
    }
  }

  void answer(HttpResponse response) const {
    for (std::size_t i = 1; i < askers_.size(); ++i) askers_[i].respond(response);
    askers_.front().respond(std::move(response));
  }

 private:
  // Runs on the thread that finds the client gone, so it takes no lock.
  struct Leave {
    Work& work;
    void operator()() const {
      if (work.wanted_.fetch_sub(1) == 1) work.stop_.request_stop();
    }
  };
  struct Asker {
    Respond respond;
    std::unique_ptr<std::stop_callback<Leave>> leave;
  };

  const std::string target_;
  const Job job_;
  std::stop_source stop_;
  std::atomic<int> wanted_ = 1;  // askers who have not left
  std::vector<Asker> askers_;    // last: their callbacks use the rest. Of one thread at a time
};

SlowLane::SlowLane() = default;

SlowLane::~SlowLane() {
  stop();
  if (thread_.joinable()) thread_.join();
}

void SlowLane::run(const HttpRequest& request, Job job, const Respond& respond) {
  Queue abandoned;
  bool queued = false, stopping = false;
  {
    const std::lock_guard lock(mutex_);
    stopping = stopping_;
    abandoned = take_abandoned();
    if (!stopping) queued = queue(target_of(request), job, respond, request.gone);
  }
  for (const auto& work : abandoned) work->run();
  if (queued) return changed_.notify_all();
  respond(problem_retry(
      503, stopping ? "the server is stopping" : "others that take long are being answered",
      kRetryAfterS));
}

SlowLane::Queue SlowLane::take_abandoned() {
  const auto from = std::stable_partition(waiting_.begin(), waiting_.end(),
                                          [](const auto& work) { return !work->is_abandoned(); });
  Queue abandoned(std::make_move_iterator(from), std::make_move_iterator(waiting_.end()));
  waiting_.erase(from, waiting_.end());
  return abandoned;
}

bool SlowLane::queue(std::string target, Job& job, const Respond& respond,
                     const std::stop_token& gone) {
  for (const auto& work : waiting_) {
    if (work->target() == target && work->join(respond, gone)) return true;
  }
  if (waiting_.size() >= kMostWaiting) return false;
  waiting_.push_back(std::make_unique<Work>(std::move(target), std::move(job)));
  waiting_.back()->join(respond, gone);
  if (!thread_.joinable()) thread_ = named_thread("tact-slow", [this] { work(); });
  return true;
}

void SlowLane::stop() {
  Queue left;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    left.swap(waiting_);
    running_.request_stop();
  }
  changed_.notify_all();
  for (const auto& work : left)
    work->answer(problem_retry(503, "the server is stopping", kRetryAfterS));
}

void SlowLane::work() {
  let_others_go_first();
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const std::unique_ptr<Work> next = std::move(waiting_.front());
    waiting_.pop_front();
    running_ = next->stop();
    lock.unlock();
    next->run();
    lock.lock();
  }
}

}  // namespace tact::routes
