#include "stats/value/bg_nbd.h"

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

}  // namespace

Result<Fit<4>> fit_bg_nbd(std::span<const PurchaseHistory> customers,
                          const std::optional<FourParameters>& start) {
  TACT_ASSIGN(const Grouped all, internal::group(customers));
  TACT_ASSIGN(auto fit,
              internal::fit_from<4>([&](const Vector<4>& at) { return likelihood(all, at); },
                                    {all.scale, kTimes, all.repeats}, start,
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

// Eq. 10 of the paper is (C / d) [1 - (1 - z)^(r + x) F(r + x, b + x; C; z)] with d = a - 1,
// C = a + b + x - 1, z = t / (alpha + T + t). By Euler's transformation (DLMF 15.8.1) the bracket
// is 1 - (1 - z)^d F(A, d; C; z), A = C - r - x; both factors are 1 + d * something, so that d = 0
// is no special case, and the series converges for z near 1, too.
double bg_nbd_purchases(const FourParameters& parameters, const PurchaseHistory& customer,
                        double horizon) {
  const auto [r, alpha, a, b] = parameters;
  const double x = customer.repeats;
  const double d = a - 1.0;
  const double c = a + b + x - 1.0;
  const double first = c - r - x;
  const double end = alpha + customer.observed;
  const double z = horizon / (end + horizon);
  const double log_rest = std::log(end / (end + horizon));  // log(1 - z)
  const double power = d == 0.0 ? log_rest : std::expm1(d * log_rest) / d;
  double term = first * z;  // c * (F - 1) / d, term by term
  double series = 0.0;
  for (int n = 1; n < 100'000; ++n) {
    series += term;
    if (std::fabs(term) <= 1e-15 * std::fabs(series)) break;
    term *= (first + n) * (d + n) / ((c + n) * (n + 1.0)) * z;
  }
  const double purchases = -(c * power + series * (1.0 + d * power));
  return bg_nbd_alive(parameters, customer) * std::max(purchases, 0.0);
}

}  // namespace tact::stats
