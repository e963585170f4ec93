#include "stats/chi_squared.h"

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>

#include "stats/internal/boost_policy.h"

namespace tact::stats {
namespace {

constexpr int kMaxFractionTerms = 10'000;
// Boost.Math's tail is a normal number with all its digits above this; far below, x >> a, where
// the fraction converges in a few terms.
constexpr double kDirectAbove = 1e-200;

// log Q(a, x) for x > a + 1, modified Lentz evaluation of DLMF 8.9.2.
double log_gamma_fraction(double a, double x) {
  double b = x + 1.0 - a;
  double d = 1.0 / b;
  double c = std::numeric_limits<double>::infinity();
  double f = d;
  for (int k = 1; k < kMaxFractionTerms; ++k) {
    const double numerator = -k * (k - a);
    b += 2.0;
    d = 1.0 / (b + numerator * d);
    c = b + numerator / c;
    const double step = c * d;
    f *= step;
    if (std::fabs(step - 1.0) < 4.0 * std::numeric_limits<double>::epsilon()) break;
  }
  return a * std::log(x) - x - boost::math::lgamma(a, internal::NoThrowPolicy()) + std::log(f);
}

}  // namespace

double chi_squared_log_upper_tail(double statistic, double df) {
  if (!(statistic >= 0.0) || !(df > 0.0)) return std::numeric_limits<double>::quiet_NaN();
  if (std::isinf(statistic)) return -std::numeric_limits<double>::infinity();
  const double tail = boost::math::gamma_q(0.5 * df, 0.5 * statistic, internal::NoThrowPolicy());
  if (tail > kDirectAbove) return std::log(tail);
  return log_gamma_fraction(0.5 * df, 0.5 * statistic);
}

PValue chi_squared_p_value(double statistic, double df) {
  return p_from_log(chi_squared_log_upper_tail(statistic, df));
}

}  // namespace tact::stats
