// How much of the processors RocksDB's own threads get.
#pragma once

#include <rocksdb/listener.h>

#include <memory>

namespace tact::internal {

// Flushing goes after requests, and compacting after that; yet both go on however busy the machine
// is: a commit waits for a flush that falls behind, and then for all who share the processors with
// it. RocksDB's own CpuPriority::kLow, a niceness of 19, stopped commits for 20 s beside four
// programs that computed (docs/operations/benchmarks.md).
std::shared_ptr<rocksdb::EventListener> background_priorities();

}  // namespace tact::internal
