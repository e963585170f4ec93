#include "measure/internal/flow.h"

#include <algorithm>

namespace tact::internal {

void FlowGraph::connect(std::size_t from, std::size_t to, std::int64_t there, std::int64_t back) {
  arcs_[from].push_back({to, arcs_[to].size(), there, there});
  arcs_[to].push_back({from, arcs_[from].size() - 1, back, back});
}

bool FlowGraph::reach(std::size_t from, std::int64_t capacity, const Nodes& without,
                      Nodes& into) const {
  if (without[from]) return false;
  std::vector<std::size_t> todo = {from};
  into[from] = true;
  while (!todo.empty()) {
    const std::size_t node = todo.back();
    todo.pop_back();
    for (const Arc& arc : arcs_[node]) {
      if (arc.capacity < capacity || into[arc.to]) continue;
      if (without[arc.to]) return false;
      into[arc.to] = true;
      todo.push_back(arc.to);
    }
  }
  return true;
}

std::int64_t FlowGraph::least_cut(const Nodes& from, const Nodes& to, std::int64_t enough,
                                  Nodes& side) {
  std::int64_t flow = 0;
  while (flow < enough && set_levels(from, to)) {
    std::fill(next_.begin(), next_.end(), 0);
    for (std::size_t node = 0; node < arcs_.size(); ++node) {
      if (from[node] && flow < enough) flow += push(node, to, enough - flow);
    }
  }
  if (flow < enough) {
    side.assign(arcs_.size(), false);
    for (std::size_t node = 0; node < arcs_.size(); ++node) side[node] = level_[node] >= 0;
  }
  restore();
  return flow;
}

// Breadth first, until a node of `to` is met. False: none is.
bool FlowGraph::set_levels(const Nodes& from, const Nodes& to) {
  std::fill(level_.begin(), level_.end(), -1);
  std::vector<std::size_t> queue;
  for (std::size_t node = 0; node < arcs_.size(); ++node) {
    if (!from[node]) continue;
    level_[node] = 0;
    queue.push_back(node);
  }
  bool met = false;
  for (std::size_t i = 0; i < queue.size() && !met; ++i) {
    for (const Arc& arc : arcs_[queue[i]]) {
      if (arc.left == 0 || level_[arc.to] >= 0) continue;
      level_[arc.to] = level_[queue[i]] + 1;
      met = met || to[arc.to];
      queue.push_back(arc.to);
    }
  }
  return met;
}

std::int64_t FlowGraph::push(std::size_t node, const Nodes& to, std::int64_t most) {
  if (to[node]) return most;
  std::int64_t pushed = 0;
  for (; next_[node] < arcs_[node].size(); ++next_[node]) {
    Arc& arc = arcs_[node][next_[node]];
    if (arc.left == 0 || level_[arc.to] != level_[node] + 1) continue;
    const std::int64_t more = push(arc.to, to, std::min(most - pushed, arc.left));
    if (more == 0) continue;
    arc.left -= more;
    arcs_[arc.to][arc.back].left += more;
    used_.push_back(&arc);
    pushed += more;
    if (pushed == most) break;
  }
  return pushed;
}

void FlowGraph::restore() {
  for (Arc* arc : used_) {
    arc->left = arc->capacity;
    Arc& back = arcs_[arc->to][arc->back];
    back.left = back.capacity;
  }
  used_.clear();
}

}  // namespace tact::internal
