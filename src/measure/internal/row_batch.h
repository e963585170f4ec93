// Rows held until there are some hundred of them. To read rows from the store and to sum them take
// less time one after the other than by turns for each row, by more than the copy made here costs
// (docs/operations/benchmarks.md).
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace tact::internal {

class RowBatch {
 public:
  static constexpr std::size_t kRows = 256;

  // Not when it is full. O(size).
  void hold(std::string_view key, std::string_view value) {
    bytes_.append(key);
    bytes_.append(value);
    sizes_[rows_++] = {key.size(), value.size()};
  }
  bool full() const { return rows_ == kRows; }

  // visit(key, value) for each row, in the order in which they came, until it returns false;
  // whether it never did. None is held afterwards.
  template <typename Visit>
  bool drain(const Visit& visit) {
    std::string_view rest = bytes_;
    bool more = true;
    for (std::size_t i = 0; i < rows_ && more; ++i) {
      const auto [key, value] = sizes_[i];
      more = visit(rest.substr(0, key), rest.substr(key, value));
      rest.remove_prefix(key + value);
    }
    bytes_.clear();
    rows_ = 0;
    return more;
  }

 private:
  struct Sizes {
    std::size_t key = 0, value = 0;
  };
  std::string bytes_;  // key, value, key, …
  std::array<Sizes, kRows> sizes_{};
  std::size_t rows_ = 0;
};

}  // namespace tact::internal
