// What the store's tests share.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "store/internal/rocks_store.h"
#include "store/store.h"
#include "store/testing/fault_env.h"

#define EXPECT_OK(expression) EXPECT_TRUE(::tact::is_ok(expression))
#define ASSERT_OK(expression) ASSERT_TRUE(::tact::is_ok(expression))

namespace tact {

inline ::testing::AssertionResult is_ok(const Status& status) {
  if (status) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << status.error().to_text();
}

inline constexpr char kDirectory[] = "/data";

inline StoreOptions options(testing::FaultEnv& disk) {
  StoreOptions result;
  result.block_cache_bytes = 1 << 20;
  result.write_buffer_bytes = 1 << 20;
  result.env = disk.env();
  return result;
}

inline std::unique_ptr<internal::RocksStore> open_store(testing::FaultEnv& disk) {
  auto opened = internal::RocksStore::open(kDirectory, options(disk));
  EXPECT_TRUE(opened.has_value()) << opened.error().to_text();
  return opened ? std::move(opened).value() : nullptr;
}

inline Status put(Store& store, Family family, std::string_view key, std::string_view value) {
  Batch batch;
  batch.put(family, key, value);
  return store.commit(batch);
}

inline std::optional<std::string> value_of(const Store& store, Family family,
                                           std::string_view key) {
  const auto got = store.get(family, key);
  EXPECT_TRUE(got.has_value()) << got.error().to_text();
  return got ? got.value() : std::nullopt;
}

// The disk without what may change in a refused open: locks and RocksDB's own messages.
inline testing::FaultEnv::Image data_files(const testing::FaultEnv& disk) {
  auto image = disk.image();
  std::erase_if(image, [](const auto& file) {
    return file.first.ends_with("/LOCK") || file.first.find("/LOG") != std::string::npos;
  });
  return image;
}

}  // namespace tact
