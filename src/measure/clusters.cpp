#include "measure/clusters.h"

#include <algorithm>
#include <map>

#include "base/stop.h"

namespace tact {
namespace {

using stats::ClusterArm;

// Where in the sums a unit counts: a metric, a cell of a dimension, a block of days.
class Slots {
 public:
  explicit Slots(const Plan& plan, std::size_t blocks) : arms_(plan.arms.size()) {
    cells_from_.push_back(plan.metrics.size());
    for (const Dimension& dimension : plan.dimensions) {
      cells_from_.push_back(cells_from_.back() + dimension.cells.size());
    }
    end_ = cells_from_.back() + blocks;
  }
  std::size_t metric(std::size_t index) const { return index; }
  std::size_t cell(std::size_t dimension, std::size_t cell) const {
    return cells_from_[dimension] + cell;
  }
  std::size_t block(std::size_t index) const { return cells_from_.back() + index; }
  std::size_t end() const { return end_; }
  std::size_t arms() const { return arms_; }

 private:
  std::vector<std::size_t> cells_from_;  // one more than dimensions
  std::size_t end_ = 0, arms_;
};

// One cluster: what is not 0, by slot and arm.
class Cluster {
 public:
  void add(std::size_t at, const ClusterArm& one) {
    const auto found =
        std::lower_bound(parts_.begin(), parts_.end(), at,
                         [](const Part& part, std::size_t index) { return part.at < index; });
    if (found != parts_.end() && found->at == at) {
      found->sums += one;
    } else {
      parts_.insert(found, Part{static_cast<std::uint32_t>(at), one});
    }
  }
  void drop_from(std::size_t at) {
    std::erase_if(parts_, [at](const Part& part) { return part.at >= at; });
    parts_.shrink_to_fit();
  }
  ClusterArm sums(std::size_t at) const {
    const auto found =
        std::lower_bound(parts_.begin(), parts_.end(), at,
                         [](const Part& part, std::size_t index) { return part.at < index; });
    return found != parts_.end() && found->at == at ? found->sums : ClusterArm{};
  }
  // How many slots of [from, end) have a visitor in any arm.
  std::size_t slots_used(std::size_t from, std::size_t end, std::size_t arms) const {
    std::size_t used = 0;
    for (std::size_t slot = from; slot < end; ++slot) {
      bool any = false;
      for (std::size_t arm = 0; arm < arms; ++arm) any |= sums(slot * arms + arm).visitors > 0;
      used += any ? 1 : 0;
    }
    return used;
  }

 private:
  struct Part {
    std::uint32_t at = 0;  // slot * arms + arm
    ClusterArm sums;
  };
  std::vector<Part> parts_;  // by `at`
};

const Block* block_of(const std::vector<Block>& blocks, Day day) {
  for (const Block& block : blocks) {
    if (day < block.end) return day >= block.begin ? &block : nullptr;
  }
  return nullptr;
}

class Gatherer {
 public:
  Gatherer(const Plan& plan, const Cut& cut, Time now, std::size_t most_in_detail)
      : plan_(plan),
        cut_(cut),
        now_(now),
        most_(most_in_detail),
        closed_(closed_blocks(plan, cut, now)),
        slots_(plan, closed_.size()),
        alone_(slots_.end(), ClusteredArms(plan.arms.size() - 1)) {
    out_.broken.assign(plan.metrics.size(), false);
    out_.shared.assign(plan.dimensions.size(), false);
  }

  void add(const UnitFacts& facts) {
    const Day day = day_of(facts.at);
    Cluster* cluster = facts.cluster == 0 ? nullptr : &clusters_[facts.cluster];
    if (out_.detailed && clusters_.size() > most_) keep_metrics_only();
    for (std::size_t m = 0; m < plan_.metrics.size(); ++m) add_metric(facts, m, cluster);
    if (!out_.detailed || plan_.metrics.empty() || !facts.metrics.front().observed) return;
    add_cells(facts, day, cluster);
    const Block* closed = block_of(closed_, day);
    if (closed == nullptr) return;
    put(slots_.block(static_cast<std::size_t>(closed - closed_.data())), facts.arm,
        counted(facts, 0), cluster);
  }

  // In the order of keys, so that rounding beyond 2^53 is the same every time.
  Result<ClusteredSums> finish(const std::stop_token& stop) {
    const std::size_t metrics = plan_.metrics.size();
    for (const auto& [key, cluster] : clusters_) {
      TACT_TRY(check_not_stopped(stop));
      for (std::size_t slot = 0; slot < (out_.detailed ? slots_.block(0) : metrics); ++slot) {
        for (std::size_t arm = 1; arm < slots_.arms(); ++arm) {
          alone_[slot][arm - 1].add(at(cluster, slot, arm), at(cluster, slot, 0));
        }
      }
      if (out_.detailed) note_shared(cluster);
    }
    out_.metrics.assign(alone_.begin(), alone_.begin() + static_cast<std::ptrdiff_t>(metrics));
    if (!out_.detailed) return std::move(out_);
    for (std::size_t d = 0; d < plan_.dimensions.size(); ++d) {
      out_.cells.emplace_back();
      for (std::size_t cell = 0; cell < plan_.dimensions[d].cells.size(); ++cell) {
        out_.cells.back().push_back(alone_[slots_.cell(d, cell)]);
      }
    }
    TACT_TRY(look_back(stop));
    return std::move(out_);
  }

 private:
  ClusterArm at(const Cluster& cluster, std::size_t slot, std::size_t arm) const {
    return cluster.sums(slot * slots_.arms() + arm);
  }

  // What one unit adds.
  ClusterArm counted(const UnitFacts& facts, std::size_t m) {
    const MetricFacts& of = facts.metrics[m];
    if (plan_.metrics[m].kind != MetricKind::kRatio) return {1, static_cast<double>(of.value), 0.0};
    if (of.second <= 0 && (of.second < 0 || of.value != 0)) out_.broken[m] = true;
    return {std::max<std::int64_t>(0, of.second), static_cast<double>(of.value), 0.0};
  }

  void add_metric(const UnitFacts& facts, std::size_t m, Cluster* cluster) {
    if (!facts.metrics[m].observed) return;
    const Block* const shown = block_of(cut_.metrics[m], day_of(facts.at));
    if (shown == nullptr || !is_closed(*shown, plan_.metrics[m], now_)) return;
    put(slots_.metric(m), facts.arm, counted(facts, m), cluster);
  }

  void add_cells(const UnitFacts& facts, Day day, Cluster* cluster) {
    for (std::size_t d = 0; d < plan_.dimensions.size(); ++d) {
      if (facts.cells[d] < 0) continue;
      const auto cell = static_cast<std::size_t>(facts.cells[d]);
      const Block* block = block_of(cut_.dimensions[d], day);
      if (block == nullptr || !block->cells[cell] ||
          !is_closed(*block, plan_.metrics.front(), now_))
        continue;
      put(slots_.cell(d, cell), facts.arm, counted(facts, 0), cluster);
    }
  }

  void put(std::size_t slot, std::uint32_t arm, const ClusterArm& one, Cluster* cluster) {
    if (cluster != nullptr) {
      cluster->add(slot * slots_.arms() + arm, one);
    } else if (arm > 0) {
      alone_[slot][arm - 1].add(one, {});
    } else {
      for (stats::ClusterSums& sums : alone_[slot]) sums.add({}, one);
    }
  }

  void keep_metrics_only() {
    out_.detailed = false;
    for (auto& [key, cluster] : clusters_) cluster.drop_from(plan_.metrics.size() * slots_.arms());
  }

  void note_shared(const Cluster& cluster) {
    for (std::size_t d = 0; d < plan_.dimensions.size(); ++d) {
      if (out_.shared[d]) continue;
      out_.shared[d] =
          cluster.slots_used(slots_.cell(d, 0), slots_.cell(d, plan_.dimensions[d].cells.size()),
                             slots_.arms()) > 1;
    }
  }

  // A cluster counts in a look with all that it did up to it.
  Status look_back(const std::stop_token& stop) {
    out_.looks.resize(closed_.size());
    ClusteredArms alone(slots_.arms() - 1);
    for (std::size_t i = 0; i < closed_.size(); ++i) {
      for (std::size_t arm = 0; arm < alone.size(); ++arm) {
        alone[arm] += alone_[slots_.block(i)][arm];
      }
      if (is_look(i, closed_.size())) out_.looks[i] = alone;
    }
    std::vector<ClusterArm> so_far;
    for (const auto& [key, cluster] : clusters_) {
      TACT_TRY(check_not_stopped(stop));
      so_far.assign(slots_.arms(), ClusterArm{});
      for (std::size_t i = 0; i < closed_.size(); ++i) {
        for (std::size_t arm = 0; arm < so_far.size(); ++arm) {
          so_far[arm] += at(cluster, slots_.block(i), arm);
        }
        for (std::size_t arm = 1; arm < so_far.size() && !out_.looks[i].empty(); ++arm) {
          out_.looks[i][arm - 1].add(so_far[arm], so_far[0]);
        }
      }
    }
    return ok();
  }

  const Plan& plan_;
  const Cut& cut_;
  Time now_;
  std::size_t most_;
  std::vector<Block> closed_;
  Slots slots_;
  std::vector<ClusteredArms> alone_;  // [slot]: units without a cluster
  ClusteredSums out_;
  std::map<std::uint64_t, Cluster> clusters_;
};

}  // namespace

bool is_look(std::size_t block, std::size_t blocks) {
  const std::size_t step = (blocks + kMostLooks - 1) / kMostLooks;
  return (blocks - 1 - block) % step == 0;
}

std::vector<Block> closed_blocks(const Plan& plan, const Cut& cut, Time now) {
  std::vector<Block> closed;
  for (const Block& block : cut.everybody) {
    if (!plan.metrics.empty() && is_closed(block, plan.metrics.front(), now)) {
      closed.push_back(block);
    }
  }
  return closed;
}

Result<ClusteredSums> sum_clusters(const UnitSource& source, const Plan& plan, const Cut& cut,
                                   Time now, bool include_simulated, std::size_t most_in_detail,
                                   const std::stop_token& stop) {
  Gatherer gatherer(plan, cut, now, most_in_detail);
  for (std::size_t part = 0; part < source.parts(); ++part) {
    TACT_TRY(source.scan(part, [&](const UnitFacts& facts) {
      if (include_simulated || !facts.simulated) gatherer.add(facts);
      return true;
    }));
  }
  return gatherer.finish(stop);
}

}  // namespace tact
