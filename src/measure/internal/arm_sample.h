// A random sample of units that is the same whatever their order, in bounded memory.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "measure/sums.h"

namespace tact::internal {

// Of one arm: the units whose key, a hash, begins with `halvings` zero bits. As few as leave at
// most `most` of them; so a sample of fewer than all has at least about half of `most`, and a later
// one with the same number of halvings holds an earlier one.
class ArmSample {
 public:
  static constexpr int kMostHalvings = 63;

  // Each unit with `width` numbers.
  ArmSample(std::size_t width, std::size_t most) : width_(width), most_(most) {}

  bool takes(std::uint64_t key) const { return halvings_ == 0 || key >> (64 - halvings_) == 0; }
  void add(std::uint64_t key, Day day, double outcome, std::span<const float> numbers);
  // Of the same arm; no unit is in both. Before sort().
  void merge(const ArmSample& other);
  void drop_from(Day day);  // units exposed on that day or later; before sort()
  void sort();              // by key

  std::size_t size() const { return units_.size(); }
  int halvings() const { return halvings_; }
  struct Unit {
    std::uint64_t key = 0;
    double outcome = 0.0;
    Day day = 0;
    std::uint32_t at = 0;  // of its numbers
  };
  const std::vector<Unit>& units() const { return units_; }
  std::span<const float> numbers(const Unit& unit) const {
    return std::span(numbers_).subspan(unit.at * width_, width_);
  }

 private:
  template <typename Keep>
  void keep_where(const Keep& keep);
  void tighten();  // until no more than `most` are left

  std::size_t width_, most_;
  int halvings_ = 0;
  std::vector<Unit> units_;
  std::vector<float> numbers_;
};

}  // namespace tact::internal
