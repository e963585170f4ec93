// On the real file system: what a disk in memory cannot show.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "store/store_test_util.h"

namespace tact {
namespace {

class Disk : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "tact_store_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  std::string root_;
};

TEST_F(Disk, CommitsReopensVerifiesAndCopies) {
  const std::string data = root_ + "/data/";
  {
    const auto store = Store::open(data);
    ASSERT_TRUE(store.has_value()) << store.error().to_text();
    ASSERT_OK(put(**store, Family::kProfile, "a", "1"));
    EXPECT_GT((*store)->disk_bytes(), 0U);
    ASSERT_OK((*store)->checkpoint(root_ + "/copy"));
  }
  for (const std::string& directory : {data, root_ + "/copy"}) {
    const auto store = Store::open(directory);
    ASSERT_TRUE(store.has_value()) << store.error().to_text();
    EXPECT_EQ(value_of(**store, Family::kProfile, "a"), "1");
    EXPECT_OK((*store)->verify_files());
  }
}

TEST_F(Disk, ASecondProcessIsAConflict) {
  const auto store = Store::open(root_ + "/data");
  ASSERT_TRUE(store.has_value());
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {  // fcntl locks are not inherited: to the kernel this is another process
    const std::string self = "/proc/self/exe";
    setenv("TACT_STORE_TEST_OPEN", (root_ + "/data").c_str(), 1);
    execl(self.c_str(), self.c_str(), "--gtest_filter=Disk.OpensWhatTheOtherProcessHolds",
          "--gtest_brief=1", static_cast<char*>(nullptr));
    _exit(99);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

// The child of ASecondProcessIsAConflict; does nothing by itself.
TEST_F(Disk, OpensWhatTheOtherProcessHolds) {
  const char* const directory = std::getenv("TACT_STORE_TEST_OPEN");
  if (directory == nullptr) return;
  const auto opened = Store::open(directory);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::kConflict) << opened.error().to_text();
  EXPECT_NE(opened.error().message.find("another Tact"), std::string::npos);
}

TEST_F(Disk, ADirectoryThatCannotBeMadeIsAnErrorWithItsPath) {
  const std::string file = root_ + "/file";
  ASSERT_TRUE(rocksdb::WriteStringToFile(rocksdb::Env::Default(), "x", file).ok());
  for (const std::string& directory : {file, file + "/data", root_ + "/none/data"}) {
    const auto opened = Store::open(directory);
    ASSERT_FALSE(opened.has_value()) << directory;
    EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable);
    EXPECT_NE(opened.error().to_text().find(directory), std::string::npos)
        << opened.error().to_text();
  }
}

TEST_F(Disk, ADirectoryWithoutPermissionSaysWhatToDo) {
  const std::string data = root_ + "/data";
  std::filesystem::create_directory(data);
  std::filesystem::permissions(
      data, std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec |
                std::filesystem::perms::others_read | std::filesystem::perms::others_exec);
  // Root may write anywhere, so for this moment the process is not root.
  const bool root = geteuid() == 0;
  ASSERT_EQ(root ? seteuid(65'534) : 0, 0);
  const auto opened = Store::open(data);
  ASSERT_EQ(root ? seteuid(0) : 0, 0);
  ASSERT_FALSE(opened.has_value());
  EXPECT_NE(opened.error().message.find("must be able to write the data directory"),
            std::string::npos);
}

}  // namespace
}  // namespace tact
