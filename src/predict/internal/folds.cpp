#include "predict/internal/folds.h"

#include <numeric>
#include <utility>

namespace tact::predict {

std::vector<int> deal(std::size_t n, int parts, std::uint64_t seed) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Rng random(seed);
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  std::vector<int> part(n);
  const auto count = static_cast<std::size_t>(parts);
  for (std::size_t i = 0; i < n; ++i) part[order[i]] = static_cast<int>(i % count);
  return part;
}

std::vector<int> deal_groups(std::span<const int> group, int parts, std::uint64_t seed) {
  std::vector<std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const auto at = static_cast<std::size_t>(group[i]);
    if (at >= members.size()) members.resize(at + 1);
    members[at].push_back(i);
  }
  std::vector<int> part(group.size());
  Rng seeds(seed);
  for (const auto& rows : members) {
    const std::vector<int> dealt = deal(rows.size(), parts, seeds.next());
    for (std::size_t i = 0; i < rows.size(); ++i) part[rows[i]] = dealt[i];
  }
  return part;
}

}  // namespace tact::predict
