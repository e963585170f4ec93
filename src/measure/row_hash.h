// A name for a stream of rows: gathered to pieces, each hashed (XXH3-128) with the state before it;
// the address of the last state. It depends on the rows and their order only, and needs one piece
// of memory. It tells data apart that differ by accident, not against somebody who seeks two alike.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "base/hash.h"

namespace tact {

class RowHash {
 public:
  // Key and value as ByteWriter::bytes() writes them. O(size).
  void add(std::string_view key, std::string_view value) {
    const std::size_t most = size_ + key.size() + value.size() + 2 * kMostVarint;
    if (most > piece_.size()) piece_.resize(std::max(most, 2 * piece_.size()));
    put(key);
    put(value);
    if (size_ - kState >= kPiece) close_piece();
  }
  std::string finish() {
    close_piece();
    return content_hash(std::string_view(piece_).substr(0, kState)).to_text();
  }

 private:
  static constexpr std::size_t kPiece = 1u << 16, kMostVarint = 10;
  static constexpr std::size_t kState = 16;

  void put(std::string_view bytes) {
    std::size_t left = bytes.size();
    for (; left >= 0x80; left >>= 7) piece_[size_++] = static_cast<char>(left | 0x80);
    piece_[size_++] = static_cast<char>(left);
    std::copy(bytes.begin(), bytes.end(), piece_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += bytes.size();
  }
  // The state before a piece, zero at first, is where the piece begins.
  void close_piece() {
    const Sum128 state = hash128(std::string_view(piece_).substr(0, size_), {});
    for (std::size_t i = 0; i < 8; ++i) {
      piece_[7 - i] = static_cast<char>(state.high >> 8 * i);
      piece_[15 - i] = static_cast<char>(state.low >> 8 * i);
    }
    size_ = kState;
  }

  std::string piece_ = std::string(kState, '\0');
  std::size_t size_ = kState;  // of it in use
};

}  // namespace tact
