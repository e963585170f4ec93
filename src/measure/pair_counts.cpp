#include "measure/pair_counts.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace tact {

static_assert(kMostCells < std::numeric_limits<std::uint8_t>::max() &&
              kMostArms < std::numeric_limits<std::uint8_t>::max());

PairMap::PairMap(SetMap sets) : sets_(std::move(sets)) {
  const std::uint32_t arms = sets_.arms();
  rows_.resize(std::size_t{sets_.sets()} * arms);
  std::uint32_t begin = 0;
  for (std::size_t d = 0; d < sets_.dimensions(); ++d) {
    const std::uint32_t behind = sets_.of_place(d, sets_.cells(d));
    for (std::uint32_t place = 0; place < sets_.cells(d); ++place) {
      for (std::uint32_t arm = 0; arm < arms; ++arm) {
        rows_[sets_.group(sets_.of_place(d, place), arm)] = begin - behind * arms;
      }
      begin += (sets_.sets() - behind) * arms;
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
    kept_.push_back(static_cast<std::uint8_t>(map.sets().place(d, cells[d])));
  }
  if (kept_.size() >= room(map)) count_kept(map);
}

void PairDay::count_kept(const PairMap& map) {
  if (counts_.empty()) counts_.resize(map.size());
  std::vector<std::uint32_t> groups(map.sets().dimensions());
  for (std::size_t i = 0; i < kept_.size(); i += 1 + groups.size()) {
    for (std::size_t d = 0; d < groups.size(); ++d) {
      groups[d] = map.sets().group(map.sets().of_place(d, kept_[i + 1 + d]), kept_[i]);
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
  const SetMap& sets = map.sets();
  const std::size_t columns = sets.cells(other);
  for (std::size_t i = 0; i < kept_.size(); i += 1 + sets.dimensions()) {
    if (kept_[i] == arm) ++into[kept_[i + 1 + one] * columns + kept_[i + 1 + other]];
  }
  if (counts_.empty()) return;
  const auto group = [&](std::size_t dimension, std::uint32_t place) {
    return sets.group(sets.of_place(dimension, place), static_cast<std::uint32_t>(arm));
  };
  const std::size_t first = std::min(one, other), second = std::max(one, other);
  for (std::uint32_t a = 0; a < sets.cells(first); ++a) {
    for (std::uint32_t b = 0; b < sets.cells(second); ++b) {
      into[one < other ? a * columns + b : b * columns + a] +=
          counts_[map.row(group(first, a)) + group(second, b)];
    }
  }
}

}  // namespace tact
