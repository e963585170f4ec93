#include "base/bytes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace tact {
namespace {

constexpr std::size_t kMaxVarintBytes = 10;

std::uint64_t zigzag_encode(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}

}  // namespace

void ByteWriter::u64_be(std::uint64_t value) {
  const std::uint64_t swapped = __builtin_bswap64(value);
  std::array<char, sizeof(swapped)> text;
  std::memcpy(text.data(), &swapped, sizeof(swapped));
  out_.append(text.data(), text.size());
}

void ByteWriter::long_varint(std::uint64_t value) {
  std::array<char, kMaxVarintBytes> text;
  std::size_t size = 0;
  for (; value >= 0x80; value >>= 7) text[size++] = static_cast<char>(value | 0x80);
  text[size++] = static_cast<char>(value);
  out_.append(text.data(), size);
}

void ByteWriter::zigzag(std::int64_t value) { varint(zigzag_encode(value)); }

void ByteWriter::bytes(std::string_view value) {
  varint(value.size());
  out_ += value;
}

void ByteWriter::field(std::uint32_t tag, std::uint64_t value) {
  if (value == 0) return;
  varint(std::uint64_t{tag} << 1 | ByteReader::Field::kNumber);
  varint(value);
}

void ByteWriter::field(std::uint32_t tag, std::string_view value) {
  if (value.empty()) return;
  varint(std::uint64_t{tag} << 1 | ByteReader::Field::kText);
  bytes(value);
}

void ByteWriter::signed_field(std::uint32_t tag, std::int64_t value) {
  field(tag, zigzag_encode(value));
}

void ByteReader::fail() {
  failed_ = true;
  rest_ = {};
}

std::uint64_t ByteReader::u64_be() {
  const std::string_view from = raw(sizeof(std::uint64_t));
  if (from.empty()) return 0;
  std::uint64_t value = 0;
  std::memcpy(&value, from.data(), sizeof(value));
  return __builtin_bswap64(value);
}

bool ByteReader::long_field(Field& field) {
  if (rest_.empty()) return false;
  const std::uint64_t key = varint();
  if (key >> 1 > 0xFFFFFFFF) fail();
  field.tag = static_cast<std::uint32_t>(key >> 1);
  const bool is_text = (key & 1) == Field::kText;
  field.number = varint();
  field.start = is_text ? raw(field.number).data() : nullptr;
  return !failed_;
}

namespace {

// The low seven bits of each of eight bytes, the lowest byte first.
std::uint64_t without_top_bits(std::uint64_t bytes) {
  bytes &= 0x7F7F7F7F7F7F7F7F;
  bytes = (bytes & 0x007F007F007F007F) | (bytes & 0x7F007F007F007F00) >> 1;
  bytes = (bytes & 0x00003FFF00003FFF) | (bytes & 0x3FFF00003FFF0000) >> 2;
  return (bytes & 0x000000000FFFFFFF) | (bytes & 0x0FFFFFFF00000000) >> 4;
}

}  // namespace

std::uint64_t ByteReader::long_varint() {
  static_assert(std::endian::native == std::endian::little);
  if (std::uint64_t eight = 0; rest_.size() >= sizeof(eight)) {
    std::memcpy(&eight, rest_.data(), sizeof(eight));
    if (const std::uint64_t ends = ~eight & 0x8080808080808080; ends != 0) {
      rest_.remove_prefix(static_cast<std::size_t>(std::countr_zero(ends)) / 8 + 1);
      return without_top_bits(eight & (ends ^ (ends - 1)));
    }
  }
  constexpr std::size_t kMost = 10;
  const std::size_t end = std::min(rest_.size(), kMost);
  const char* const from = rest_.data();
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < end; ++i) {
    const std::uint64_t byte = static_cast<std::uint8_t>(from[i]);
    value |= (byte & 0x7F) << 7 * i;
    if (byte >= 0x80) continue;
    if (i == kMost - 1 && byte > 1) break;  // over 64 bits
    rest_.remove_prefix(i + 1);
    return value;
  }
  fail();
  return 0;
}

}  // namespace tact
