#include "store/internal/mark_writer.h"

#include <system_error>

#include "base/thread.h"

namespace tact::internal {

MarkWriter::MarkWriter(MarkFile file, std::function<void(const Error&)> on_failure)
    : on_failure_(std::move(on_failure)), file_(std::move(file)) {}

Result<std::unique_ptr<MarkWriter>> MarkWriter::start(
    MarkFile file, std::function<void(const Error&)> on_failure) {
  std::unique_ptr<MarkWriter> writer(new MarkWriter(std::move(file), std::move(on_failure)));
  try {
    writer->thread_ = named_thread("tact-mark", [raw = writer.get()] { raw->run(); });
  } catch (const std::system_error& error) {
    return make_error(ErrorCode::kUnavailable,
                      std::string("starting the thread of the commit mark: ") + error.what());
  }
  return writer;
}

MarkWriter::~MarkWriter() {
  if (const Status status = stop(); !status && on_failure_) on_failure_(status.error());
}

void MarkWriter::note(const Mark& mark) {
  bool is_first = false;
  {
    const std::lock_guard lock(mutex_);
    is_first = !noted_;
    noted_ = mark;
  }
  // While there is one the thread only waits for its interval to end: waking it for each commit
  // would cost two switches of a thread a commit.
  if (is_first) wake_.notify_one();
}

Status MarkWriter::flush() { return write_noted(); }

Status MarkWriter::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  return write_noted();
}

void MarkWriter::pause(bool paused) {
  {
    const std::lock_guard lock(mutex_);
    paused_ = paused;
  }
  wake_.notify_one();
}

// Lock order: file_mutex_, then mutex_. Taking the mark under file_mutex_ keeps a slow writer from
// putting an older mark over a newer one.
Status MarkWriter::write_noted() {
  const std::lock_guard file_lock(file_mutex_);
  std::optional<Mark> mark;
  {
    const std::lock_guard lock(mutex_);
    mark.swap(noted_);
  }
  if (!mark) return ok();
  Status status = file_.write(*mark);
  if (!status) {
    const std::lock_guard lock(mutex_);
    if (!noted_) noted_ = mark;  // not lost: the next try writes it, or a newer one
    wake_.notify_one();          // the thread may have looked while it was taken out, and sleep
  }
  return status;
}

void MarkWriter::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || (noted_ && !paused_); });
    if (stopping_) return;
    // Gather the commits of one interval, in which stop() may cut in.
    if (wake_.wait_for(lock, kMarkInterval, [this] { return stopping_; })) return;
    if (paused_) continue;
    lock.unlock();
    if (const Status status = write_noted(); !status) on_failure_(status.error());
    lock.lock();
  }
}

}  // namespace tact::internal
