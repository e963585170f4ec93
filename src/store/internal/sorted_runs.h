// The memory table that rows are put into before RocksDB writes them as a table file.
//
// RocksDB's own is a skip list: each row is compared with some 25 others, all over memory, and the
// library as Debian builds it (with assertions) compares again at every level. A commit here is
// a handful of rows, written by one thread, read by few, and looked up hardly ever before the
// flush. So rows are gathered in a short sorted tail; a full one becomes a sorted run, and runs of
// like size are merged (the logarithmic method: J. L. Bentley and J. B. Saxe, "Decomposable
// searching problems I", 1980). A row is moved about log2(n / 64) times, in sequence, and its key
// is seldom looked at: beside the pointer stand its first 16 bytes.
//
// Costs, for n rows: putting one amortised O(log n) moves of 24 bytes, at most 128 K of them at
// once, for no run gets more than 65,536 rows; a lookup one binary search in each run, of which
// there are about 11 and one for each 65,536 rows.
//
// Concurrency: one writer, any readers; not for `allow_concurrent_memtable_write`. A cursor sees
// the rows that were there when it was made: RocksDB takes a reader's sequence number before that.
// So an iterator of RocksDB's that is refreshed, or one that follows the tail, would miss rows.
#pragma once

#include <rocksdb/memtablerep.h>

#include <memory>

namespace tact::internal {

// Keys must be ordered by their bytes (RocksDB's BytewiseComparator).
std::shared_ptr<rocksdb::MemTableRepFactory> sorted_runs();

}  // namespace tact::internal
