// The two coroutine types of the server. Asio's own awaitable<> allocates a frame per operation
// and checks cancellation on each; these resume straight from the completion handler.
#pragma once

#include <coroutine>
#include <exception>
#include <utility>

#include "base/log.h"

namespace tact::internal {

// Runs at once up to its first suspension; frees itself at its end. Whoever resumes it last must
// touch nothing it owned.
struct Detached {
  struct promise_type {
    Detached get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept {
      log_error("an exception reached a connection's coroutine");
      std::terminate();
    }
  };
};

// A part of a Detached: `const bool sent = co_await part();`
class [[nodiscard]] Part {
 public:
  struct promise_type {
    std::coroutine_handle<> caller;
    bool value = false;

    struct Return {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
        return self.promise().caller;
      }
      void await_resume() noexcept {}
    };
    Part get_return_object() noexcept {
      return Part(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    Return final_suspend() noexcept { return {}; }
    void return_value(bool v) noexcept { value = v; }
    void unhandled_exception() noexcept {
      log_error("an exception reached a connection's coroutine");
      std::terminate();
    }
  };

  explicit Part(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  ~Part() { handle_.destroy(); }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {
    handle_.promise().caller = caller;
    return handle_;
  }
  bool await_resume() const noexcept { return handle_.promise().value; }

 private:
  std::coroutine_handle<promise_type> handle_;
};

// Suspends until resume(); resume() on one that does not wait does nothing.
class Signal {
 public:
  auto wait() {
    struct Awaiter {
      Signal& signal;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> handle) noexcept { signal.waiting_ = handle; }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this};
  }
  bool waiting() const { return waiting_ != nullptr; }
  void resume() {
    if (const auto handle = std::exchange(waiting_, nullptr)) handle.resume();
  }

 private:
  std::coroutine_handle<> waiting_ = nullptr;
};

}  // namespace tact::internal
