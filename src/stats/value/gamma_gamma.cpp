#include "stats/value/gamma_gamma.h"

#include <algorithm>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "stats/internal/boost_policy.h"
#include "stats/internal/fit.h"

namespace tact::stats {
namespace {

using internal::Point;
using internal::Vector;

double log_gamma(double x) { return boost::math::lgamma(x, internal::NoThrowPolicy()); }
double digamma(double x) { return boost::math::digamma(x, internal::NoThrowPolicy()); }

struct Spender {
  double repeats = 0.0;
  double average = 0.0;  // in units of the mean
  double log_average = 0.0;
};

Point<3> likelihood(const std::vector<Spender>& spenders, const Vector<3>& at) {
  const double p = std::exp(at[0]);
  const double q = std::exp(at[1]);
  const double gamma = std::exp(at[2]);
  const double gamma_q = log_gamma(q);
  const double slope_q = digamma(q);
  Point<3> sum;
  double known = -1.0;
  double terms = 0.0;
  double slope_sum = 0.0;
  double slope_px = 0.0;
  for (const Spender& c : spenders) {
    const double x = c.repeats;
    if (x != known) {
      terms = log_gamma(p * x + q) - log_gamma(p * x) - gamma_q + q * at[2];
      slope_sum = digamma(p * x + q);
      slope_px = digamma(p * x);
      known = x;
    }
    const double both = gamma + x * c.average;
    const double log_both = std::log(both);
    sum.value +=
        terms + (p * x - 1.0) * c.log_average + p * x * std::log(x) - (p * x + q) * log_both;
    sum.gradient[0] += x * (slope_sum - slope_px + c.log_average + std::log(x) - log_both);
    sum.gradient[1] += slope_sum - slope_q + at[2] - log_both;
    sum.gradient[2] += q / gamma - (p * x + q) / both;
  }
  sum.gradient[0] *= p;
  sum.gradient[1] *= q;
  sum.gradient[2] *= gamma;
  return sum;
}

}  // namespace

Result<SpendFit> fit_gamma_gamma(std::span<const PurchaseHistory> customers,
                                 const std::optional<ThreeParameters>& start) {
  TACT_TRY(check_histories(customers));
  std::vector<Spender> spenders;
  double scale = 0.0;
  for (const PurchaseHistory& c : customers) {
    if (c.repeats == 0.0 || c.average == 0.0) continue;
    spenders.push_back({c.repeats, c.average, 0.0});
    scale += c.average;
  }
  if (spenders.size() < 2 || !std::isfinite(scale)) {
    return make_error(ErrorCode::kInvalid,
                      "not enough data yet: fewer than two customers with a repeat purchase");
  }
  const auto n = static_cast<double>(spenders.size());
  scale /= n;
  for (Spender& c : spenders) {
    c.average /= scale;
    c.log_average = std::log(c.average);
  }
  std::sort(spenders.begin(), spenders.end(), [](const Spender& a, const Spender& b) {
    return a.repeats != b.repeats ? a.repeats < b.repeats : a.average < b.average;
  });
  SpendFit result;
  result.customers = static_cast<std::int64_t>(spenders.size());
  TACT_ASSIGN(result.fit,
              internal::fit_from<3>([&](const Vector<3>& at) { return likelihood(spenders, at); },
                                    {scale, {false, false, true}, n}, start,
                                    {Vector<3>{1.5, 1.2, -1.0}, Vector<3>{0.0, 0.5, 0.0}}));
  result.fit.informative = result.customers;
  return result;
}

std::optional<double> expected_spend(const ThreeParameters& parameters,
                                     const PurchaseHistory& customer) {
  const auto [p, q, gamma] = parameters;
  const double weight = p * customer.repeats + q - 1.0;
  if (!(weight > 0.0)) return std::nullopt;
  return p * (gamma + customer.repeats * customer.average) / weight;
}

}  // namespace tact::stats
