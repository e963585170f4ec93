// Work that can wait until a thread has done what is ready now: an I/O loop that wakes another
// thread for each of a hundred requests costs more than the requests.
#pragma once

#include <functional>
#include <utility>
#include <vector>

namespace tact {

// One for the thread that handles ready things in bursts; ends with it. What is put off is done at
// the burst's end, or when `most` things have come, so that the other thread does not idle.
class Burst {
 public:
  explicit Burst(std::size_t most) : most_(most) { current_ = this; }
  ~Burst() {
    end();
    current_ = nullptr;
  }
  Burst(const Burst&) = delete;
  Burst& operator=(const Burst&) = delete;

  static Burst* current() { return current_; }  // of this thread, or null

  void put_off(std::function<void()> wake) { waiting_.push_back(std::move(wake)); }
  void count_one() {
    if (++count_ >= most_) end();
  }
  void end() {
    count_ = 0;
    std::vector<std::function<void()>> now;
    now.swap(waiting_);
    for (const auto& wake : now) wake();
  }

 private:
  inline static thread_local Burst* current_ = nullptr;
  const std::size_t most_;
  std::size_t count_ = 0;
  std::vector<std::function<void()>> waiting_;
};

}  // namespace tact
