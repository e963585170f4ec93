#include "base/blake2b.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <random>

#include "base/hash.h"

namespace tact {
namespace {

TEST(Blake2b, KnownDigests) {
  EXPECT_EQ(content_hash("").to_text(),
            "b2:0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  EXPECT_EQ(content_hash("abc").to_text(),
            "b2:bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

// Every length about the ends of blocks, and long ones.
TEST(Blake2b, IsThatOfLibsodium) {
  ASSERT_GE(sodium_init(), 0);
  std::mt19937_64 random(1);
  std::string bytes(100'000, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  const auto expect_same = [&](std::size_t size) {
    std::array<std::uint8_t, 32> expected{};
    crypto_generichash(expected.data(), expected.size(),
                       reinterpret_cast<const unsigned char*>(bytes.data()), size, nullptr, 0);
    EXPECT_EQ(blake2b_256(std::string_view(bytes).substr(0, size)), expected) << size;
  };
  for (std::size_t size = 0; size <= 1'100; ++size) expect_same(size);
  for (int i = 0; i < 50; ++i) expect_same(random() % bytes.size());
}

}  // namespace
}  // namespace tact
