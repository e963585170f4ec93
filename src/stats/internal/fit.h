// Maximum likelihood as all value models do it: parameters by their logarithms, in a unit of the
// data's own, from the caller's start and, where that leads nowhere, from others.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <optional>

#include "stats/internal/maximise.h"
#include "stats/value/history.h"

namespace tact::stats::internal {

// Parameters are searched within e^±12 of the unit.
inline constexpr double kLimit = 12.0;

// Standard error of a parameter's logarithm beyond which nothing is known of it: its 95 % interval
// spans more than eight decades. A likelihood that flattens towards infinity or 0 ends the search
// with such a one, where rounding hides any further rise.
inline constexpr double kNothingKnown = 5.0;

template <std::size_t N>
struct Units {
  double unit = 1.0;                   // of the caller's in one of ours
  std::array<bool, N> in_units{};      // which parameters are such quantities
  double log_likelihood_powers = 0.0;  // the likelihood in the caller's unit is ours / unit^this
  // Each a set of parameters that, growing together without end, make all customers alike.
  std::array<std::array<bool, N>, 2> alike{};
};

// Whether the likelihood falls from `found` to ten times the parameters of a set.
template <std::size_t N, typename Likelihood>
bool falls_towards_alike(const Likelihood& likelihood, const Maximum<N>& found,
                         const std::array<bool, N>& set) {
  if (std::find(set.begin(), set.end(), true) == set.end()) return true;
  Vector<N> far = found.at;
  for (std::size_t i = 0; i < N; ++i) far[i] += set[i] ? std::log(10.0) : 0.0;
  return !(likelihood(far).value >= found.value);
}

// A maximum that says something of every parameter, and not a point on a ridge.
template <std::size_t N, typename Likelihood>
bool is_peak(const Likelihood& likelihood, const Units<N>& units, const Maximum<N>& found) {
  if (!found.converged) return false;
  for (std::size_t i = 0; i < N; ++i) {
    if (!(found.covariance[i][i] <= kNothingKnown * kNothingKnown)) return false;
  }
  return std::all_of(units.alike.begin(), units.alike.end(), [&](const std::array<bool, N>& set) {
    return falls_towards_alike(likelihood, found, set);
  });
}

// `likelihood(at)`: value and gradient at the logarithms of the parameters. `starts`: at least one,
// the first where the caller gives none. kInvalid for a start that is not positive and finite.
template <std::size_t N, typename Likelihood>
Result<Fit<N>> fit_from(const Likelihood& likelihood, const Units<N>& units,
                        const std::optional<std::array<double, N>>& start,
                        std::initializer_list<Vector<N>> starts) {
  const auto scale = [&](std::size_t i) { return units.in_units[i] ? units.unit : 1.0; };
  Vector<N> from = *starts.begin();
  for (std::size_t i = 0; start && i < N; ++i) {
    if (!((*start)[i] > 0.0) || !std::isfinite((*start)[i])) {
      return make_error(ErrorCode::kInvalid, "a start must be positive and finite");
    }
    from[i] = std::log((*start)[i] / scale(i));
  }
  Maximum<N> best = maximise(likelihood, from, kLimit);
  bool peak = is_peak(likelihood, units, best);
  for (const Vector<N>* other = starts.begin() + (start ? 0 : 1); other != starts.end(); ++other) {
    if (peak) break;
    best = maximise(likelihood, *other, kLimit);
    peak = is_peak(likelihood, units, best);
  }
  Fit<N> fit;
  for (std::size_t i = 0; i < N; ++i) fit.parameters[i] = std::exp(best.at[i]) * scale(i);
  fit.log_likelihood = best.value - units.log_likelihood_powers * std::log(units.unit);
  fit.covariance = best.covariance;
  fit.converged = peak;
  fit.iterations = best.iterations;
  return fit;
}

}  // namespace tact::stats::internal
