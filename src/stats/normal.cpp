#include "stats/normal.h"

#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "stats/internal/boost_policy.h"
#include "stats/internal/two_sided.h"

namespace tact::stats {
namespace {

// Above it the asymptotic series reaches 1e-16 before its terms grow again; below it erfc is a
// normal number (erfc underflows near z = 37).
constexpr double kSeriesFrom = 30.0;

// log of z * (Mills' ratio): 1 - 1/z^2 + 1*3/z^4 - 1*3*5/z^6 + ...
double log_mills_series(double z) {
  const double inverse_square = 1.0 / z / z;
  double term = 1.0;
  double rest = 0.0;  // the series without its leading 1, for log1p
  for (int k = 1; k < 40; ++k) {
    term *= -(2.0 * k - 1.0) * inverse_square;
    rest += term;
    if (std::fabs(term) < std::numeric_limits<double>::epsilon() * 1e-2) break;
  }
  return std::log1p(rest);
}

}  // namespace

double normal_critical(double upper_tail) {
  if (std::isnan(upper_tail) || upper_tail < 0.0 || upper_tail > 1.0) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (upper_tail == 0.0) return std::numeric_limits<double>::infinity();
  if (upper_tail == 1.0) return -std::numeric_limits<double>::infinity();
  return std::numbers::sqrt2 * boost::math::erfc_inv(2.0 * upper_tail, internal::NoThrowPolicy());
}

double normal_log_upper_tail(double z) {
  if (z < 0.0) return std::log1p(-std::exp(normal_log_upper_tail(-z)));
  if (z < kSeriesFrom) return std::log(0.5 * std::erfc(z / std::numbers::sqrt2));
  const double log_density = -0.5 * z * z - 0.5 * std::log(2.0 * std::numbers::pi);
  return log_density - std::log(z) + log_mills_series(z);
}

PValue normal_p_value(double z, Alternative alternative) {
  return internal::p_from_upper_tail(z, alternative, normal_log_upper_tail);
}

}  // namespace tact::stats
