// Checksums of whole table files: what is computed, and that files of older versions keep theirs.
#include "store/internal/file_checksum.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "store/internal/families.h"

namespace tact {
namespace {

using Factory = std::shared_ptr<rocksdb::FileChecksumGenFactory>;

std::unique_ptr<rocksdb::FileChecksumGenerator> generator(const std::string& requested) {
  rocksdb::FileChecksumGenContext context;
  context.requested_checksum_func_name = requested;
  return internal::file_checksums()->CreateFileChecksumGenerator(context);
}

TEST(FileChecksum, IsThatOfTheWholeHoweverItComes) {
  std::string bytes;
  for (int i = 0; i < 10'000; ++i) bytes += static_cast<char>(i * i);
  ByteWriter whole;
  whole.u64_be(hash64(bytes));
  const std::string expected = whole.take();
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{7}, std::size_t{4'096}, std::size_t{20'000}}) {
    const auto sum = generator("");
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      sum->Update(bytes.data() + at, std::min(piece, bytes.size() - at));
    }
    sum->Finalize();
    EXPECT_EQ(sum->GetChecksum(), expected) << piece;
  }
}

TEST(FileChecksum, ANameNobodyKnowsHasNone) {
  EXPECT_EQ(generator("tact.XXH3-64")->Name(), std::string("tact.XXH3-64"));
  EXPECT_EQ(generator("FileChecksumCrc32c")->Name(), std::string("FileChecksumCrc32c"));
  EXPECT_EQ(generator("of tomorrow"), nullptr);
}

// A database on a disk in memory, whose table files' checksums are made by one factory and then
// by another.
class Files : public ::testing::Test {
 protected:
  void open(const Factory& checksums) {
    db_.reset();
    rocksdb::Options options;
    options.env = env_.get();
    options.create_if_missing = true;
    options.info_log_level = rocksdb::FATAL_LEVEL;
    options.disable_auto_compactions = true;
    options.file_checksum_gen_factory = checksums;
    rocksdb::DB* raw = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, "/db", &raw).ok());
    db_.reset(raw);
  }
  void write_table() {
    ASSERT_TRUE(db_->Put({}, "key", std::string(10'000, 'v')).ok());
    ASSERT_TRUE(db_->Flush({}).ok());
  }
  std::vector<rocksdb::LiveFileMetaData> tables() const {
    std::vector<rocksdb::LiveFileMetaData> found;
    db_->GetLiveFilesMetaData(&found);
    return found;
  }
  void flip_a_byte(const std::string& file) {
    std::string bytes;
    ASSERT_TRUE(rocksdb::ReadFileToString(env_.get(), "/db" + file, &bytes).ok());
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    ASSERT_TRUE(rocksdb::WriteStringToFile(env_.get(), bytes, "/db" + file).ok());
  }

  std::unique_ptr<rocksdb::Env> env_{rocksdb::NewMemEnv(rocksdb::Env::Default())};
  std::unique_ptr<rocksdb::DB> db_;
};

TEST_F(Files, ThoseOfOlderVersionsAreStillChecked) {
  open(rocksdb::GetFileChecksumGenCrc32cFactory());
  write_table();
  open(internal::file_checksums());
  write_table();
  ASSERT_EQ(tables().size(), 2U);
  EXPECT_NE(tables()[0].file_checksum_func_name, tables()[1].file_checksum_func_name);
  EXPECT_TRUE(db_->VerifyFileChecksums({}).ok());
}

TEST(FileChecksum, IsWhatAStoreAsksFor) {
  const internal::Tuning tuning = internal::tuning({});
  EXPECT_STREQ(tuning.db.file_checksum_gen_factory->Name(), internal::file_checksums()->Name());
}

TEST_F(Files, AFlippedByteIsFoundInEither) {
  for (const Factory& factory :
       {rocksdb::GetFileChecksumGenCrc32cFactory(), internal::file_checksums()}) {
    env_.reset(rocksdb::NewMemEnv(rocksdb::Env::Default()));
    open(factory);
    write_table();
    open(internal::file_checksums());
    const std::string table = tables()[0].name;
    flip_a_byte(table);
    EXPECT_TRUE(db_->VerifyFileChecksums({}).IsCorruption());
    db_.reset();
  }
}

}  // namespace
}  // namespace tact
