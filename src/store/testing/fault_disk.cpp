#include <algorithm>
#include <cstring>

#include "store/testing/fault_file_system.h"

namespace tact::testing {
namespace {

using rocksdb::IOStatus;

IOStatus failure(DiskFault::Kind kind, const std::string& path) {
  switch (kind) {
    case DiskFault::Kind::kNoSpace:
      return IOStatus::NoSpace(path, "No space left on device");
    case DiskFault::Kind::kReadOnly:
      return IOStatus::IOError(path, "Read-only file system");
    case DiskFault::Kind::kInputOutput:
      break;
  }
  return IOStatus::IOError(path, "Input/output error (injected)");
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

void set_synced(Inode& inode) {
  inode.synced_size = inode.data.size();
  inode.unsynced.clear();
}

// What is left of a file after a power failure.
void lose_unsynced(Inode& inode, Rng* rng) {
  for (auto undo = inode.unsynced.rbegin(); undo != inode.unsynced.rend(); ++undo) {
    std::size_t undone = undo->before.size();
    if (rng != nullptr) undone = rng->below(undone + 1);  // the rest was already on the disk
    inode.data.replace(undo->offset, undone, undo->before, 0, undone);
  }
  const std::size_t tail = inode.data.size() - std::min(inode.data.size(), inode.synced_size);
  const std::size_t kept = rng == nullptr ? 0 : rng->below(tail + 1);
  inode.data.resize(inode.data.size() - tail + kept);
  set_synced(inode);
}

}  // namespace

// "//a//b/" → "/a/b": RocksDB is not strict about slashes.
std::string Disk::normal(const std::string& path) {
  std::string result;
  for (const char c : path) {
    if (c != '/' || result.empty() || result.back() != '/') result += c;
  }
  if (result.size() > 1 && result.back() == '/') result.pop_back();
  return result;
}

IOStatus Disk::check(DiskOperation operation, const std::string& path) const {
  if (!powered_ && operation != DiskOperation::kRead) {
    return IOStatus::IOError(path, "Input/output error (no power)");
  }
  for (DiskFault& fault : faults_) {
    if (fault.operation != operation || path.find(fault.path_contains) == std::string::npos)
      continue;
    if (fault.after > 0) {
      --fault.after;
    } else if (fault.times > 0) {
      --fault.times;
      return failure(fault.kind, path);
    }
  }
  return IOStatus::OK();
}

IOStatus Disk::create(const std::string& raw, std::shared_ptr<Inode>* inode) {
  const std::string path = normal(raw);
  const std::lock_guard lock(mutex_);
  if (IOStatus status = check(DiskOperation::kCreate, path); !status.ok()) return status;
  if (!directories_.contains(directory_of(path))) {
    return IOStatus::PathNotFound(path, "No such file or directory");
  }
  *inode = std::make_shared<Inode>();
  now_[path] = *inode;
  return IOStatus::OK();
}

IOStatus Disk::open(const std::string& raw, std::shared_ptr<Inode>* inode) const {
  const std::string path = normal(raw);
  const std::lock_guard lock(mutex_);
  const auto found = now_.find(path);
  if (found == now_.end()) return IOStatus::PathNotFound(path, "No such file or directory");
  *inode = found->second;
  return IOStatus::OK();
}

IOStatus Disk::append(const std::string& path, Inode& inode, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (IOStatus status = check(DiskOperation::kAppend, path); !status.ok()) return status;
  inode.data.append(bytes);
  return IOStatus::OK();
}

IOStatus Disk::overwrite(const std::string& path, Inode& inode, std::size_t offset,
                         std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (IOStatus status = check(DiskOperation::kAppend, path); !status.ok()) return status;
  if (inode.data.size() < offset + bytes.size()) inode.data.resize(offset + bytes.size());
  inode.unsynced.push_back({offset, inode.data.substr(offset, bytes.size())});
  inode.data.replace(offset, bytes.size(), bytes);
  return IOStatus::OK();
}

IOStatus Disk::truncate(const std::string& path, Inode& inode, std::size_t size) {
  const std::lock_guard lock(mutex_);
  if (IOStatus status = check(DiskOperation::kAppend, path); !status.ok()) return status;
  inode.data.resize(size);
  inode.synced_size = std::min(inode.synced_size, size);
  return IOStatus::OK();
}

IOStatus Disk::sync(const std::string& path, Inode& inode) {
  const std::lock_guard lock(mutex_);
  if (IOStatus status = check(DiskOperation::kSync, path); !status.ok()) return status;
  ++syncs_;
  set_synced(inode);
  return IOStatus::OK();
}

IOStatus Disk::sync_directory(const std::string& raw) {
  const std::string path = normal(raw);
  const std::lock_guard lock(mutex_);
  if (IOStatus status = check(DiskOperation::kSyncDirectory, path); !status.ok()) return status;
  ++syncs_;
  std::erase_if(durable_, [&](const auto& entry) { return directory_of(entry.first) == path; });
  for (const auto& [name, inode] : now_) {
    if (directory_of(name) == path) durable_[name] = inode;
  }
  return IOStatus::OK();
}

IOStatus Disk::read(const std::string& path, const Inode& inode, std::size_t offset,
                    std::size_t size, char* out, rocksdb::Slice* result) const {
  const std::lock_guard lock(mutex_);
  if (IOStatus status = check(DiskOperation::kRead, path); !status.ok()) return status;
  const std::size_t from = std::min(offset, inode.data.size());
  const std::size_t count = std::min(size, inode.data.size() - from);
  if (count > 0) std::memcpy(out, inode.data.data() + from, count);
  *result = rocksdb::Slice(out, count);
  return IOStatus::OK();
}

IOStatus Disk::rename(const std::string& raw_from, const std::string& raw_to) {
  const std::string from = normal(raw_from);
  const std::string to = normal(raw_to);
  const std::lock_guard lock(mutex_);
  if (IOStatus status = check(DiskOperation::kRename, to); !status.ok()) return status;
  if (directories_.contains(from)) {  // a directory moves at once and with all its names
    for (Names* names : {&now_, &durable_}) {
      Names moved;
      for (const auto& [name, inode] : *names) {
        moved[name.starts_with(from + "/") ? to + name.substr(from.size()) : name] = inode;
      }
      names->swap(moved);
    }
    directories_.erase(from);
    directories_.insert(to);
    return IOStatus::OK();
  }
  const auto found = now_.find(from);
  if (found == now_.end()) return IOStatus::PathNotFound(from, "No such file or directory");
  const std::shared_ptr<Inode> inode = found->second;
  now_.erase(found);
  now_[to] = inode;
  return IOStatus::OK();
}

IOStatus Disk::link(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  if (IOStatus status = check(DiskOperation::kCreate, to); !status.ok()) return status;
  const auto found = now_.find(normal(from));
  if (found == now_.end()) return IOStatus::PathNotFound(from, "No such file or directory");
  now_[normal(to)] = found->second;
  return IOStatus::OK();
}

IOStatus Disk::remove(const std::string& raw) {
  const std::string path = normal(raw);
  const std::lock_guard lock(mutex_);
  if (IOStatus status = check(DiskOperation::kRename, path); !status.ok()) return status;
  if (now_.erase(path) == 0) return IOStatus::PathNotFound(path, "No such file or directory");
  return IOStatus::OK();
}

IOStatus Disk::make_directory(const std::string& raw, bool may_exist) {
  const std::string path = normal(raw);
  const std::lock_guard lock(mutex_);
  if (IOStatus status = check(DiskOperation::kCreate, path); !status.ok()) return status;
  if (now_.contains(path)) return IOStatus::IOError(path, "Not a directory");
  if (directories_.contains(path)) {
    return may_exist ? IOStatus::OK() : IOStatus::IOError(path, "File exists");
  }
  if (!directories_.contains(directory_of(path))) {
    return IOStatus::IOError(path, "No such file or directory");
  }
  directories_.insert(path);
  return IOStatus::OK();
}

IOStatus Disk::remove_directory(const std::string& raw) {
  const std::lock_guard lock(mutex_);
  directories_.erase(normal(raw));
  return IOStatus::OK();
}

IOStatus Disk::lock(const std::string& raw) {
  const std::string path = normal(raw);
  const std::lock_guard lock(mutex_);
  if (IOStatus status = check(DiskOperation::kCreate, path); !status.ok()) return status;
  if (!locked_.insert(path).second) {
    return IOStatus::IOError("lock hold by current process", path);
  }
  if (!now_.contains(path)) now_[path] = std::make_shared<Inode>();
  return IOStatus::OK();
}

void Disk::unlock(const std::string& raw) {
  const std::lock_guard lock(mutex_);
  locked_.erase(normal(raw));
}

IOStatus Disk::children(const std::string& raw, std::vector<std::string>* names) const {
  const std::string directory = normal(raw);
  const std::lock_guard lock(mutex_);
  names->clear();
  if (!directories_.contains(directory)) return IOStatus::NotFound(directory, "no such directory");
  for (const auto& [name, inode] : now_) {
    if (directory_of(name) == directory) names->push_back(name.substr(directory.size() + 1));
  }
  for (const std::string& name : directories_) {
    if (name.size() > directory.size() + 1 && directory_of(name) == directory) {
      names->push_back(name.substr(directory.size() + 1));
    }
  }
  return IOStatus::OK();
}

IOStatus Disk::size(const std::string& raw, std::uint64_t* bytes) const {
  const std::string path = normal(raw);
  const std::lock_guard lock(mutex_);
  const auto found = now_.find(path);
  *bytes = found == now_.end() ? 0 : found->second->data.size();
  if (found != now_.end() || directories_.contains(path)) return IOStatus::OK();
  return IOStatus::PathNotFound(path, "No such file or directory");
}

IOStatus Disk::free_bytes(std::uint64_t* bytes) const {
  const std::lock_guard lock(mutex_);
  if (free_bytes_ == ~0ULL) return IOStatus::NotSupported("GetFreeSpace");
  *bytes = free_bytes_;
  return IOStatus::OK();
}

bool Disk::exists(const std::string& raw) const {
  const std::string path = normal(raw);
  const std::lock_guard lock(mutex_);
  return now_.contains(path) || directories_.contains(path);
}

bool Disk::is_directory(const std::string& raw) const {
  const std::lock_guard lock(mutex_);
  return directories_.contains(normal(raw));
}

void Disk::cut_power() {
  const std::lock_guard lock(mutex_);
  powered_ = false;
}

void Disk::restore_power(Rng* rng) {
  const std::lock_guard lock(mutex_);
  now_ = durable_;
  for (auto& [name, inode] : now_) lose_unsynced(*inode, rng);
  locked_.clear();
  powered_ = true;
}

void Disk::inject(DiskFault fault) {
  const std::lock_guard lock(mutex_);
  faults_.push_back(std::move(fault));
}

void Disk::clear_faults() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
}

void Disk::set_free_bytes(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  free_bytes_ = bytes;
}

FaultEnv::Image Disk::image() const {
  const std::lock_guard lock(mutex_);
  FaultEnv::Image result;
  for (const auto& [name, inode] : now_) result[name] = inode->data;
  return result;
}

void Disk::restore(const FaultEnv::Image& image) {
  const std::lock_guard lock(mutex_);
  now_.clear();
  for (const auto& [name, bytes] : image) {
    now_[name] = std::make_shared<Inode>(Inode{bytes, bytes.size(), {}});
  }
  durable_ = now_;
  locked_.clear();
}

void Disk::put(const std::string& path, std::string bytes) {
  const std::lock_guard lock(mutex_);
  auto inode = std::make_shared<Inode>();
  inode->data = std::move(bytes);
  set_synced(*inode);
  now_[normal(path)] = inode;
  durable_[normal(path)] = inode;
}

void Disk::forget(const std::string& path) {
  const std::lock_guard lock(mutex_);
  now_.erase(normal(path));
  durable_.erase(normal(path));
}

void Disk::flip(const std::string& path, std::size_t offset, std::uint8_t mask) {
  const std::lock_guard lock(mutex_);
  const auto found = now_.find(normal(path));
  if (found == now_.end() || offset >= found->second->data.size()) return;
  char& byte = found->second->data[offset];
  byte = static_cast<char>(static_cast<std::uint8_t>(byte) ^ mask);
}

std::uint64_t Disk::syncs() const {
  const std::lock_guard lock(mutex_);
  return syncs_;
}

}  // namespace tact::testing
