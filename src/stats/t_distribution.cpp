#include "stats/t_distribution.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "stats/internal/boost_policy.h"
#include "stats/internal/two_sided.h"

namespace tact::stats {
namespace {

using StudentsT = boost::math::students_t_distribution<double, internal::NoThrowPolicy>;

constexpr double kOwnTailFrom = 5.0;
constexpr int kMaxFractionTerms = 10'000;

// log of gamma(a + 1/2) / gamma(a). Above 25 the asymptotic series (DLMF 5.11.13) avoids the
// difference of two numbers of size a log a.
double log_gamma_half_step(double a) {
  if (a < 25.0) {
    return boost::math::lgamma(a + 0.5, internal::NoThrowPolicy()) -
           boost::math::lgamma(a, internal::NoThrowPolicy());
  }
  const double u = 1.0 / a;
  const double u2 = u * u;
  return 0.5 * std::log(a) +
         u * (-1.0 / 8.0 + u2 * (1.0 / 192.0 + u2 * (-1.0 / 640.0 + u2 * (17.0 / 14336.0))));
}

// Didonato & Morris (1992), eq. 9, for I_x(a, b) with b = 1/2 and y = 1 - x given on its own,
// because x is near 1 for many degrees of freedom. Modified Lentz evaluation. Returns the
// fraction's value f, where I_x(a, b) = x^a y^b / (B(a, b) f).
double beta_fraction(double a, double x, double y) {
  constexpr double kB = 0.5;
  const auto denominator = [&](double m) {
    // At m = 0 the first fraction is 0, and 0 / 0 for a = 1 (two degrees of freedom).
    const double first = m == 0.0 ? 0.0 : m * (kB - m) * x / (a + 2.0 * m - 1.0);
    return m + first + (a + m) * (a * y - kB * x + 1.0 + m * (1.0 + y)) / (a + 2.0 * m + 1.0);
  };
  double f = denominator(0.0);
  double c = f;
  double d = 0.0;
  for (int k = 1; k < kMaxFractionTerms; ++k) {
    const double m = k;
    const double width = a + 2.0 * m - 1.0;
    const double numerator =
        (a + m - 1.0) / width * ((a + kB + m - 1.0) / width) * m * (kB - m) * x * x;
    const double next = denominator(m);
    d = 1.0 / (next + numerator * d);
    c = next + numerator / c;
    const double step = c * d;
    f *= step;
    if (std::fabs(step - 1.0) < 4.0 * std::numeric_limits<double>::epsilon()) break;
  }
  return f;
}

// P(T > t) = I_x(df/2, 1/2) / 2 with x = df / (df + t^2).
double log_far_tail(double t, double df) {
  const double a = 0.5 * df;
  const double ratio = t / std::sqrt(df);
  // log x and log y without forming t^2 (overflow) or 1 - x (cancellation).
  const bool huge = ratio > 1e100;
  const double square = huge ? 0.0 : ratio * ratio;
  const double log_x = huge ? -2.0 * std::log(ratio) : -std::log1p(square);
  const double y = huge ? 1.0 : square / (1.0 + square);
  const double x = huge ? 0.0 : 1.0 / (1.0 + square);
  const double log_inverse_beta = log_gamma_half_step(a) - 0.5 * std::log(std::numbers::pi);
  return a * log_x + 0.5 * std::log(y) + log_inverse_beta - std::log(beta_fraction(a, x, y)) -
         std::numbers::ln2;
}

}  // namespace

double t_critical(double upper_tail, double df) {
  const bool valid = upper_tail >= 0.0 && upper_tail <= 1.0 && df > 0.0;
  if (!valid) return std::numeric_limits<double>::quiet_NaN();
  if (upper_tail == 0.0) return std::numeric_limits<double>::infinity();
  if (upper_tail == 1.0) return -std::numeric_limits<double>::infinity();
  return quantile(complement(StudentsT(df), upper_tail));
}

double t_log_upper_tail(double t, double df) {
  if (std::isnan(t) || !(df > 0.0)) return std::numeric_limits<double>::quiet_NaN();
  if (t < 0.0) return std::log1p(-std::exp(t_log_upper_tail(-t, df)));
  if (std::isinf(t)) return -std::numeric_limits<double>::infinity();
  if (t >= kOwnTailFrom) return log_far_tail(t, df);
  return std::log(cdf(complement(StudentsT(df), t)));
}

PValue t_p_value(double t, double df, Alternative alternative) {
  return internal::p_from_upper_tail(t, alternative,
                                     [df](double x) { return t_log_upper_tail(x, df); });
}

}  // namespace tact::stats
