// Base64url text (RFC 4648 section 5, without padding) read as bits, most significant first: how
// IAB's TC and GPP strings are written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tact::internal {

// Not empty, and nothing but A-Z a-z 0-9 - _.
bool is_base64url(std::string_view text);

// Never reads out of bounds: after an error every read gives zero and failed() is true.
class BitReader {
 public:
  explicit BitReader(std::string_view base64url) : text_(base64url) {}  // is_base64url(text)

  std::uint64_t number(int bits);  // at most 64
  bool flag() { return number(1) != 0; }
  void skip(std::uint64_t bits);
  // An integer from 1 to 46,367 in Fibonacci coding (GPP, "Fibonacci Encoding"): a sum of Fibonacci
  // numbers no two of which are neighbours, so that "11" can end it. Anything else fails.
  std::uint32_t fibonacci();

  std::uint64_t remaining() const { return failed_ ? 0 : text_.size() * 6 - position_; }
  bool failed() const { return failed_; }

 private:
  bool take(std::uint64_t bits);  // whether there are so many

  std::string_view text_;
  std::uint64_t position_ = 0;  // in bits
  bool failed_ = false;
};

}  // namespace tact::internal
