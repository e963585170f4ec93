#include "measure/row_hash.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <utility>
#include <vector>

namespace tact {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

std::string hash_of(const Rows& rows) {
  RowHash hash;
  for (const auto& [key, value] : rows) hash.add(key, value);
  return hash.finish();
}

TEST(RowHash, TellsRowsApartThatAreTheSameBytes) {
  EXPECT_NE(hash_of({{"a", "bc"}}), hash_of({{"ab", "c"}}));
  EXPECT_NE(hash_of({{"a", "b"}, {"c", "d"}}), hash_of({{"c", "d"}, {"a", "b"}}));
  EXPECT_NE(hash_of({{"a", "b"}, {"c", "d"}}), hash_of({{"a", "d"}, {"c", "b"}}));
  EXPECT_NE(hash_of({}), hash_of({{"", ""}}));
  EXPECT_NE(hash_of({{"", ""}}), hash_of({{"", ""}, {"", ""}}));
}

// In any row, at any length that XXH3 treats in a way of its own.
TEST(RowHash, EveryBitCounts) {
  std::mt19937_64 random(3);
  const auto text = [&random](std::size_t size) {
    std::string out(size, '\0');
    for (char& c : out) c = static_cast<char>(random());
    return out;
  };
  Rows rows;
  for (const std::size_t size : {1, 3, 8, 16, 17, 95, 128, 129, 240, 241, 3'000, 100'000}) {
    rows.emplace_back(text(24), text(size));
  }
  std::set<std::string> met = {hash_of(rows)};
  std::set<std::pair<const char*, int>> flipped;
  for (auto& [key, value] : rows) {
    for (std::string* part : {&key, &value}) {
      for (int flips = 0; flips < 40; ++flips) {
        char& c = (*part)[random() % part->size()];
        const int bit = static_cast<int>(random() % 8);
        flipped.emplace(&c, bit);
        c = static_cast<char>(c ^ 1 << bit);
        met.insert(hash_of(rows));
        c = static_cast<char>(c ^ 1 << bit);
      }
    }
  }
  EXPECT_EQ(met.size(), flipped.size() + 1);
}

TEST(RowHash, StaysWhatItIs) {
  EXPECT_EQ(hash_of({{"key", "value"}, {"another", std::string(300, 'x')}}),
            "b2:f73c0e132495c62895e16d5e8b380369476892a7bafaaa7fc56d53133490aee8");
}

}  // namespace
}  // namespace tact
