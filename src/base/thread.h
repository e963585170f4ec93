// Threads with a name that operators see in top, perf and core dumps.
#pragma once

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

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

// This thread and those it starts from now on leave three quarters of a processor to others that
// need it. On Linux each thread has a niceness of its own (setpriority(2)).
inline void let_others_go_first() {
  constexpr int kNiceness = 5;
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNiceness);
}

}  // namespace tact
