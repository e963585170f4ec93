#include "measure/internal/apart.h"

#include <algorithm>
#include <optional>

#include "measure/internal/flow.h"

namespace tact::internal {
namespace {

using Nodes = FlowGraph::Nodes;

// Nodes: inner atoms, then outer ones, then one for all that is in no atom of one of the two. A set
// of nodes without the last is outer atoms and the inner ones taken off them; what is cut is their
// rest.
class Search {
 public:
  Search(std::span<const Overlap> people, std::int64_t least, NewAtoms new_from)
      : least_(least), new_(new_from), graph_(count(people)) {
    for (const Overlap& each : people) connect(each);
    nowhere_ = Nodes(graph_.nodes());
    outside_ = nowhere_;
    outside_[nobody()] = true;
  }

  std::vector<Rest> run(std::size_t most) {
    std::vector<Rest> rests;
    for (std::size_t node = 0; node < nobody() && rests.size() < most; ++node) {
      const bool is_new = node < inner_ ? node >= static_cast<std::size_t>(new_.inner)
                                        : node >= inner_ + static_cast<std::size_t>(new_.outer);
      if (!is_new || !graph_.has_arcs(node) || outside_[node]) continue;
      if (const auto side = set_with(node)) rests.push_back(rest_of(*side));
      outside_[node] = true;  // what is sought from here on has it not
    }
    return rests;
  }

 private:
  std::size_t nobody() const { return graph_.nodes() - 1; }

  std::size_t count(std::span<const Overlap> people) {
    std::size_t outer = 0;
    for (const Overlap& each : people) {
      inner_ = std::max(inner_, static_cast<std::size_t>(each.inner + 1));
      outer = std::max(outer, static_cast<std::size_t>(each.outer + 1));
    }
    return inner_ + outer + 1;
  }

  void connect(const Overlap& each) {
    if (each.people == 0 || (each.inner == kNoAtom && each.outer == kNoAtom)) return;
    const auto inner = static_cast<std::size_t>(each.inner);
    const auto outer = inner_ + static_cast<std::size_t>(each.outer);
    graph_.connect(each.outer == kNoAtom ? nobody() : outer,
                   each.inner == kNoAtom ? nobody() : inner, each.people, FlowGraph::kUncut);
  }

  // A set with the node that leaves a rest of a few. What the node implies is in it. Where
  // something of the connected part must not be, every set leaves a rest; elsewhere each that is
  // not all of the part does, so that some outer atom is not in it: if the first of these cannot be
  // cut off, it is implied, too.
  std::optional<Nodes> set_with(std::size_t node) {
    Nodes with = nowhere_, part = nowhere_, side;
    if (!graph_.reach(node, least_, outside_, with)) return std::nullopt;
    if (!graph_.reach(node, 0, outside_, part)) {
      if (graph_.least_cut(with, outside_, least_, side) < least_) return side;
      return std::nullopt;
    }
    for (std::size_t outer = inner_; outer < nobody(); ++outer) {
      if (!part[outer] || with[outer]) continue;
      Nodes to = nowhere_;
      to[outer] = true;
      if (graph_.least_cut(with, to, least_, side) < least_) return side;
      graph_.reach(outer, least_, nowhere_, with);
    }
    return std::nullopt;
  }

  Rest rest_of(const Nodes& side) const {
    Rest rest;
    for (std::size_t i = 0; i < nobody(); ++i) {
      if (!side[i]) continue;
      const auto atom = static_cast<int>(i < inner_ ? i : i - inner_);
      (i < inner_ ? rest.inner : rest.outer).push_back(atom);
    }
    return rest;
  }

  std::int64_t least_;
  NewAtoms new_;
  std::size_t inner_ = 0;
  FlowGraph graph_;
  Nodes nowhere_, outside_;  // outside: what is in no set that is sought
};

}  // namespace

std::vector<Rest> find_rests(std::span<const Overlap> people, std::int64_t least, NewAtoms new_from,
                             std::size_t most) {
  return Search(people, least, new_from).run(most);
}

}  // namespace tact::internal
