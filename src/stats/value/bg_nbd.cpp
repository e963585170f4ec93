#include "stats/value/bg_nbd.h"

#include <algorithm>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "stats/internal/boost_policy.h"
#include "stats/internal/fit.h"
#include "stats/internal/grouped.h"

namespace tact::stats {
namespace {

using internal::Group;
using internal::Grouped;
using internal::Point;
using internal::Vector;

// r, alpha: all buy at one rate; a, b: all leave with one probability.
constexpr std::array<std::array<bool, 4>, 2> kAlike{
    {{true, true, false, false}, {false, false, true, true}}};
constexpr std::array<bool, 4> kTimes{false, true, false, false};

double log_gamma(double x) { return boost::math::lgamma(x, internal::NoThrowPolicy()); }
double digamma(double x) { return boost::math::digamma(x, internal::NoThrowPolicy()); }

// What depends on the number of repeats alone.
struct ByRepeats {
  double value = 0.0;
  double r = 0.0;
  double a = 0.0;
  double b = 0.0;
};

ByRepeats by_repeats(const FourParameters& p, double x) {
  const auto [r, alpha, a, b] = p;
  ByRepeats terms;
  terms.value = log_gamma(r + x) - log_gamma(r) + r * std::log(alpha) + log_gamma(a + b) +
                log_gamma(b + x) - log_gamma(b) - log_gamma(a + b + x);
  const double both = digamma(a + b) - digamma(a + b + x);
  terms.r = digamma(r + x) - digamma(r) + std::log(alpha);
  terms.a = both;
  terms.b = both + digamma(b + x) - digamma(b);
  return terms;
}

// Log-likelihood and its gradient with respect to the logarithms of the parameters.
Point<4> likelihood(const Grouped& all, const Vector<4>& at) {
  FourParameters p;
  for (std::size_t i = 0; i < 4; ++i) p[i] = std::exp(at[i]);
  const auto [r, alpha, a, b] = p;
  Point<4> sum;
  ByRepeats terms;
  double known = -1.0;
  for (const Group& g : all.groups) {
    const double x = g.repeats;
    if (x != known) {
      terms = by_repeats(p, x);
      known = x;
    }
    const double log_end = std::log(alpha + g.observed);
    const double alive = -(r + x) * log_end;
    double value = alive;
    double gone = 0.0;  // share of the likelihood with the customer gone after the last purchase
    double log_last = 0.0;
    if (x > 0.0) {
      log_last = std::log(alpha + g.last);
      const double left = std::log(a / (b + x - 1.0)) - (r + x) * log_last;
      const double odds = std::exp(-std::fabs(left - alive));
      value = std::max(alive, left) + std::log1p(odds);
      gone = (left > alive ? 1.0 : odds) / (1.0 + odds);
    }
    const double here = 1.0 - gone;
    const double w = g.customers;
    sum.value += w * (terms.value + value);
    sum.gradient[0] += w * (terms.r - here * log_end - gone * log_last);
    sum.gradient[1] +=
        w * (r / alpha - (r + x) * (here / (alpha + g.observed) + gone / (alpha + g.last)));
    sum.gradient[2] += w * (terms.a + gone / a);
    sum.gradient[3] += w * (terms.b - (x > 0.0 ? gone / (b + x - 1.0) : 0.0));
  }
  for (std::size_t i = 0; i < 4; ++i) sum.gradient[i] *= p[i];
  return sum;
}

// Eq. 10 of the paper without P(alive): what is to come of a customer whose rate is
// Gamma(shape, alpha + T) and whose probability p of leaving is Beta(a, stays), in a horizon of
// `ahead` times alpha + T. The paper's difference of two terms and Euler's form of it cancel, each
// somewhere (all digits where a is large, or near 1); both ways here add positive terms alone.
struct ToCome {
  double shape = 0.0;
  double a = 0.0;
  double stays = 0.0;
  double ahead = 0.0;
};

// If nobody left, the purchases N would be negative binomial; the (k + 1)-th of them happens if the
// customer stayed after k: E[(1 - p)^k] = (stays)_k / (a + stays)_k. Hence the sum over N of
// P(N) sum_{k < N} E[(1 - p)^k]. About (shape + 36) (1 + ahead) terms.
double by_number(const ToCome& one) {
  const auto [shape, a, stays, ahead] = one;
  const double z = ahead / (1.0 + ahead);
  double probability = std::exp(-shape * std::log1p(ahead));  // of N = 0
  double stayed = 1.0;
  double made = 0.0;  // of N purchases
  double sum = 0.0;
  for (int n = 0; n < 10'000; ++n) {
    probability *= (shape + n) / (n + 1.0) * z;
    made += stayed;
    stayed *= (stays + n) / (a + stays + n);
    const double term = probability * made;
    sum += term;
    if (term > 1e-15 * sum) continue;
    // No later term is larger than the one before by more than this.
    const double ratio = std::max(1.0, (shape + n) / (n + 1.0)) * z * (1.0 + stayed / made);
    if (ratio < 1.0 && term * ratio <= 1e-16 * (1.0 - ratio) * sum) break;
  }
  return sum;
}

// The mean over p of (1 - (1 + p ahead)^-shape) / p by the trapezoidal rule on the logit of p,
// where it converges exponentially (Trefethen & Weideman 2014, SIAM Review 56), divided by the same
// sum of the density. Outwards from the density's mode; below 500 nodes up to horizons of 10^10.
double by_probability(const ToCome& one) {
  const auto [shape, a, stays, ahead] = one;
  const double both = a + stays;
  const double mode = a / both;
  const double step = std::min(0.25, 0.7 * std::sqrt(1.0 / a + 1.0 / stays));
  double mass = 0.0;
  double sum = 0.0;
  for (const double side : {1.0, -1.0}) {
    for (int i = side > 0.0 ? 0 : 1; i < 100'000; ++i) {
      const double shift = side * i * step;
      const double up = mode * std::expm1(shift);
      const double p = mode * std::exp(shift) / (1.0 + up);
      const double density = std::exp(a * shift - both * std::log1p(up));
      const double term = density * -std::expm1(-shape * std::log1p(p * ahead)) / p;
      mass += density;
      sum += term;
      if (density <= 1e-17 * mass && term <= 1e-17 * sum) break;
      // So near to 0 or 1 that all further terms are a geometric series.
      const double bend = side > 0.0 ? (1.0 - mode) / (1.0 + up) * (2.0 + both)
                                     : p * (both + (shape + 1.0) * ahead);
      if (bend >= 1e-17) continue;
      const double further = 1.0 / std::expm1((side > 0.0 ? stays : a) * step);
      mass += density * further;
      sum += term * further;
      break;
    }
  }
  return sum / mass;
}

}  // namespace

Result<Fit<4>> fit_bg_nbd(std::span<const PurchaseHistory> customers,
                          const std::optional<FourParameters>& start) {
  TACT_ASSIGN(const Grouped all, internal::group(customers));
  TACT_ASSIGN(auto fit,
              internal::fit_from<4>([&](const Vector<4>& at) { return likelihood(all, at); },
                                    {all.scale, kTimes, all.repeats, kAlike}, start,
                                    {Vector<4>{-1.0, -1.5, 0.0, 1.0}, Vector<4>{0.0, 0.0, 0.0, 0.0},
                                     Vector<4>{-1.0, -3.0, -1.0, 2.0}}));
  fit.informative = all.bought_again;
  return fit;
}

FourParameters bg_nbd_score(const FourParameters& parameters, const PurchaseHistory& customer) {
  Grouped one;
  one.groups = {{customer.repeats, customer.last, customer.observed, 1.0}};
  Vector<4> at{};
  for (std::size_t i = 0; i < 4; ++i) at[i] = std::log(parameters[i]);
  return likelihood(one, at).gradient;
}

double bg_nbd_alive(const FourParameters& parameters, const PurchaseHistory& customer) {
  const auto [r, alpha, a, b] = parameters;
  const double x = customer.repeats;
  if (x == 0.0) return 1.0;
  const double log_odds_gone =
      std::log(a / (b + x - 1.0)) +
      (r + x) * std::log((alpha + customer.observed) / (alpha + customer.last));
  return 1.0 / (1.0 + std::exp(log_odds_gone));
}

double bg_nbd_purchases(const FourParameters& parameters, const PurchaseHistory& customer,
                        double horizon) {
  constexpr double kLongest = 1e200;  // p * ahead neither over- nor underflows
  const auto [r, alpha, a, b] = parameters;
  const ToCome one{r + customer.repeats, a, b + customer.repeats,
                   std::min(horizon / (alpha + customer.observed), kLongest)};
  constexpr double kMostTerms = 1'500.0;  // also bounds shape * log1p(ahead): no underflow
  const double terms = (one.shape + 36.0) * (1.0 + one.ahead);  // nearly
  const double purchases = terms <= kMostTerms ? by_number(one) : by_probability(one);
  return bg_nbd_alive(parameters, customer) * purchases;
}

}  // namespace tact::stats
