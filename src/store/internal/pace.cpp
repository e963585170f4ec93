#include "store/internal/pace.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace tact::internal {
namespace {

thread_local Job job_of_thread = Job::kNone;
thread_local std::size_t bytes_since_rest = 0;

class ReadFile final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  ReadFile(std::unique_ptr<rocksdb::FSRandomAccessFile> file, std::shared_ptr<Pace> pace)
      : FSRandomAccessFileOwnerWrapper(std::move(file)), pace_(std::move(pace)) {}

  rocksdb::IOStatus Read(std::uint64_t offset, std::size_t bytes, const rocksdb::IOOptions& options,
                         rocksdb::Slice* result, char* scratch,
                         rocksdb::IODebugContext* debug) const override {
    auto status = target()->Read(offset, bytes, options, result, scratch, debug);
    pace_->done(bytes);
    return status;
  }

 private:
  std::shared_ptr<Pace> pace_;
};

class WriteFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WriteFile(std::unique_ptr<rocksdb::FSWritableFile> file, std::shared_ptr<Pace> pace)
      : FSWritableFileOwnerWrapper(std::move(file)), pace_(std::move(pace)) {}

  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
    auto status = target()->Append(data, options, debug);
    pace_->done(data.size());
    return status;
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo& verification,
                           rocksdb::IODebugContext* debug) override {
    auto status = target()->Append(data, options, verification, debug);
    pace_->done(data.size());
    return status;
  }

 private:
  std::shared_ptr<Pace> pace_;
};

class PacedFiles final : public rocksdb::FileSystemWrapper {
 public:
  PacedFiles(const std::shared_ptr<rocksdb::FileSystem>& files, std::shared_ptr<Pace> pace)
      : FileSystemWrapper(files), pace_(std::move(pace)) {}

  const char* Name() const override { return "paced"; }

  rocksdb::IOStatus NewRandomAccessFile(const std::string& path,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                                        rocksdb::IODebugContext* debug) override {
    auto status = target()->NewRandomAccessFile(path, options, result, debug);
    if (status.ok()) *result = std::make_unique<ReadFile>(std::move(*result), pace_);
    return status;
  }
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override {
    auto status = target()->NewWritableFile(path, options, result, debug);
    if (status.ok()) *result = std::make_unique<WriteFile>(std::move(*result), pace_);
    return status;
  }

 private:
  std::shared_ptr<Pace> pace_;
};

}  // namespace

void Pace::begin(Job job) { job_of_thread = job; }

void Pace::behind(Job job, double share) {
  using Microseconds = std::chrono::duration<double, std::micro>;
  const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(
      Microseconds(kRest) * (1 - std::clamp(share, 0.0, 1.0)));
  (job == Job::kFlush ? flush_rest_ : compaction_rest_).store(rest, std::memory_order_relaxed);
}

std::chrono::microseconds Pace::rest(Job job) const {
  return (job == Job::kFlush ? flush_rest_ : compaction_rest_).load(std::memory_order_relaxed);
}

void Pace::done(std::size_t bytes) {
  if (job_of_thread == Job::kNone) return;
  bytes_since_rest += bytes;
  if (bytes_since_rest < kPiece) return;
  bytes_since_rest %= kPiece;
  const auto length = rest(job_of_thread);
  if (length.count() == 0) return;
  rests_.fetch_add(1, std::memory_order_relaxed);
  std::this_thread::sleep_for(length);
}

std::shared_ptr<rocksdb::FileSystem> paced(const std::shared_ptr<rocksdb::FileSystem>& files,
                                           std::shared_ptr<Pace> pace) {
  return std::make_shared<PacedFiles>(files, std::move(pace));
}

}  // namespace tact::internal
