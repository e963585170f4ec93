#include "measure/internal/arm_sample.h"

#include <algorithm>

namespace tact::internal {

void ArmSample::add(std::uint64_t key, Day day, double outcome, std::span<const float> numbers) {
  if (!takes(key)) return;
  units_.push_back({key, outcome, day, static_cast<std::uint32_t>(units_.size())});
  numbers_.insert(numbers_.end(), numbers.begin(), numbers.end());
  tighten();
}

void ArmSample::merge(const ArmSample& other) {
  halvings_ = std::max(halvings_, other.halvings_);
  keep_where([&](const Unit& unit) { return takes(unit.key); });
  for (const Unit& unit : other.units_) add(unit.key, unit.day, unit.outcome, other.numbers(unit));
}

void ArmSample::drop_from(Day day) {
  keep_where([day](const Unit& unit) { return unit.day < day; });
}

void ArmSample::sort() {
  std::stable_sort(units_.begin(), units_.end(), [](const Unit& a, const Unit& b) {
    return a.key != b.key ? a.key < b.key : a.day < b.day;
  });
}

template <typename Keep>
void ArmSample::keep_where(const Keep& keep) {
  std::size_t kept = 0;
  for (const Unit& unit : units_) {
    if (!keep(unit)) continue;
    const auto from = numbers_.begin() + static_cast<std::ptrdiff_t>(unit.at * width_);
    std::copy_n(from, width_, numbers_.begin() + static_cast<std::ptrdiff_t>(kept * width_));
    units_[kept] = unit;
    units_[kept].at = static_cast<std::uint32_t>(kept);
    ++kept;
  }
  units_.resize(kept);
  numbers_.resize(kept * width_);
}

void ArmSample::tighten() {
  while (units_.size() > most_ && halvings_ < kMostHalvings) {
    ++halvings_;
    keep_where([&](const Unit& unit) { return takes(unit.key); });
  }
}

}  // namespace tact::internal
