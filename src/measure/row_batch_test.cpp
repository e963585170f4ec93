#include "measure/internal/row_batch.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace tact::internal {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

// Of every size from nothing on, with every byte.
Rows some_rows(std::size_t rows) {
  Rows made;
  for (std::size_t i = 0; i < rows; ++i) {
    made.emplace_back(std::string(i % 40, static_cast<char>(i)),
                      std::string(i * 7 % 301, static_cast<char>(255 - i)));
  }
  return made;
}

TEST(RowBatch, GivesEveryRowBackInOrderAndOnce) {
  RowBatch batch;
  for (const std::size_t rows : {std::size_t{0}, std::size_t{1}, std::size_t{3}, RowBatch::kRows}) {
    const Rows made = some_rows(rows);
    for (const auto& [key, value] : made) batch.hold(key, value);
    EXPECT_EQ(batch.full(), rows == RowBatch::kRows);
    for (const Rows& expected : {made, Rows{}}) {
      Rows seen;
      EXPECT_TRUE(batch.drain([&](std::string_view key, std::string_view value) {
        seen.emplace_back(key, value);
        return true;
      }));
      EXPECT_EQ(seen, expected);
    }
  }
}

TEST(RowBatch, EndsWhenToldAndHoldsNothingAfterwards) {
  RowBatch batch;
  for (const auto& [key, value] : some_rows(5)) batch.hold(key, value);
  int seen = 0;
  EXPECT_FALSE(batch.drain([&](auto, auto) { return ++seen < 2; }));
  EXPECT_EQ(seen, 2);
  EXPECT_TRUE(batch.drain([&](auto, auto) { return ++seen < 2; }));
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace tact::internal
