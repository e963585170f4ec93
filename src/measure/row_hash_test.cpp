// The hash of rows against its definition, piece by piece with a plain writer.
#include "measure/row_hash.h"

#include <gtest/gtest.h>

#include <random>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace tact {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

std::string by_definition(const Rows& rows) {
  std::string state(16, '\0');
  ByteWriter piece;
  const auto close = [&] {
    const Sum128 hash = hash128(state, piece.take());
    ByteWriter next;
    next.u64_be(hash.high);
    next.u64_be(hash.low);
    state = next.take();
    piece = ByteWriter();
  };
  for (const auto& [key, value] : rows) {
    piece.bytes(key);
    piece.bytes(value);
    if (piece.size() >= 1u << 16) close();
  }
  close();
  return content_hash(state).to_text();
}

std::string by_row_hash(const Rows& rows) {
  RowHash hash;
  for (const auto& [key, value] : rows) hash.add(key, value);
  return hash.finish();
}

std::string text(std::mt19937_64& random, std::size_t size) {
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

TEST(RowHash, IsThatOfItsDefinition) {
  std::mt19937_64 random(3);
  // No row, empty ones, lengths of one, two and three bytes, and rows beyond a piece.
  for (const std::size_t most : {0, 1, 60, 127, 128, 300, 20'000, 200'000}) {
    const std::size_t many = most < 1'000 ? 4'000 : 40;
    for (const std::size_t rows : {std::size_t{0}, std::size_t{1}, many}) {
      Rows all;
      for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t size = most == 0 ? 0 : random() % (most + 1);
        all.emplace_back(text(random, 24), text(random, size));
      }
      ASSERT_EQ(by_row_hash(all), by_definition(all)) << rows << " rows up to " << most;
    }
  }
}

// Rows that end a piece exactly, or one byte before and after.
TEST(RowHash, EndsAPieceWhereItsDefinitionDoes) {
  std::mt19937_64 random(4);
  for (std::size_t first = 65'529 - 27; first < 65'529 + 4; ++first) {
    const Rows rows = {{text(random, 24), text(random, first - 24)},
                       {text(random, 1), {}},
                       {text(random, 24), text(random, 40)}};
    ASSERT_EQ(by_row_hash(rows), by_definition(rows)) << first;
  }
}

TEST(RowHash, TellsRowsApartThatAreTheSameBytes) {
  EXPECT_NE(by_row_hash({{"a", "bc"}}), by_row_hash({{"ab", "c"}}));
  EXPECT_NE(by_row_hash({{"a", "b"}, {"c", "d"}}), by_row_hash({{"c", "d"}, {"a", "b"}}));
  EXPECT_NE(by_row_hash({}), by_row_hash({{"", ""}}));
}

}  // namespace
}  // namespace tact
