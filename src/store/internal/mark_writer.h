// Brings the commit mark to disk behind the commits, so that a commit does not pay for a second
// sync.
//
// Operation: note() after each commit; a thread writes the newest noted mark at most every
// kMarkInterval and syncs it, well within the promised 100 ms on a working disk. No wake-up while
// nothing is committed.
// Concurrency: every method from any thread.
// Limitations: between a commit and its mark, damage to the log's tail can lose that commit
// unnoticed; docs/formats/store.md says when.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "store/internal/mark.h"

namespace tact::internal {

inline constexpr std::chrono::milliseconds kMarkInterval{40};

class MarkWriter {
 public:
  // on_failure: called from the thread when the mark could not be written; it keeps trying.
  static Result<std::unique_ptr<MarkWriter>> start(MarkFile file,
                                                   std::function<void(const Error&)> on_failure);
  ~MarkWriter();  // writes what was noted last; stop() tells whether that worked

  void note(const Mark& mark);
  Status flush();           // writes the newest noted mark now; when it returns, it is on disk
  Status stop();            // flush and end the thread; idempotent
  void pause(bool paused);  // tests: the thread writes nothing while paused

 private:
  MarkWriter(MarkFile file, std::function<void(const Error&)> on_failure);
  void run();
  Status write_noted();

  const std::function<void(const Error&)> on_failure_;
  std::mutex file_mutex_;
  MarkFile file_;  // guarded by file_mutex_
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<Mark> noted_;  // guarded by mutex_; not on disk yet
  bool stopping_ = false;      // guarded by mutex_
  bool paused_ = false;        // guarded by mutex_
  std::thread thread_;
};

}  // namespace tact::internal
