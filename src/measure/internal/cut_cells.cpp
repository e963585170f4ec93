#include "measure/internal/cut_cells.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "measure/internal/apart.h"
#include "measure/internal/arm_counts.h"
#include "measure/internal/beside.h"

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

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

class Cutting {
 public:
  Cutting(const Sums& sums, const Plan& plan, const std::vector<Block>& everybody,
          std::stop_token stop)
      : sums_(sums), plan_(plan), everybody_(everybody), stop_(std::move(stop)) {}

  std::vector<std::vector<Block>> cut() {
    for (const Dimension& dimension : plan_.dimensions) {
      cells_.push_back({{}, none(dimension.cells.size()), sums_.first_day(), 0});
    }
    for (const Block& block : everybody_) {
      if (stop_.stop_requested()) return {};
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
        count_cell(sums_, {dimension, cell}, day, cells.pending[cell]);
      }
    }
    Block next{cells.begin, block.end, cells_to_show(cells.pending)};
    if (std::find(next.cells.begin(), next.cells.end(), true) == next.cells.end()) return;
    if (cells.patience == 0) cells.patience = kPatience * (next.end - next.begin);
    const bool waits = next.end - next.begin < cells.patience;
    if (waits && lacks_a_cell(cells.pending, next.cells)) return;
    while (true) {
      const std::vector<Rest> few = find_few(dimension, next, waits ? 1 : kAll);
      if (few.empty()) break;
      if (waits || !take_out(cells.pending, few, next.cells)) return;
    }
    cells.blocks.push_back(std::move(next));
    cells.pending = none(number);
    cells.begin = block.end;
    cells.patience = 0;
  }

  // Of each rest whose cells (inner) are still shown the smallest of them, or else of all, joins
  // the others. False: none is left.
  static bool take_out(const std::vector<ArmCount>& counts, const std::vector<Rest>& few,
                       std::vector<bool>& shown) {
    const std::vector<bool> before = shown;
    for (const Rest& rest : few) {
      std::vector<bool> cells(shown.size());
      bool taken = false;
      for (const int cell : rest.inner) {
        const auto i = static_cast<std::size_t>(cell);
        if (i == shown.size()) continue;  // the others
        cells[i] = shown[i];
        taken = taken || shown[i] != before[i];
      }
      if (taken) continue;
      std::vector<std::size_t> sorted = by_size(counts, cells);
      if (sorted.empty()) sorted = by_size(counts, shown);
      if (!sorted.empty()) shown[sorted.front()] = false;
    }
    return !by_size(counts, shown).empty();
  }

  // Rests of a few, at most so many, beside everybody's blocks or those of another dimension; none:
  // there is none beside any. Of the dimension's atoms those of its next block, as inner ones.
  std::vector<Rest> find_few(std::size_t dimension, const Block& next, std::size_t most) const {
    std::vector<Rest> few = find_few(beside_everybody(sums_, dimension, next, everybody_), most);
    for (std::size_t other = 0; other < cells_.size() && few.empty(); ++other) {
      const bool learned = plan_.dimensions[dimension].learned || plan_.dimensions[other].learned;
      if (other == dimension || learned) continue;
      const Day from = common_end(cells_[dimension].blocks, cells_[other].blocks);
      if (cells_[other].blocks.empty() || cells_[other].blocks.back().end <= from) continue;
      TwoDimensions both{dimension, other, since(cells_[dimension].blocks, from),
                         since(cells_[other].blocks, from)};
      both.inner.push_back(next);
      few = find_few(beside_each_other(sums_, both), most);
    }
    return few;
  }

  static std::vector<Rest> find_few(Beside beside, std::size_t most) {
    std::vector<Rest> few;
    for (std::vector<Overlap>& people : beside.arms) {
      for (const bool inside : {true, false}) {
        const NewAtoms fresh =
            inside ? NewAtoms{beside.next, beside.outer} : NewAtoms{beside.outer, beside.next};
        for (const Rest& rest : find_rests(people, kSmallCell, fresh, most - few.size())) {
          Rest& cells = few.emplace_back();
          for (const int atom : inside ? rest.inner : rest.outer) {
            if (atom >= beside.next) cells.inner.push_back(atom - beside.next);
          }
        }
        if (few.size() == most) return few;
        for (Overlap& each : people) std::swap(each.inner, each.outer);
      }
    }
    return few;
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

  const Sums& sums_;
  const Plan& plan_;
  const std::vector<Block>& everybody_;
  std::stop_token stop_;
  std::vector<Cells> cells_;
};

}  // namespace

std::vector<std::vector<Block>> cut_cells(const Sums& sums, const Plan& plan,
                                          const std::vector<Block>& everybody,
                                          std::stop_token stop) {
  return Cutting(sums, plan, everybody, std::move(stop)).cut();
}

}  // namespace tact::internal
