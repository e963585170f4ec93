// A name for a stream of rows, of them and their order only. It tells data apart that differ by
// accident, not against somebody who seeks two alike.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/hash.h"

namespace tact {

class RowHash {
 public:
  // XXH3-64 of the value, seeded by that of the key, seeded by the state before. O(size).
  void add(std::string_view key, std::string_view value) {
    state_ = hash64(value, hash64(key, state_));
  }
  std::string finish() const {
    ByteWriter state;
    state.u64_be(state_);
    return content_hash(state.str()).to_text();
  }

 private:
  std::uint64_t state_ = 0;
};

}  // namespace tact
