// Threads with a name that operators see in top, perf and core dumps.
#pragma once

#include <pthread.h>

#include <thread>
#include <utility>

namespace tact {

// `name` is cut by the kernel's limit of 15 bytes: at most that many.
template <typename Work>
std::thread named_thread(const char* name, Work work) {
  return std::thread([name, work = std::move(work)]() mutable {
    pthread_setname_np(pthread_self(), name);
    work();
  });
}

}  // namespace tact
