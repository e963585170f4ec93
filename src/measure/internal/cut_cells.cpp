#include "measure/internal/cut_cells.h"

#include <algorithm>
#include <optional>

#include "measure/internal/apart.h"

namespace tact::internal {
namespace {

// A cell's units of a block that does not show it are in no later report either. So a block waits
// this many times as long as it would need, if a cell may still come in.
constexpr Day kPatience = 3;

// Units per arm, then people per arm: simulated units hide nobody.
using Arms = std::vector<std::int64_t>;

std::int64_t total(const Arms& arms) {
  std::int64_t sum = 0;
  for (const std::int64_t n : arms) sum += n;
  return sum;
}

bool nobody(const Arms& arms) { return total(arms) == 0; }

void add(Arms& into, const Arms& other) {
  for (std::size_t i = 0; i < into.size(); ++i) into[i] += other[i];
}

bool lacks_a_cell(const std::vector<Arms>& counts, const std::vector<bool>& shown) {
  for (std::size_t cell = 0; cell < shown.size(); ++cell) {
    if (!shown[cell] && !nobody(counts[cell])) return true;
  }
  return false;
}

// Cells with somebody, the smallest first.
std::vector<std::size_t> by_size(const std::vector<Arms>& counts, const std::vector<bool>& shown) {
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
std::vector<bool> cells_to_show(const std::vector<Arms>& counts) {
  const std::size_t cells = counts.size() - 1;
  std::vector<bool> shown(cells, false);
  Arms others = counts[cells];
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
  std::vector<Arms> pending;  // since the last of them: each cell, then those in none
  Day begin = 0;              // of what is pending
  Day patience = 0;           // days; 0: the block could not end yet
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
  std::vector<Arms> none(std::size_t cells) const {
    return std::vector<Arms>(cells + 1, Arms(2 * plan_.arms.size()));
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
  static bool take_out(const std::vector<Arms>& counts, const std::vector<bool>& few,
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

  // Which cells of a block are in what leaves a few beside everybody's blocks; none: nothing does.
  std::optional<std::vector<bool>> leaves_few(std::size_t dimension, const Block& block) const {
    for (std::size_t arm = 0; arm < plan_.arms.size(); ++arm) {
      std::vector<Overlap> people = beside_everybody(dimension, block, arm);
      for (const bool inside : {true, false}) {
        if (const auto rest = find_rest(people, kSmallCell)) {
          std::vector<bool> cells(block.cells.size() + 1);
          for (const int atom : inside ? rest->inner : rest->outer) {
            cells[static_cast<std::size_t>(atom)] = true;
          }
          return cells;
        }
        for (Overlap& each : people) std::swap(each.inner, each.outer);
      }
    }
    return std::nullopt;
  }

  // Inner: cells of the block, the last atom its others. Outer: everybody's blocks.
  std::vector<Overlap> beside_everybody(std::size_t dimension, const Block& block,
                                        std::size_t arm) const {
    const std::size_t cells = block.cells.size();
    std::vector<Overlap> people;
    for (std::size_t b = 0; b < everybody_.size(); ++b) {
      if (everybody_[b].begin < block.begin || everybody_[b].end > block.end) continue;
      std::vector<std::int64_t> atoms(cells + 1);
      for (Day day = everybody_[b].begin; day < everybody_[b].end; ++day) {
        for (std::size_t cell = 0; cell <= cells; ++cell) {
          const std::size_t atom = cell < cells && block.cells[cell] ? cell : cells;
          atoms[atom] += people_of(day, dimension, place_of(cell, cells), arm);
        }
      }
      for (std::size_t atom = 0; atom <= cells; ++atom) {
        people.push_back({static_cast<int>(atom), static_cast<int>(b), atoms[atom]});
      }
    }
    return people;
  }

  static std::int32_t place_of(std::size_t cell, std::size_t cells) {  // -1: in none
    return cell == cells ? -1 : static_cast<std::int32_t>(cell);
  }

  void count(Day day, std::size_t dimension, std::int32_t cell, Arms& into) const {
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
