#include "base/bytes.h"

#include <array>

namespace tact {
namespace {

constexpr std::size_t kMaxVarintBytes = 10;

// The low bit of a field's key tells its wire type.
constexpr std::uint64_t kNumber = 0;
constexpr std::uint64_t kText = 1;

std::uint64_t zigzag_encode(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}

}  // namespace

void ByteWriter::u64_be(std::uint64_t value) {
  std::array<char, 8> text;
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(value >> (56 - 8 * i));
  out_.append(text.data(), text.size());
}

void ByteWriter::varint(std::uint64_t value) {
  if (value < 0x80) return u8(static_cast<std::uint8_t>(value));
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
  varint(std::uint64_t{tag} << 1 | kNumber);
  varint(value);
}

void ByteWriter::field(std::uint32_t tag, std::string_view value) {
  if (value.empty()) return;
  varint(std::uint64_t{tag} << 1 | kText);
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
  std::uint64_t value = 0;
  for (const char byte : raw(sizeof(value))) value = value << 8 | static_cast<std::uint8_t>(byte);
  return value;
}

std::uint64_t ByteReader::long_varint() {
  std::uint64_t value = 0;
  std::size_t size = 0;
  for (const char one : rest_) {
    const auto byte = static_cast<std::uint8_t>(one);
    if (size == 9 && byte > 1) break;  // over 64 bits
    value |= std::uint64_t{byte & 0x7FU} << 7 * size++;
    if ((byte & 0x80) != 0) continue;
    rest_.remove_prefix(size);
    return value;
  }
  fail();
  return 0;
}

bool ByteReader::next_field(Field& field) {
  if (rest_.empty()) return false;
  field = {};
  const std::uint64_t key = varint();
  if (key >> 1 > 0xFFFFFFFF) fail();
  field.tag = static_cast<std::uint32_t>(key >> 1);
  if ((key & 1) == kNumber) {
    field.number = varint();
  } else {
    field.text = bytes();
  }
  return !failed_;
}

}  // namespace tact
