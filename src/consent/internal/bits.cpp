#include "consent/internal/bits.h"

#include <algorithm>

namespace tact::internal {
namespace {

constexpr int kBitsPerChar = 6;
constexpr std::uint32_t kMaxWeight = 46'368;  // F(24): ids have 16 bits at most

int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-') return 62;
  return c == '_' ? 63 : -1;
}

}  // namespace

bool is_base64url(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return value_of(c) >= 0; });
}

bool BitReader::take(std::uint64_t bits) {
  if (bits > remaining()) failed_ = true;
  return !failed_;
}

std::uint64_t BitReader::number(int bits) {
  if (!take(static_cast<std::uint64_t>(bits))) return 0;
  std::uint64_t value = 0;
  for (int i = 0; i < bits; ++i, ++position_) {
    const int in_char = kBitsPerChar - 1 - static_cast<int>(position_ % kBitsPerChar);
    const int sextet = value_of(text_[position_ / kBitsPerChar]);
    value = value << 1 | static_cast<std::uint64_t>(sextet >> in_char & 1);
  }
  return value;
}

void BitReader::skip(std::uint64_t bits) {
  if (take(bits)) position_ += bits;
}

std::uint32_t BitReader::fibonacci() {
  std::uint32_t sum = 0;
  std::uint32_t weight = 1, next = 2;  // F(2), F(3)
  bool before = false;
  while (weight <= kMaxWeight && !failed_) {
    const bool bit = flag();
    if (bit && before) return sum;
    if (bit) sum += weight;
    before = bit;
    const std::uint32_t after = weight + next;
    weight = next;
    next = after;
  }
  failed_ = true;
  return 0;
}

}  // namespace tact::internal
