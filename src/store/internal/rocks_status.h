// RocksDB's status → Error, once.
#pragma once

#include <rocksdb/status.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace tact::internal {

// kCorrupt for corruption, kUnavailable for everything else that fails. `doing` says what was
// tried: "reading history". The full disk and missing permission get a sentence on what to do.
Error to_error(const rocksdb::Status& status, std::string_view doing, std::string where = {});
inline Status to_status(const rocksdb::Status& status, std::string_view doing,
                        std::string where = {}) {
  if (status.ok()) return ok();
  return to_error(status, doing, std::move(where));
}

}  // namespace tact::internal
