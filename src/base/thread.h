// Threads with a name that operators see in top, perf and core dumps, and what others may go
// before.
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

// Beside a thread of ours that answers requests, a processor they compete for is shared 3 : 1 and
// 9 : 1 (sched(7)).
inline constexpr int kAfterRequests = 5, kAfterThat = 10;

// This thread and those it starts from now on have this niceness (0 to 19), and let others run
// within a tenth of a millisecond. Never fails: where the system refuses, all stays as it is.
void let_others_go_first(int niceness = kAfterRequests);

}  // namespace tact
