#include "store/testing/fault_env.h"

#include <rocksdb/env.h>

#include "store/testing/fault_file_system.h"

namespace tact::testing {

FaultEnv::FaultEnv()
    : files_(std::make_shared<FaultFileSystem>()), env_(rocksdb::NewCompositeEnv(files_)) {}

FaultEnv::~FaultEnv() = default;

rocksdb::Env* FaultEnv::env() { return env_.get(); }
void FaultEnv::cut_power() { files_->disk().cut_power(); }
void FaultEnv::drop_unsynced() { files_->disk().restore_power(nullptr); }

void FaultEnv::tear_unsynced(std::uint64_t seed) {
  Rng rng(seed);
  files_->disk().restore_power(&rng);
}

void FaultEnv::inject(DiskFault fault) { files_->disk().inject(std::move(fault)); }
void FaultEnv::clear_faults() { files_->disk().clear_faults(); }
void FaultEnv::set_free_bytes(std::uint64_t bytes) { files_->disk().set_free_bytes(bytes); }

std::vector<std::string> FaultEnv::files() const {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : image()) names.push_back(name);
  return names;
}

std::string FaultEnv::read(const std::string& path) const {
  const Image all = image();
  const auto found = all.find(path);
  return found == all.end() ? std::string() : found->second;
}

void FaultEnv::write(const std::string& path, std::string bytes) {
  files_->disk().put(path, std::move(bytes));
}

void FaultEnv::erase(const std::string& path) { files_->disk().forget(path); }

void FaultEnv::flip(const std::string& path, std::size_t offset, std::uint8_t mask) {
  files_->disk().flip(path, offset, mask);
}

std::uint64_t FaultEnv::syncs() const { return files_->disk().syncs(); }
FaultEnv::Image FaultEnv::image() const { return files_->disk().image(); }
void FaultEnv::restore(const Image& image) { files_->disk().restore(image); }

}  // namespace tact::testing
