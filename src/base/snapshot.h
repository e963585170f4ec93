// Published<T>: one writer replaces an immutable value, many readers keep the one they took.
// A mutex, because std::atomic<shared_ptr> trips ThreadSanitizer on g++ 12.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace tact {

template <typename T>
class Published {
 public:
  explicit Published(std::shared_ptr<const T> initial = nullptr) : value_(std::move(initial)) {}
  std::shared_ptr<const T> get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  void set(std::shared_ptr<const T> next) {
    const std::lock_guard lock(mutex_);
    value_.swap(next);  // the old value is released outside of nobody's critical section
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;  // guarded by mutex_
};

}  // namespace tact
