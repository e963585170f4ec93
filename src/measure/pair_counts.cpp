#include "measure/pair_counts.h"

#include <algorithm>
#include <limits>

namespace tact {

static_assert(kMostCells < std::numeric_limits<std::uint8_t>::max() &&
              kMostArms < std::numeric_limits<std::uint8_t>::max());

PairMap::PairMap(const Plan& plan) : arms_(static_cast<std::uint32_t>(plan.arms.size())) {
  std::uint32_t sets = 1;  // everybody comes first
  for (const Dimension& dimension : plan.dimensions) {
    dimensions_.push_back({static_cast<std::uint32_t>(dimension.cells.size()) + 1, sets});
    sets += dimensions_.back().cells;
  }
  rows_.resize(std::size_t{sets} * arms_);
  std::uint32_t begin = 0;
  for (const Cells& dimension : dimensions_) {
    const std::uint32_t behind = dimension.first + dimension.cells;
    for (std::uint32_t set = dimension.first; set < behind; ++set) {
      for (std::uint32_t arm = 0; arm < arms_; ++arm) {
        rows_[set * arms_ + arm] = begin - behind * arms_;
      }
      begin += (sets - behind) * arms_;
    }
  }
  size_ = begin;
}

// Counts are read faster: where they take little room they may take eight times as much.
std::size_t PairDay::room(const PairMap& map) {
  constexpr std::size_t kLittle = 256 * 1024;
  const std::size_t bytes = map.size() * sizeof(std::uint32_t);
  return bytes <= kLittle ? bytes / 8 : bytes;
}

void PairDay::keep(const PairMap& map, std::uint32_t arm, std::span<const std::int32_t> cells) {
  if (map.size() == 0) return;
  kept_.push_back(static_cast<std::uint8_t>(arm));
  for (std::size_t d = 0; d < cells.size(); ++d) {
    kept_.push_back(static_cast<std::uint8_t>(map.place(d, cells[d])));
  }
  if (kept_.size() >= room(map)) count_kept(map);
}

void PairDay::count_kept(const PairMap& map) {
  if (counts_.empty()) counts_.resize(map.size());
  std::vector<std::uint32_t> groups(map.dimensions());
  for (std::size_t i = 0; i < kept_.size(); i += 1 + groups.size()) {
    for (std::size_t d = 0; d < groups.size(); ++d) {
      groups[d] = map.group(d, kept_[i + 1 + d], kept_[i]);
    }
    add(map, kept_[i], {}, groups);
  }
  kept_ = {};
}

void PairDay::merge(const PairMap& map, const PairDay& other) {
  kept_.insert(kept_.end(), other.kept_.begin(), other.kept_.end());
  const bool many = kept_.size() >= room(map);
  if (many || !counts_.empty() || !other.counts_.empty()) count_kept(map);
  for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[i] += other.counts_[i];
}

void PairDay::put(const PairMap& map, std::size_t one, std::size_t other, std::size_t arm,
                  std::span<std::int64_t> into) const {
  const std::size_t columns = map.cells(other);
  for (std::size_t i = 0; i < kept_.size(); i += 1 + map.dimensions()) {
    if (kept_[i] == arm) ++into[kept_[i + 1 + one] * columns + kept_[i + 1 + other]];
  }
  if (counts_.empty()) return;
  const std::size_t first = std::min(one, other), second = std::max(one, other);
  for (std::uint32_t a = 0; a < map.cells(first); ++a) {
    for (std::uint32_t b = 0; b < map.cells(second); ++b) {
      const auto which = static_cast<std::uint32_t>(arm);
      const std::uint32_t at = map.row(map.group(first, a, which)) + map.group(second, b, which);
      into[one < other ? a * columns + b : b * columns + a] += counts_[at];
    }
  }
}

}  // namespace tact
