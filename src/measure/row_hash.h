// A content address of a stream of rows: gathered to pieces, each hashed with the state before it.
// It depends on the rows and their order only, and needs one piece of memory.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/hash.h"

namespace tact {

class RowHash {
 public:
  void add(std::string_view key, std::string_view value) {
    piece_.bytes(key);
    piece_.bytes(value);
    if (piece_.size() >= kPiece) close_piece();
  }
  std::string finish() {
    close_piece();
    return state_.to_text();
  }

 private:
  static constexpr std::size_t kPiece = 1u << 16;
  void close_piece() {
    std::string whole(state_.bytes.begin(), state_.bytes.end());
    whole += piece_.take();
    piece_ = ByteWriter();
    state_ = content_hash(whole);
  }
  ContentHash state_;
  ByteWriter piece_;
};

}  // namespace tact
