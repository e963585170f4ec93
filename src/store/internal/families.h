// The column families: their names on disk and how each is tuned.
#pragma once

#include <rocksdb/db.h>

#include <memory>
#include <string>
#include <vector>

#include "store/internal/background.h"
#include "store/store.h"

namespace tact::internal {

const char* family_name(Family family);

// Bytes of a key that all rows of one scan share; 0 = the family is not scanned by such a prefix.
std::size_t prefix_bytes(Family family);

struct Tuning {
  std::shared_ptr<Background> background;  // `db` has pointers to it
  rocksdb::DBOptions db;
  // In the order of Family, then RocksDB's obligatory "default", which stays empty.
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
};
Tuning tuning(const StoreOptions& options);

}  // namespace tact::internal
