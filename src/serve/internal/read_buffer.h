// The bytes received and not yet parsed, in one piece.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace tact::internal {

class ReadBuffer {
 public:
  static constexpr std::size_t kFirstCapacity = 4 * 1024;  // most requests fit

  std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  void consume(std::size_t count) {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  // Room after the bytes held: at least 1 byte as long as size() < capacity_max. Grows by doubling.
  std::pair<char*, std::size_t> space(std::size_t capacity_max) {
    if (begin_ > 0) {
      std::memmove(data_.get(), data_.get() + begin_, size());
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ * 2 >= capacity_ && capacity_ < capacity_max) {
      grow(std::min(capacity_max, std::max(kFirstCapacity, capacity_ * 2)));
    }
    return {data_.get() + end_, capacity_ - end_};
  }
  void commit(std::size_t count) { end_ += count; }

  // Gives memory back after a large request.
  void shrink() {
    if (capacity_ <= 4 * kFirstCapacity || !empty()) return;
    data_.reset();
    capacity_ = begin_ = end_ = 0;
  }

 private:
  void grow(std::size_t capacity) {
    std::unique_ptr<char[]> larger(new char[capacity]);  // uninitialised on purpose
    if (end_ > 0) std::memcpy(larger.get(), data_.get(), end_);
    data_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace tact::internal
