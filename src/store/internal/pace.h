// How fast RocksDB's own threads work: a piece, and a rest, the shorter the more others wait for
// them.
//
// They write tables of tens of megabytes. At full speed that takes both processors and the disk's
// queue for a tenth of a second at a time, in which the log of those who wait for an answer waits
// too: a niceness does not help at the disk, and at the processors the scheduler gives what it owes
// in turns of a tick, 4 ms (EEVDF). Pieces with rests between them are short for both.
#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace tact::internal {

enum class Job { kNone, kFlush, kCompaction };

// Concurrency: every method from any thread.
class Pace {
 public:
  static constexpr std::size_t kPiece = 64 * 1024;         // bytes read or written
  static constexpr std::chrono::microseconds kRest{1000};  // the longest

  // What the calling thread does from now on. A thread that never said does not rest.
  static void begin(Job job);

  // How far jobs of this kind are behind: from 0, they rest as long as they may, to 1, not at all.
  void behind(Job job, double share);
  std::chrono::microseconds rest(Job job) const;

  // The calling thread has read or written so many bytes: rests when a piece is full.
  void done(std::size_t bytes);
  std::uint64_t rests() const { return rests_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::chrono::microseconds> flush_rest_ = kRest;
  std::atomic<std::chrono::microseconds> compaction_rest_ = kRest;
  std::atomic<std::uint64_t> rests_ = 0;
};

// The same files, read and written at that pace.
std::shared_ptr<rocksdb::FileSystem> paced(const std::shared_ptr<rocksdb::FileSystem>& files,
                                           std::shared_ptr<Pace> pace);

}  // namespace tact::internal
