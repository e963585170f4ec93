// The parts of a source in two threads. Each takes the next part when it is through with one, so
// that both are busy to the end. Which parts a thread gets differs from run to run: what is
// gathered must not depend on it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include "base/result.h"
#include "base/thread.h"

namespace tact::internal {

// work(which, part) -> Status, for every part once: which is 0 in this thread, 1 in one of that
// name (named_thread). After an error no part is begun. The error is that of the first part that
// has one: parts are begun in their order, and none is broken off for another's error. What is
// thrown is thrown here. A single part is done in this thread.
template <typename Work>
Status in_two_threads(const char* name, std::size_t parts, const Work& work) {
  using Failure = std::optional<std::pair<std::size_t, Error>>;  // of a part
  std::array<Failure, 2> failures;
  std::array<std::exception_ptr, 2> thrown;
  std::atomic<std::size_t> next = 0;
  const auto run = [&](std::size_t which) {
    try {
      for (std::size_t part = next++; part < parts; part = next++) {
        const Status done = work(which, part);
        if (done.has_value()) continue;
        failures[which].emplace(part, done.error());
        next = parts;
      }
    } catch (...) {  // of memory that runs out
      thrown[which] = std::current_exception();
      next = parts;
    }
  };
  std::thread other;
  if (parts > 1) other = named_thread(name, [&run] { run(1); });
  run(0);
  if (other.joinable()) other.join();
  for (const std::exception_ptr& one : thrown) {
    if (one) std::rethrow_exception(one);
  }
  const auto& [first, second] = failures;
  if (first && (!second || first->first < second->first)) return first->second;
  if (second) return second->second;
  return ok();
}

}  // namespace tact::internal
