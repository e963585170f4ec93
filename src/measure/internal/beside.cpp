#include "measure/internal/beside.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace tact::internal {
namespace {

// In the same block of both dimensions: its number there, if a day is in one.
struct Stretch {
  Day begin = 0, end = 0;
  std::optional<std::size_t> inner, outer;
};

std::vector<Stretch> stretches(const TwoDimensions& both) {
  std::vector<Stretch> all;
  Day begin = both.inner.front().begin;
  for (std::size_t i = 0, j = 0; i < both.inner.size() || j < both.outer.size();) {
    Stretch next{begin, std::numeric_limits<Day>::max(), {}, {}};
    if (i < both.inner.size()) {
      next.inner = i;
      next.end = both.inner[i].end;
    }
    if (j < both.outer.size()) {
      next.outer = j;
      next.end = std::min(next.end, both.outer[j].end);
    }
    all.push_back(next);
    begin = next.end;
    if (next.inner && both.inner[i].end == begin) ++i;
    if (next.outer && both.outer[j].end == begin) ++j;
  }
  return all;
}

std::size_t atom_in(const Block& block, std::size_t cell) {
  return cell < block.cells.size() && block.cells[cell] ? cell : block.cells.size();
}

// Of one arm. [cell][cell of the other].
void add_overlaps(const Sums& sums, const TwoDimensions& both, const Stretch& stretch,
                  std::size_t arm, std::vector<Overlap>& people) {
  const std::size_t rows = both.inner.front().cells.size() + 1;
  const std::size_t columns = both.outer.front().cells.size() + 1;
  std::vector<std::int64_t> cells(rows * columns), atoms(cells.size());
  for (Day day = stretch.begin; day < stretch.end; ++day) {
    const DaySums* const today = sums.day(day);
    if (today == nullptr) continue;
    today->pairs.put(sums.pairs(), both.dimension, both.other, arm, cells);
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::size_t row = 0, column = 0;
    if (stretch.inner) row = atom_in(both.inner[*stretch.inner], i / columns);
    if (stretch.outer) column = atom_in(both.outer[*stretch.outer], i % columns);
    atoms[row * columns + column] += cells[i];
  }
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    if (atoms[i] == 0) continue;
    Overlap overlap{kNoAtom, kNoAtom, atoms[i]};
    if (stretch.inner) overlap.inner = static_cast<int>(*stretch.inner * rows + i / columns);
    if (stretch.outer) overlap.outer = static_cast<int>(*stretch.outer * columns + i % columns);
    people.push_back(overlap);
  }
}

}  // namespace

void count_cell(const Sums& sums, CellOf cell, Day day, ArmCount& into) {
  const DaySums* const today = sums.day(day);
  if (today == nullptr) return;
  const std::size_t arms = sums.sets().arms();
  const std::size_t set = sums.sets().of_place(cell.dimension, cell.cell);
  for (std::size_t arm = 0; arm < arms; ++arm) {
    const Count count = today->groups.count(set * arms + arm);
    into[arm] += count.units;
    into[arms + arm] += count.units - count.simulated;
  }
}

Beside beside_everybody(const Sums& sums, std::size_t dimension, const Block& next,
                        const std::vector<Block>& everybody) {
  const std::size_t arms = sums.sets().arms(), atoms = next.cells.size() + 1;
  Beside beside{std::vector<std::vector<Overlap>>(arms), 0, static_cast<int>(everybody.size())};
  for (std::size_t b = 0; b < everybody.size(); ++b) {
    if (everybody[b].begin < next.begin || everybody[b].end > next.end) continue;
    std::vector<ArmCount> counts(atoms, ArmCount(2 * arms));
    for (Day day = everybody[b].begin; day < everybody[b].end; ++day) {
      for (std::size_t cell = 0; cell < atoms; ++cell) {
        count_cell(sums, {dimension, cell}, day, counts[atom_in(next, cell)]);
      }
    }
    for (std::size_t arm = 0; arm < arms; ++arm) {
      for (std::size_t atom = 0; atom < atoms; ++atom) {
        const std::int64_t people = counts[atom][arms + arm];
        beside.arms[arm].push_back({static_cast<int>(atom), static_cast<int>(b), people});
      }
    }
  }
  return beside;
}

Beside beside_each_other(const Sums& sums, const TwoDimensions& both) {
  Beside beside;
  beside.next = static_cast<int>((both.inner.size() - 1) * (both.inner.front().cells.size() + 1));
  beside.outer = static_cast<int>(both.outer.size() * (both.outer.front().cells.size() + 1));
  const std::vector<Stretch> days = stretches(both);
  for (std::size_t arm = 0; arm < sums.sets().arms(); ++arm) {
    std::vector<Overlap>& people = beside.arms.emplace_back();
    for (const Stretch& stretch : days) add_overlaps(sums, both, stretch, arm, people);
  }
  return beside;
}

}  // namespace tact::internal
