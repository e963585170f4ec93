// The least cut of a directed graph, as far as it is below a bound. Blocking flows (Dinitz 1970).
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace tact::internal {

class FlowGraph {
 public:
  static constexpr std::int64_t kUncut = std::numeric_limits<std::int64_t>::max() / 4;
  using Nodes = std::vector<bool>;

  explicit FlowGraph(std::size_t nodes) : arcs_(nodes), level_(nodes), next_(nodes) {}

  std::size_t nodes() const { return arcs_.size(); }
  // Arcs both ways; a capacity of 0 is none.
  void connect(std::size_t from, std::size_t to, std::int64_t there, std::int64_t back);
  bool has_arcs(std::size_t node) const { return !arcs_[node].empty(); }

  // Adds what is reached from `from` by arcs of at least `capacity`, but for what is beyond a node
  // of `into`. False: a node of `without` would be; `into` is of no use then.
  bool reach(std::size_t from, std::int64_t capacity, const Nodes& without, Nodes& into) const;

  // Between disjoint sets of nodes, or `enough` if it is not less. Then `side` is all that is on
  // the side of `from`. O(arcs + flow * path) a phase, and no more phases than `enough`.
  std::int64_t least_cut(const Nodes& from, const Nodes& to, std::int64_t enough, Nodes& side);

 private:
  struct Arc {
    std::size_t to = 0, back = 0;  // back: its place among the arcs of `to`
    std::int64_t capacity = 0, left = 0;
  };

  bool set_levels(const Nodes& from, const Nodes& to);
  std::int64_t push(std::size_t node, const Nodes& to, std::int64_t most);
  void restore();

  std::vector<std::vector<Arc>> arcs_;
  std::vector<int> level_;  // by arcs with something left; -1: not reached
  std::vector<std::size_t> next_;
  std::vector<Arc*> used_;
};

}  // namespace tact::internal
