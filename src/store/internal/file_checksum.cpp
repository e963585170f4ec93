#include "store/internal/file_checksum.h"

#include <cstddef>
#include <string>

#include "base/bytes.h"
#include "base/hash.h"

namespace tact::internal {
namespace {

constexpr const char* kName = "tact.XXH3-64";  // in the manifest, beside each sum

class Generator final : public rocksdb::FileChecksumGenerator {
 public:
  void Update(const char* data, std::size_t size) override { hash_.add({data, size}); }
  void Finalize() override {
    ByteWriter sum;
    sum.u64_be(hash_.value());
    sum_ = sum.take();
  }
  std::string GetChecksum() const override { return sum_; }
  const char* Name() const override { return kName; }

 private:
  Hash64Stream hash_;
  std::string sum_;
};

class Factory final : public rocksdb::FileChecksumGenFactory {
 public:
  // Of a new file nothing is requested. Null for names that neither we nor RocksDB know.
  std::unique_ptr<rocksdb::FileChecksumGenerator> CreateFileChecksumGenerator(
      const rocksdb::FileChecksumGenContext& context) override {
    const std::string& name = context.requested_checksum_func_name;
    if (name.empty() || name == kName) return std::make_unique<Generator>();
    return older_->CreateFileChecksumGenerator(context);
  }
  const char* Name() const override { return "tact.FileChecksums"; }

 private:
  const std::shared_ptr<rocksdb::FileChecksumGenFactory> older_ =
      rocksdb::GetFileChecksumGenCrc32cFactory();
};

}  // namespace

std::shared_ptr<rocksdb::FileChecksumGenFactory> file_checksums() {
  return std::make_shared<Factory>();
}

}  // namespace tact::internal
