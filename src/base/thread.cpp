#include "base/thread.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace tact {
namespace {

// struct sched_attr of sched_setattr(2), as it was first: its header and glibc's <sched.h> exclude
// each other.
struct Attributes {
  std::uint32_t size = 48;
  std::uint32_t policy = 0;  // SCHED_OTHER
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime_ns = 0;  // since Linux 6.12: how long a turn is; before, nothing
  std::uint64_t deadline_ns = 0, period_ns = 0;
};
static_assert(sizeof(Attributes) == 48);

constexpr std::uint64_t kTurnNs = 100'000;  // the least there is

}  // namespace

// On Linux each thread has a niceness of its own. A thread that wakes may have to wait
// for the turn of one that computes, however nice, to end (EEVDF, Linux 6.6 and later).
void let_others_go_first(int niceness) {
  Attributes attributes;
  attributes.nice = niceness;
  attributes.runtime_ns = kTurnNs;
  if (syscall(SYS_sched_setattr, 0, &attributes, 0) == 0) return;
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), niceness);
}

}  // namespace tact
