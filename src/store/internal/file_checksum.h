// The checksum of a whole table file, which RocksDB keeps in its manifest and `verify` computes
// again.
#pragma once

#include <rocksdb/file_checksum.h>

#include <memory>

namespace tact::internal {

// XXH3-64, big-endian. RocksDB's own is CRC-32C, which Debian builds without the processor's
// instruction for it: a byte costs ten times as much. Files that older versions wrote keep theirs,
// and are checked by it.
std::shared_ptr<rocksdb::FileChecksumGenFactory> file_checksums();

}  // namespace tact::internal
