#include "measure/internal/cut_cells.h"

#include <algorithm>
#include <optional>

#include "measure/internal/apart.h"
#include "measure/internal/arm_counts.h"

namespace tact::internal {
namespace {

// A cell's units of a block that does not show it are in no later report either. So a block waits
// this many times as long as it would need, if a cell may still come in.
constexpr Day kPatience = 3;

bool lacks_a_cell(const std::vector<ArmCount>& counts, const std::vector<bool>& shown) {
  for (std::size_t cell = 0; cell < shown.size(); ++cell) {
    if (!shown[cell] && !nobody(counts[cell])) return true;
  }
  return false;
}

// Cells with somebody, the smallest first.
std::vector<std::size_t> by_size(const std::vector<ArmCount>& counts,
                                 const std::vector<bool>& shown) {
  std::vector<std::size_t> cells;
  for (std::size_t cell = 0; cell < shown.size(); ++cell) {
    if (shown[cell] && !nobody(counts[cell])) cells.push_back(cell);
  }
  std::stable_sort(cells.begin(), cells.end(), [&](std::size_t a, std::size_t b) {
    return total(counts[a]) < total(counts[b]);
  });
  return cells;
}

// `counts` is of each cell, and at the end of those in none. All false: none can be shown yet. A
// cell without anybody counts as shown only beside one with somebody.
std::vector<bool> cells_to_show(const std::vector<ArmCount>& counts) {
  const std::size_t cells = counts.size() - 1;
  std::vector<bool> shown(cells, false);
  ArmCount others = counts[cells];
  for (std::size_t cell = 0; cell < cells; ++cell) {
    shown[cell] = may_be_shown(counts[cell]);
    if (!shown[cell]) add(others, counts[cell]);
  }
  const std::vector<std::size_t> sorted = by_size(counts, shown);
  std::size_t left = sorted.size();
  for (const std::size_t cell : sorted) {
    if (may_be_shown(others)) break;
    add(others, counts[cell]);
    shown[cell] = false;
    --left;
  }
  if (left == 0) shown.assign(cells, false);
  return shown;
}

// One dimension, as far as it has come.
struct Cells {
  std::vector<Block> blocks;
  std::vector<ArmCount> pending;  // since the last of them: each cell, then those in none
  Day begin = 0;                  // of what is pending
  Day patience = 0;               // days; 0: the block could not end yet
};

class Cutting {
 public:
  Cutting(const Sums& sums, const Plan& plan, const std::vector<Block>& everybody)
      : sums_(sums), plan_(plan), everybody_(everybody) {}

  std::vector<std::vector<Block>> cut() {
    for (const Dimension& dimension : plan_.dimensions) {
      cells_.push_back({{}, none(dimension.cells.size()), sums_.first_day(), 0});
    }
    for (const Block& block : everybody_) {
      for (std::size_t d = 0; d < cells_.size(); ++d) advance(d, block);
    }
    std::vector<std::vector<Block>> blocks;
    for (Cells& cells : cells_) blocks.push_back(std::move(cells.blocks));
    return blocks;
  }

 private:
  std::vector<ArmCount> none(std::size_t cells) const {
    return std::vector<ArmCount>(cells + 1, ArmCount(2 * plan_.arms.size()));
  }

  void advance(std::size_t dimension, const Block& block) {
    Cells& cells = cells_[dimension];
    const std::size_t number = plan_.dimensions[dimension].cells.size();
    for (Day day = block.begin; day < block.end; ++day) {
      for (std::size_t cell = 0; cell <= number; ++cell) {
        count(day, dimension, place_of(cell, number), cells.pending[cell]);
      }
    }
    Block next{cells.begin, block.end, cells_to_show(cells.pending)};
    if (std::find(next.cells.begin(), next.cells.end(), true) == next.cells.end()) return;
    if (cells.patience == 0) cells.patience = kPatience * (next.end - next.begin);
    const bool waits = next.end - next.begin < cells.patience;
    if (waits && lacks_a_cell(cells.pending, next.cells)) return;
    while (const auto few = leaves_few(dimension, next)) {
      if (waits || !take_out(cells.pending, *few, next.cells)) return;
    }
    cells.blocks.push_back(std::move(next));
    cells.pending = none(number);
    cells.begin = block.end;
    cells.patience = 0;
  }

  // The smallest of these cells that is shown, or else of all, joins the others. False: none is
  // left.
  static bool take_out(const std::vector<ArmCount>& counts, const std::vector<bool>& few,
                       std::vector<bool>& shown) {
    std::vector<bool> of_these(shown.size());
    for (std::size_t cell = 0; cell < shown.size(); ++cell) {
      of_these[cell] = shown[cell] && few[cell];
    }
    std::vector<std::size_t> sorted = by_size(counts, of_these);
    if (sorted.empty()) sorted = by_size(counts, shown);
    shown[sorted.front()] = false;
    return !by_size(counts, shown).empty();
  }

  // Which cells of the dimension's next block are in what leaves a few beside everybody's blocks or
  // those of another dimension; none: nothing does.
  std::optional<std::vector<bool>> leaves_few(std::size_t dimension, const Block& next) const {
    if (auto few = leaves_few(next, beside_everybody(dimension, next))) return few;
    for (std::size_t other = 0; other < cells_.size(); ++other) {
      if (other == dimension) continue;
      const Day from = common_end(cells_[dimension].blocks, cells_[other].blocks);
      if (cells_[other].blocks.empty() || cells_[other].blocks.back().end <= from) continue;
      if (auto few = leaves_few(next, beside(dimension, next, other, from))) return few;
    }
    return std::nullopt;
  }

  // Atoms of a dimension's blocks are numbered by block, then cell, the last of these its others.
  // Those of `next` are the last ones of the inner partition.
  struct Beside {
    std::vector<std::vector<Overlap>> arms;
    int next = 0;  // its first atom
  };

  static std::optional<std::vector<bool>> leaves_few(const Block& next, Beside beside) {
    for (std::vector<Overlap>& people : beside.arms) {
      for (const bool inside : {true, false}) {
        if (const auto rest = find_rest(people, kSmallCell)) {
          std::vector<bool> cells(next.cells.size() + 1);
          for (const int atom : inside ? rest->inner : rest->outer) {
            if (atom >= beside.next) cells[static_cast<std::size_t>(atom - beside.next)] = true;
          }
          return cells;
        }
        for (Overlap& each : people) std::swap(each.inner, each.outer);
      }
    }
    return std::nullopt;
  }

  // Outer: everybody's blocks.
  Beside beside_everybody(std::size_t dimension, const Block& next) const {
    const std::size_t cells = next.cells.size();
    Beside beside{std::vector<std::vector<Overlap>>(plan_.arms.size()), 0};
    for (std::size_t arm = 0; arm < plan_.arms.size(); ++arm) {
      for (std::size_t b = 0; b < everybody_.size(); ++b) {
        if (everybody_[b].begin < next.begin || everybody_[b].end > next.end) continue;
        std::vector<std::int64_t> atoms(cells + 1);
        for (Day day = everybody_[b].begin; day < everybody_[b].end; ++day) {
          for (std::size_t cell = 0; cell <= cells; ++cell) {
            atoms[atom_in(next, cell)] += people_of(day, dimension, place_of(cell, cells), arm);
          }
        }
        for (std::size_t atom = 0; atom <= cells; ++atom) {
          beside.arms[arm].push_back({static_cast<int>(atom), static_cast<int>(b), atoms[atom]});
        }
      }
    }
    return beside;
  }

  // Outer: the blocks of another dimension. From a day on before which both tell of the same
  // people.
  Beside beside(std::size_t dimension, const Block& next, std::size_t other, Day from) const {
    std::vector<Block> inner = since(cells_[dimension].blocks, from);
    inner.push_back(next);
    const std::vector<Block> outer = since(cells_[other].blocks, from);
    const std::size_t rows = next.cells.size() + 1;
    const std::size_t columns = plan_.dimensions[other].cells.size() + 1;
    const std::size_t inners = inner.size() * rows, outers = outer.size() * columns;
    Beside beside{{}, static_cast<int>(inners - rows)};
    std::vector<std::int64_t> today(rows * columns);
    for (std::size_t arm = 0; arm < plan_.arms.size(); ++arm) {
      // One more of each for those who are in no atom.
      std::vector<std::int64_t> people((inners + 1) * (outers + 1));
      for (Day day = from; day < std::max(inner.back().end, outer.back().end); ++day) {
        const DaySums* const sums = sums_.day(day);
        if (sums == nullptr) continue;
        std::fill(today.begin(), today.end(), 0);
        sums->pairs.put(sums_.pairs(), dimension, other, arm, today);
        const std::size_t a = block_of(inner, day), b = block_of(outer, day);
        for (std::size_t i = 0; i < rows; ++i) {
          const std::size_t row = a < inner.size() ? a * rows + atom_in(inner[a], i) : inners;
          for (std::size_t j = 0; j < columns; ++j) {
            const std::size_t column =
                b < outer.size() ? b * columns + atom_in(outer[b], j) : outers;
            people[row * (outers + 1) + column] += today[i * columns + j];
          }
        }
      }
      beside.arms.push_back(overlaps(people, inners, outers));
    }
    return beside;
  }

  static std::vector<Overlap> overlaps(const std::vector<std::int64_t>& people, std::size_t inners,
                                       std::size_t outers) {
    std::vector<Overlap> list;
    for (std::size_t i = 0; i <= inners; ++i) {
      for (std::size_t j = 0; j <= outers; ++j) {
        const std::int64_t both = people[i * (outers + 1) + j];
        if (both == 0) continue;
        list.push_back({i < inners ? static_cast<int>(i) : kNoAtom,
                        j < outers ? static_cast<int>(j) : kNoAtom, both});
      }
    }
    return list;
  }

  static std::size_t atom_in(const Block& block, std::size_t cell) {
    return cell < block.cells.size() && block.cells[cell] ? cell : block.cells.size();
  }

  // The last day on which a block of both ends: none is on both sides of it.
  Day common_end(const std::vector<Block>& one, const std::vector<Block>& other) const {
    for (std::size_t i = one.size(), j = other.size(); i > 0 && j > 0;) {
      if (one[i - 1].end == other[j - 1].end) return one[i - 1].end;
      if (one[i - 1].end > other[j - 1].end) {
        --i;
      } else {
        --j;
      }
    }
    return sums_.first_day();
  }

  static std::vector<Block> since(const std::vector<Block>& blocks, Day from) {
    std::vector<Block> later;
    std::copy_if(blocks.begin(), blocks.end(), std::back_inserter(later),
                 [&](const Block& block) { return block.begin >= from; });
    return later;
  }

  // blocks.size(): none.
  static std::size_t block_of(const std::vector<Block>& blocks, Day day) {
    std::size_t i = 0;
    while (i < blocks.size() && day >= blocks[i].end) ++i;
    return i;
  }

  static std::int32_t place_of(std::size_t cell, std::size_t cells) {  // -1: in none
    return cell == cells ? -1 : static_cast<std::int32_t>(cell);
  }

  void count(Day day, std::size_t dimension, std::int32_t cell, ArmCount& into) const {
    const std::size_t arms = plan_.arms.size();
    for (std::size_t arm = 0; arm < arms; ++arm) {
      const Count units = of_cell(day, dimension, cell, arm);
      into[arm] += units.units;
      into[arms + arm] += units.units - units.simulated;
    }
  }

  std::int64_t people_of(Day day, std::size_t dimension, std::int32_t cell, std::size_t arm) const {
    const Count units = of_cell(day, dimension, cell, arm);
    return units.units - units.simulated;
  }

  Count of_cell(Day day, std::size_t dimension, std::int32_t cell, std::size_t arm) const {
    const DaySums* sums = sums_.day(day);
    if (sums == nullptr) return {};
    return sums->groups.count(sums_.sets().of_cell(dimension, cell) * plan_.arms.size() + arm);
  }

  const Sums& sums_;
  const Plan& plan_;
  const std::vector<Block>& everybody_;
  std::vector<Cells> cells_;
};

}  // namespace

std::vector<std::vector<Block>> cut_cells(const Sums& sums, const Plan& plan,
                                          const std::vector<Block>& everybody) {
  return Cutting(sums, plan, everybody).cut();
}

}  // namespace tact::internal
