#include "measure/internal/apart.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace tact::internal {
namespace {

constexpr std::int64_t kUncut = std::numeric_limits<std::int64_t>::max() / 4;

// Nodes: inner atoms, then outer ones, then one for all that is in no atom of one of the two. A set
// of nodes, without the last, is outer atoms and the inner ones taken off them.
class Graph {
 public:
  explicit Graph(std::span<const Overlap> people) {
    for (const Overlap& each : people) {
      inner_ = std::max(inner_, each.inner + 1);
      outer_ = std::max(outer_, each.outer + 1);
    }
    arcs_.resize(static_cast<std::size_t>(nodes()));
    for (const Overlap& each : people) {
      if (each.people > 0) add(each);
    }
  }

  int inner() const { return inner_; }
  int outer() const { return outer_; }
  int nobody() const { return inner_ + outer_; }
  int nodes() const { return nobody() + 1; }
  int outer_node(int atom) const { return inner_ + atom; }

  // What has to be in a set with `from`: else it is cut by `least` or more.
  std::vector<bool> implied(int from, std::int64_t least) const {
    return reach(from, [&](const Arc& arc) { return arc.capacity >= least; });
  }

  // Of a set with `from` and without `to`: the least cut, or `enough` if it is not below. `side` is
  // the set then. Augmenting paths, shortest first (Edmonds and Karp 1972).
  std::int64_t cut(int from, int to, std::int64_t enough, std::vector<bool>& side) {
    for (Arcs& arcs : arcs_) {
      for (Arc& arc : arcs) arc.left = arc.capacity;
    }
    std::int64_t flow = 0;
    while (flow < enough) {
      const std::int64_t more = augment(from, to);
      if (more == 0) break;
      flow += more;
    }
    if (flow < enough) side = reach(from, [](const Arc& arc) { return arc.left > 0; });
    return std::min(flow, enough);
  }

 private:
  struct Arc {
    int to = 0;
    std::size_t back = 0;  // its place among the arcs of `to`
    std::int64_t capacity = 0, left = 0;
  };
  using Arcs = std::vector<Arc>;

  Arcs& of(int node) { return arcs_[static_cast<std::size_t>(node)]; }
  const Arcs& of(int node) const { return arcs_[static_cast<std::size_t>(node)]; }

  void add(const Overlap& each) {
    const int a = each.inner == kNoAtom ? nobody() : each.inner;
    const int b = each.outer == kNoAtom ? nobody() : outer_node(each.outer);
    if (a == b) return;
    of(a).push_back({b, of(b).size(), kUncut, 0});
    of(b).push_back({a, of(a).size() - 1, each.people, 0});
  }

  template <typename Follow>
  std::vector<bool> reach(int from, const Follow& follow) const {
    std::vector<bool> reached(arcs_.size());
    std::vector<int> todo = {from};
    reached[static_cast<std::size_t>(from)] = true;
    while (!todo.empty()) {
      const int node = todo.back();
      todo.pop_back();
      if (node == nobody()) continue;
      for (const Arc& arc : of(node)) {
        if (!follow(arc) || reached[static_cast<std::size_t>(arc.to)]) continue;
        reached[static_cast<std::size_t>(arc.to)] = true;
        todo.push_back(arc.to);
      }
    }
    return reached;
  }

  std::int64_t augment(int from, int to) {
    std::vector<Arc*> by(arcs_.size());
    std::vector<int> queue = {from};
    for (std::size_t i = 0; i < queue.size() && by[static_cast<std::size_t>(to)] == nullptr; ++i) {
      if (queue[i] == nobody()) continue;
      for (Arc& arc : of(queue[i])) {
        if (arc.left == 0 || arc.to == from || by[static_cast<std::size_t>(arc.to)] != nullptr)
          continue;
        by[static_cast<std::size_t>(arc.to)] = &arc;
        queue.push_back(arc.to);
      }
    }
    if (by[static_cast<std::size_t>(to)] == nullptr) return 0;
    const auto before = [&](int node) {
      const Arc& arc = *by[static_cast<std::size_t>(node)];
      return of(arc.to)[arc.back].to;
    };
    std::int64_t least = kUncut;
    for (int node = to; node != from; node = before(node)) {
      least = std::min(least, by[static_cast<std::size_t>(node)]->left);
    }
    for (int node = to; node != from;) {
      Arc& arc = *by[static_cast<std::size_t>(node)];
      node = before(node);
      arc.left -= least;
      of(arc.to)[arc.back].left += least;
    }
    return least;
  }

  int inner_ = 0, outer_ = 0;
  std::vector<Arcs> arcs_;
};

Rest rest_of(const Graph& graph, const std::vector<bool>& side) {
  Rest rest;
  for (int atom = 0; atom < graph.inner(); ++atom) {
    if (side[static_cast<std::size_t>(atom)]) rest.inner.push_back(atom);
  }
  for (int atom = 0; atom < graph.outer(); ++atom) {
    if (side[static_cast<std::size_t>(graph.outer_node(atom))]) rest.outer.push_back(atom);
  }
  return rest;
}

}  // namespace

// Each set with a rest has an inner atom that lies within it: an outer atom alone is of `least` or
// more. Where some of a connected part are in no atom of one of the two, every set of it leaves a
// rest; elsewhere each that is not all of it does, so that some outer atom is not in it.
std::optional<Rest> find_rest(std::span<const Overlap> people, std::int64_t least) {
  Graph graph(people);
  std::vector<bool> side;
  for (int from = 0; from < graph.inner(); ++from) {
    const std::vector<bool> part = graph.implied(from, 0), with = graph.implied(from, least);
    const auto is_in = [](const std::vector<bool>& set, int node) {
      return set[static_cast<std::size_t>(node)];
    };
    const bool open = is_in(part, graph.nobody());
    for (int to = open ? graph.nobody() : graph.outer_node(0); to < graph.nodes(); ++to) {
      if (!is_in(part, to) || is_in(with, to)) continue;
      if (graph.cut(from, to, least, side) < least) return rest_of(graph, side);
    }
  }
  return std::nullopt;
}

}  // namespace tact::internal
