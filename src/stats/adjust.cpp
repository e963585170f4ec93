#include "stats/adjust.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace tact::stats {
namespace {

Status check_p(std::span<const double> log10_p) {
  for (const double value : log10_p) {
    if (!(value <= 0.0)) return make_error(ErrorCode::kInvalid, "a log10 p-value above 0 or NaN");
  }
  return ok();
}

// Indices from the smallest p to the largest; ties in the order given.
std::vector<std::size_t> by_p(std::span<const double> log10_p) {
  std::vector<std::size_t> order(log10_p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return log10_p[a] < log10_p[b]; });
  return order;
}

double scaled(double log10_p, double factor) { return std::min(0.0, log10_p + std::log10(factor)); }

}  // namespace

Result<std::vector<double>> bonferroni(std::span<const double> log10_p) {
  TACT_TRY(check_p(log10_p));
  std::vector<double> adjusted;
  adjusted.reserve(log10_p.size());
  for (const double value : log10_p) {
    adjusted.push_back(scaled(value, static_cast<double>(log10_p.size())));
  }
  return adjusted;
}

Result<std::vector<double>> holm(std::span<const double> log10_p) {
  TACT_TRY(check_p(log10_p));
  const std::vector<std::size_t> order = by_p(log10_p);
  std::vector<double> adjusted(order.size());
  double at_least = -std::numeric_limits<double>::infinity();
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    at_least =
        std::max(at_least, scaled(log10_p[order[rank]], static_cast<double>(order.size() - rank)));
    adjusted[order[rank]] = at_least;
  }
  return adjusted;
}

Result<std::vector<double>> benjamini_hochberg(std::span<const double> log10_p) {
  TACT_TRY(check_p(log10_p));
  const std::vector<std::size_t> order = by_p(log10_p);
  const auto m = static_cast<double>(order.size());
  std::vector<double> adjusted(order.size());
  double at_most = 0.0;
  for (std::size_t rank = order.size(); rank-- > 0;) {
    at_most = std::min(at_most, scaled(log10_p[order[rank]], m / static_cast<double>(rank + 1)));
    adjusted[order[rank]] = at_most;
  }
  return adjusted;
}

}  // namespace tact::stats
