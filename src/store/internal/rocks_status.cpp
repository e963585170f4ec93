#include "store/internal/rocks_status.h"

namespace tact::internal {
namespace {

// RocksDB keeps errno only as strerror's text.
std::string_view advice(const rocksdb::Status& status, std::string_view text) {
  if (status.IsNoSpace() || text.find("No space left") != std::string_view::npos) {
    return " — the disk is full: free space, then resume";
  }
  if (text.find("Permission denied") != std::string_view::npos ||
      text.find("Read-only file system") != std::string_view::npos ||
      text.find("Operation not permitted") != std::string_view::npos) {
    return " — Tact must be able to write the data directory: check its owner, its mode and the "
           "mount";
  }
  if (text.find("Too many open files") != std::string_view::npos) {
    return " — raise the limit of open files (ulimit -n) to 4096";
  }
  return {};
}

}  // namespace

Error to_error(const rocksdb::Status& status, std::string_view doing, std::string where) {
  const std::string text = status.ToString();
  std::string message(doing);
  message += ": ";
  message += text;
  message += advice(status, text);
  const ErrorCode code = status.IsCorruption() ? ErrorCode::kCorrupt : ErrorCode::kUnavailable;
  return make_error(code, std::move(message), std::move(where));
}

}  // namespace tact::internal
