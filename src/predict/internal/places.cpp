#include "predict/internal/places.h"

#include <algorithm>
#include <numeric>

namespace tact::predict {

std::vector<double> places_within_folds(std::span<const double> value, std::span<const int> fold) {
  std::vector<std::size_t> order(value.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return fold[a] != fold[b] ? fold[a] < fold[b] : value[a] < value[b];
  });
  std::vector<double> place(value.size());
  const auto end_of = [&](std::size_t from, const auto& same) {
    while (from < order.size() && same(order[from])) ++from;
    return from;
  };
  for (std::size_t begin = 0; begin < order.size();) {
    const int here = fold[order[begin]];
    const std::size_t end = end_of(begin, [&](std::size_t i) { return fold[i] == here; });
    const auto size = static_cast<double>(end - begin);
    for (std::size_t first = begin; first < end;) {
      const double here_value = value[order[first]];
      const auto same = [&](std::size_t i) { return fold[i] == here && value[i] == here_value; };
      const std::size_t last = end_of(first, same);
      // The mean of the places (k + 1/2) / size of those that are equal.
      const double middle = static_cast<double>(first - begin + last - begin) / 2.0 / size;
      for (; first < last; ++first) place[order[first]] = middle;
    }
    begin = end;
  }
  return place;
}

std::vector<std::size_t> parts_within_folds(std::span<const double> value,
                                            std::span<const int> fold, int parts) {
  std::vector<std::size_t> part;
  for (const double place : places_within_folds(value, fold)) {
    const auto at = static_cast<int>(place * parts);
    part.push_back(static_cast<std::size_t>(std::min(at, parts - 1)));
  }
  return part;
}

}  // namespace tact::predict
