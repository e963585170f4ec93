#include "store/testing/fault_file_system.h"

namespace tact::testing {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

std::string_view view(const Slice& slice) { return {slice.data(), slice.size()}; }

struct OpenFile {
  Disk& disk;
  std::string path;
  std::shared_ptr<Inode> inode;
};

class Sequential final : public rocksdb::FSSequentialFile {
 public:
  explicit Sequential(OpenFile file) : file_(std::move(file)) {}
  IOStatus Read(std::size_t size, const IOOptions&, Slice* result, char* out,
                IODebugContext*) override {
    IOStatus status = file_.disk.read(file_.path, *file_.inode, at_, size, out, result);
    if (status.ok()) at_ += result->size();
    return status;
  }
  IOStatus Skip(std::uint64_t size) override {
    at_ += size;
    return IOStatus::OK();
  }

 private:
  OpenFile file_;
  std::size_t at_ = 0;
};

class RandomAccess final : public rocksdb::FSRandomAccessFile {
 public:
  explicit RandomAccess(OpenFile file) : file_(std::move(file)) {}
  IOStatus Read(std::uint64_t offset, std::size_t size, const IOOptions&, Slice* result, char* out,
                IODebugContext*) const override {
    return file_.disk.read(file_.path, *file_.inode, offset, size, out, result);
  }

 private:
  OpenFile file_;
};

class Writable final : public rocksdb::FSWritableFile {
 public:
  Writable(OpenFile file, std::uint64_t size) : file_(std::move(file)), size_(size) {}
  using rocksdb::FSWritableFile::Append;
  IOStatus Append(const Slice& bytes, const IOOptions&, IODebugContext*) override {
    IOStatus status = file_.disk.append(file_.path, *file_.inode, view(bytes));
    if (status.ok()) size_ += bytes.size();
    return status;
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions&, IODebugContext*) override {
    size_ = size;
    return file_.disk.truncate(file_.path, *file_.inode, size);
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    return file_.disk.sync(file_.path, *file_.inode);
  }
  bool IsSyncThreadSafe() const override { return true; }
  std::uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return size_; }

 private:
  OpenFile file_;
  std::uint64_t size_;
};

class RandomRW final : public rocksdb::FSRandomRWFile {
 public:
  explicit RandomRW(OpenFile file) : file_(std::move(file)) {}
  IOStatus Write(std::uint64_t offset, const Slice& bytes, const IOOptions&,
                 IODebugContext*) override {
    return file_.disk.overwrite(file_.path, *file_.inode, offset, view(bytes));
  }
  IOStatus Read(std::uint64_t offset, std::size_t size, const IOOptions&, Slice* result, char* out,
                IODebugContext*) const override {
    return file_.disk.read(file_.path, *file_.inode, offset, size, out, result);
  }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    return file_.disk.sync(file_.path, *file_.inode);
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

 private:
  OpenFile file_;
};

class OpenDirectory final : public rocksdb::FSDirectory {
 public:
  OpenDirectory(Disk& disk, std::string path) : disk_(disk), path_(std::move(path)) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return disk_.sync_directory(path_); }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

 private:
  Disk& disk_;
  const std::string path_;
};

class Lock final : public rocksdb::FileLock {
 public:
  explicit Lock(std::string locked) : path(std::move(locked)) {}
  const std::string path;
};

}  // namespace

IOStatus FaultFileSystem::NewSequentialFile(const std::string& path, const FileOptions&,
                                            std::unique_ptr<rocksdb::FSSequentialFile>* result,
                                            Debug*) {
  OpenFile file{disk_, path, nullptr};
  if (IOStatus status = disk_.open(path, &file.inode); !status.ok()) return status;
  *result = std::make_unique<Sequential>(std::move(file));
  return IOStatus::OK();
}

IOStatus FaultFileSystem::NewRandomAccessFile(const std::string& path, const FileOptions&,
                                              std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                                              Debug*) {
  OpenFile file{disk_, path, nullptr};
  if (IOStatus status = disk_.open(path, &file.inode); !status.ok()) return status;
  *result = std::make_unique<RandomAccess>(std::move(file));
  return IOStatus::OK();
}

IOStatus FaultFileSystem::NewWritableFile(const std::string& path, const FileOptions&,
                                          std::unique_ptr<rocksdb::FSWritableFile>* result,
                                          Debug*) {
  OpenFile file{disk_, path, nullptr};
  if (IOStatus status = disk_.create(path, &file.inode); !status.ok()) return status;
  *result = std::make_unique<Writable>(std::move(file), 0);
  return IOStatus::OK();
}

IOStatus FaultFileSystem::ReopenWritableFile(const std::string& path, const FileOptions& options,
                                             std::unique_ptr<rocksdb::FSWritableFile>* result,
                                             Debug* debug) {
  OpenFile file{disk_, path, nullptr};
  if (!disk_.open(path, &file.inode).ok()) return NewWritableFile(path, options, result, debug);
  std::uint64_t size = 0;
  if (IOStatus status = disk_.size(path, &size); !status.ok()) return status;
  *result = std::make_unique<Writable>(std::move(file), size);
  return IOStatus::OK();
}

IOStatus FaultFileSystem::NewRandomRWFile(const std::string& path, const FileOptions&,
                                          std::unique_ptr<rocksdb::FSRandomRWFile>* result,
                                          Debug*) {
  OpenFile file{disk_, path, nullptr};
  if (IOStatus status = disk_.open(path, &file.inode); !status.ok()) return status;
  *result = std::make_unique<RandomRW>(std::move(file));
  return IOStatus::OK();
}

IOStatus FaultFileSystem::NewDirectory(const std::string& path, const Options&,
                                       std::unique_ptr<rocksdb::FSDirectory>* result, Debug*) {
  if (!disk_.is_directory(path)) return IOStatus::PathNotFound(path, "No such file or directory");
  *result = std::make_unique<OpenDirectory>(disk_, path);
  return IOStatus::OK();
}

IOStatus FaultFileSystem::FileExists(const std::string& path, const Options&, Debug*) {
  return disk_.exists(path) ? IOStatus::OK() : IOStatus::NotFound();
}

IOStatus FaultFileSystem::GetChildren(const std::string& path, const Options&,
                                      std::vector<std::string>* names, Debug*) {
  return disk_.children(path, names);
}

IOStatus FaultFileSystem::DeleteFile(const std::string& path, const Options&, Debug*) {
  return disk_.remove(path);
}

IOStatus FaultFileSystem::Truncate(const std::string& path, std::size_t size, const Options&,
                                   Debug*) {
  std::shared_ptr<Inode> inode;
  if (IOStatus status = disk_.open(path, &inode); !status.ok()) return status;
  return disk_.truncate(path, *inode, size);
}

IOStatus FaultFileSystem::CreateDir(const std::string& path, const Options&, Debug*) {
  return disk_.make_directory(path, /*may_exist=*/false);
}

IOStatus FaultFileSystem::CreateDirIfMissing(const std::string& path, const Options&, Debug*) {
  return disk_.make_directory(path, /*may_exist=*/true);
}

IOStatus FaultFileSystem::DeleteDir(const std::string& path, const Options&, Debug*) {
  return disk_.remove_directory(path);
}

IOStatus FaultFileSystem::GetFileSize(const std::string& path, const Options&, std::uint64_t* size,
                                      Debug*) {
  return disk_.size(path, size);
}

IOStatus FaultFileSystem::GetFileModificationTime(const std::string&, const Options&,
                                                  std::uint64_t* time, Debug*) {
  *time = 0;
  return IOStatus::OK();
}

IOStatus FaultFileSystem::RenameFile(const std::string& from, const std::string& to, const Options&,
                                     Debug*) {
  return disk_.rename(from, to);
}

IOStatus FaultFileSystem::LinkFile(const std::string& from, const std::string& to, const Options&,
                                   Debug*) {
  return disk_.link(from, to);
}

IOStatus FaultFileSystem::LockFile(const std::string& path, const Options&,
                                   rocksdb::FileLock** lock, Debug*) {
  if (IOStatus status = disk_.lock(path); !status.ok()) return status;
  *lock = new Lock(path);
  return IOStatus::OK();
}

IOStatus FaultFileSystem::UnlockFile(rocksdb::FileLock* lock, const Options&, Debug*) {
  const std::unique_ptr<Lock> owned(static_cast<Lock*>(lock));
  disk_.unlock(owned->path);
  return IOStatus::OK();
}

IOStatus FaultFileSystem::GetTestDirectory(const Options&, std::string* path, Debug*) {
  *path = "/test";
  return disk_.make_directory(*path, /*may_exist=*/true);
}

IOStatus FaultFileSystem::GetAbsolutePath(const std::string& path, const Options&,
                                          std::string* absolute, Debug*) {
  *absolute = path.starts_with('/') ? path : "/" + path;
  return IOStatus::OK();
}

IOStatus FaultFileSystem::GetFreeSpace(const std::string&, const Options&, std::uint64_t* bytes,
                                       Debug*) {
  return disk_.free_bytes(bytes);
}

IOStatus FaultFileSystem::IsDirectory(const std::string& path, const Options&, bool* result,
                                      Debug*) {
  *result = disk_.is_directory(path);
  return IOStatus::OK();
}

}  // namespace tact::testing
