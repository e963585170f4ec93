// The file system behind FaultEnv.
#pragma once

#include <rocksdb/file_system.h>

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/rng.h"
#include "store/testing/fault_env.h"

namespace tact::testing {

// One file's bytes, now and as of its last sync.
struct Inode {
  std::string data;
  std::size_t synced_size = 0;
  struct Overwrite {
    std::size_t offset;
    std::string before;
  };
  std::vector<Overwrite> unsynced;  // overwrites since the last sync, in order
};

// Names, bytes, faults. Everything under one mutex: tests need truth, not speed.
class Disk {
 public:
  rocksdb::IOStatus create(const std::string& path, std::shared_ptr<Inode>* inode);
  rocksdb::IOStatus open(const std::string& path, std::shared_ptr<Inode>* inode) const;
  rocksdb::IOStatus append(const std::string& path, Inode& inode, std::string_view bytes);
  rocksdb::IOStatus overwrite(const std::string& path, Inode& inode, std::size_t offset,
                              std::string_view bytes);
  rocksdb::IOStatus truncate(const std::string& path, Inode& inode, std::size_t size);
  rocksdb::IOStatus sync(const std::string& path, Inode& inode);
  rocksdb::IOStatus sync_directory(const std::string& path);
  rocksdb::IOStatus read(const std::string& path, const Inode& inode, std::size_t offset,
                         std::size_t size, char* out, rocksdb::Slice* result) const;
  rocksdb::IOStatus rename(const std::string& from, const std::string& to);
  rocksdb::IOStatus link(const std::string& from, const std::string& to);
  rocksdb::IOStatus remove(const std::string& path);
  rocksdb::IOStatus make_directory(const std::string& path, bool may_exist);
  rocksdb::IOStatus remove_directory(const std::string& path);
  rocksdb::IOStatus lock(const std::string& path);
  void unlock(const std::string& path);
  rocksdb::IOStatus children(const std::string& directory, std::vector<std::string>* names) const;
  rocksdb::IOStatus size(const std::string& path, std::uint64_t* bytes) const;
  rocksdb::IOStatus free_bytes(std::uint64_t* bytes) const;
  bool exists(const std::string& path) const;
  bool is_directory(const std::string& path) const;

  void cut_power();
  void restore_power(Rng* rng);  // rng: unsynced bytes survive in part
  void inject(DiskFault fault);
  void clear_faults();
  void set_free_bytes(std::uint64_t bytes);
  FaultEnv::Image image() const;
  void restore(const FaultEnv::Image& image);
  void put(const std::string& path, std::string bytes);
  void forget(const std::string& path);
  void flip(const std::string& path, std::size_t offset, std::uint8_t mask);
  std::uint64_t syncs() const;

 private:
  using Names = std::map<std::string, std::shared_ptr<Inode>>;
  rocksdb::IOStatus check(DiskOperation operation, const std::string& path) const;
  static std::string normal(const std::string& path);

  mutable std::mutex mutex_;
  // All below guarded by mutex_, the contents of every Inode too.
  Names now_, durable_;
  std::set<std::string> directories_{"", "/"};
  std::set<std::string> locked_;
  mutable std::vector<DiskFault> faults_;
  bool powered_ = true;
  std::uint64_t syncs_ = 0;
  std::uint64_t free_bytes_ = ~0ULL;  // unknown
};

class FaultFileSystem final : public rocksdb::FileSystem {
 public:
  Disk& disk() { return disk_; }
  const char* Name() const override { return "TactFaultFileSystem"; }

  using Options = rocksdb::IOOptions;
  using Debug = rocksdb::IODebugContext;
  rocksdb::IOStatus NewSequentialFile(const std::string&, const rocksdb::FileOptions&,
                                      std::unique_ptr<rocksdb::FSSequentialFile>*, Debug*) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string&, const rocksdb::FileOptions&,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>*,
                                        Debug*) override;
  rocksdb::IOStatus NewWritableFile(const std::string&, const rocksdb::FileOptions&,
                                    std::unique_ptr<rocksdb::FSWritableFile>*, Debug*) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string&, const rocksdb::FileOptions&,
                                       std::unique_ptr<rocksdb::FSWritableFile>*, Debug*) override;
  rocksdb::IOStatus NewRandomRWFile(const std::string&, const rocksdb::FileOptions&,
                                    std::unique_ptr<rocksdb::FSRandomRWFile>*, Debug*) override;
  rocksdb::IOStatus NewDirectory(const std::string&, const Options&,
                                 std::unique_ptr<rocksdb::FSDirectory>*, Debug*) override;
  rocksdb::IOStatus FileExists(const std::string&, const Options&, Debug*) override;
  rocksdb::IOStatus GetChildren(const std::string&, const Options&, std::vector<std::string>*,
                                Debug*) override;
  rocksdb::IOStatus DeleteFile(const std::string&, const Options&, Debug*) override;
  rocksdb::IOStatus Truncate(const std::string&, std::size_t, const Options&, Debug*) override;
  rocksdb::IOStatus CreateDir(const std::string&, const Options&, Debug*) override;
  rocksdb::IOStatus CreateDirIfMissing(const std::string&, const Options&, Debug*) override;
  rocksdb::IOStatus DeleteDir(const std::string&, const Options&, Debug*) override;
  rocksdb::IOStatus GetFileSize(const std::string&, const Options&, std::uint64_t*,
                                Debug*) override;
  rocksdb::IOStatus GetFileModificationTime(const std::string&, const Options&, std::uint64_t*,
                                            Debug*) override;
  rocksdb::IOStatus RenameFile(const std::string&, const std::string&, const Options&,
                               Debug*) override;
  rocksdb::IOStatus LinkFile(const std::string&, const std::string&, const Options&,
                             Debug*) override;
  rocksdb::IOStatus LockFile(const std::string&, const Options&, rocksdb::FileLock**,
                             Debug*) override;
  rocksdb::IOStatus UnlockFile(rocksdb::FileLock*, const Options&, Debug*) override;
  rocksdb::IOStatus GetTestDirectory(const Options&, std::string*, Debug*) override;
  rocksdb::IOStatus GetAbsolutePath(const std::string&, const Options&, std::string*,
                                    Debug*) override;
  rocksdb::IOStatus GetFreeSpace(const std::string&, const Options&, std::uint64_t*,
                                 Debug*) override;
  rocksdb::IOStatus IsDirectory(const std::string&, const Options&, bool*, Debug*) override;

 private:
  Disk disk_;
};

}  // namespace tact::testing
