// Writing and reading binary formats: varints, fixed integers, length-prefixed bytes, and tagged
// fields that a later version may extend without breaking the old ones (docs/formats/record.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace tact {

class ByteWriter {
 public:
  // expected_bytes: room from the start; more is taken as it is needed.
  explicit ByteWriter(std::size_t expected_bytes = 128) { out_.reserve(expected_bytes); }

  void u8(std::uint8_t value) { out_ += static_cast<char>(value); }
  void u64_be(std::uint64_t value);   // sorts like the number: for keys
  void varint(std::uint64_t value) {  // LEB128
    if (value < 0x80) return u8(static_cast<std::uint8_t>(value));
    long_varint(value);
  }
  void zigzag(std::int64_t value);     // signed varint
  void bytes(std::string_view value);  // varint length, then the bytes
  void raw(std::string_view value) { out_ += value; }
  void time(Time value) { zigzag(to_ms(value)); }

  // A tagged field; absent when it has its zero value, so that small records stay small.
  void field(std::uint32_t tag, std::uint64_t value);
  void field(std::uint32_t tag, std::string_view value);
  void signed_field(std::uint32_t tag, std::int64_t value);

  const std::string& str() const { return out_; }
  std::string take() { return std::move(out_); }
  std::size_t size() const { return out_.size(); }

 private:
  void long_varint(std::uint64_t value);

  std::string out_;
};

// Reads what ByteWriter wrote. Never reads out of bounds: after an error every read gives zero or
// an empty view and failed() is true. Views point into the input.
class ByteReader {
 public:
  explicit ByteReader(std::string_view input) : rest_(input) {}

  std::uint8_t u8();
  std::uint64_t u64_be();
  std::uint64_t varint();
  std::int64_t zigzag() { return zigzag_decoded(varint()); }
  std::string_view bytes() { return raw(varint()); }
  std::string_view raw(std::size_t size);
  Time time() { return time_from_ms(zigzag()); }

  // Next tagged field; false at the end (or on an error).
  struct Field {
    std::uint32_t tag = 0;
    std::uint64_t number = 0;                               // of a text its size
    const char* start = nullptr;                            // of a text
    static constexpr std::uint64_t kNumber = 0, kText = 1;  // the low bit of a field's key
    bool is_text() const { return start != nullptr; }
    std::string_view text() const { return {start, is_text() ? number : 0}; }
    std::int64_t as_signed() const { return zigzag_decoded(number); }
  };
  bool next_field(Field& field);

  bool at_end() const { return rest_.empty(); }
  bool failed() const { return failed_; }
  std::size_t remaining() const { return rest_.size(); }
  void fail();

 private:
  static std::int64_t zigzag_decoded(std::uint64_t value) {
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  std::uint64_t long_varint();    // any but one of a single byte
  bool long_field(Field& field);  // any, and what is none
  bool any_field(Field& field);

  std::string_view rest_;
  bool failed_ = false;
};

// Rows are read by the million: what most reads take is here.
inline std::uint8_t ByteReader::u8() {
  if (rest_.empty()) {
    fail();
    return 0;
  }
  const auto value = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return value;
}

inline std::uint64_t ByteReader::varint() {
  if (rest_.empty() || static_cast<std::uint8_t>(rest_.front()) >= 0x80) return long_varint();
  return u8();
}

inline std::string_view ByteReader::raw(std::size_t size) {
  if (size > rest_.size() || failed_) {
    fail();
    return {};
  }
  const std::string_view value = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return value;
}

// A number of two bytes is taken as one of one byte is, without a branch: of days, hours and
// amounts either is as likely.
inline bool ByteReader::next_field(Field& field) {
  if (rest_.size() < 2) return !rest_.empty() && any_field(field);
  const auto key = static_cast<std::uint8_t>(rest_[0]),
             second = static_cast<std::uint8_t>(rest_[1]);
  const auto third = static_cast<std::uint8_t>(rest_[rest_.size() > 2 ? 2 : 1]);
  const bool is_text = (key & 1) == Field::kText;
  const unsigned more = second >> 7;
  if (((key | (more * third)) & 0x80) != 0 ||
      (is_text && (more != 0 || second > rest_.size() - 2))) {
    return any_field(field);
  }
  field.tag = key >> 1;
  field.number = (second & 0x7Fu) | (more * third) << 7;
  field.start = is_text ? rest_.data() + 2 : nullptr;
  rest_.remove_prefix(2u + (is_text ? second : more));
  return true;
}

// The caller's field stays in registers: only one of ours is passed on.
inline bool ByteReader::any_field(Field& field) {
  Field found;
  const bool is_one = long_field(found);
  field = found;
  return is_one;
}

}  // namespace tact
