// Customers alike counted once, in units of the mean time observed: what the likelihoods run over.
#pragma once

#include <optional>
#include <vector>

#include "stats/internal/maximise.h"
#include "stats/value/history.h"

namespace tact::stats::internal {

struct Group {
  double repeats = 0.0;
  double last = 0.0;      // in units of Grouped::scale
  double observed = 0.0;  // the same
  double customers = 0.0;
};

struct Grouped {
  std::vector<Group> groups;  // by repeats, last, observed
  double scale = 1.0;         // units of the caller in one of ours
  double repeats = 0.0;       // of all customers
};

// kInvalid as check_histories, or nobody bought twice. O(n log n).
Result<Grouped> group(std::span<const PurchaseHistory> customers);

// Parameters are searched by their logarithms, within e^±12 of the scale.
inline constexpr double kLimit = 12.0;

// The maximum from `start`, and if the search from there ends nowhere, from `others`.
template <std::size_t N, typename Function>
Maximum<N> maximise_from(const Function& function, const Vector<N>& start,
                         std::initializer_list<Vector<N>> others) {
  Maximum<N> best = maximise(function, start, kLimit);
  for (const Vector<N>& other : others) {
    if (best.converged) break;
    best = maximise(function, other, kLimit);
  }
  return best;
}

// `times`: which parameters are times, to be given back in the caller's unit.
inline Fit<4> fit_of(const Maximum<4>& maximum, const Grouped& all,
                     const std::array<bool, 4>& times) {
  Fit<4> fit;
  for (std::size_t i = 0; i < 4; ++i) {
    fit.parameters[i] = std::exp(maximum.at[i]) * (times[i] ? all.scale : 1.0);
  }
  fit.log_likelihood = maximum.value - all.repeats * std::log(all.scale);
  fit.covariance = maximum.covariance;
  fit.converged = maximum.converged;
  fit.iterations = maximum.iterations;
  return fit;
}

inline Vector<4> start_of(const std::optional<std::array<double, 4>>& given, const Grouped& all,
                          const std::array<bool, 4>& times, const Vector<4>& otherwise) {
  if (!given) return otherwise;
  Vector<4> start;
  for (std::size_t i = 0; i < 4; ++i) {
    start[i] = std::log((*given)[i] / (times[i] ? all.scale : 1.0));
  }
  return start;
}

}  // namespace tact::stats::internal
