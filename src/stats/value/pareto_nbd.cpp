#include "stats/value/pareto_nbd.h"

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>

#include "stats/internal/boost_policy.h"
#include "stats/internal/fit.h"
#include "stats/internal/grouped.h"
#include "stats/internal/leaving.h"

namespace tact::stats {
namespace {

using internal::Curved;
using internal::Group;
using internal::Grouped;
using internal::Leaving;
using internal::leaving;
using internal::Matrix;
using internal::Vector;

// r, alpha: all buy at one rate; s, beta: all leave at one rate.
constexpr std::array<std::array<bool, 4>, 2> kAlike{
    {{true, true, false, false}, {false, false, true, true}}};
constexpr std::array<bool, 4> kTimes{false, true, false, true};
double log_gamma(double x) { return boost::math::lgamma(x, internal::NoThrowPolicy()); }
double digamma(double x) { return boost::math::digamma(x, internal::NoThrowPolicy()); }
double trigamma(double x) { return boost::math::trigamma(x, internal::NoThrowPolicy()); }

Curved<4> likelihood(const Grouped& all, const Vector<4>& at) {
  FourParameters p;
  for (std::size_t i = 0; i < 4; ++i) p[i] = std::exp(at[i]);
  const auto [r, alpha, s, beta] = p;
  Curved<4> sum;
  double known = -1.0;
  double rate = 0.0;  // log(Gamma(r + x) / Gamma(r)), and its derivatives by log r
  double rate_slope = 0.0;
  double rate_curvature = 0.0;
  for (const Group& g : all.groups) {
    const double x = g.repeats;
    if (x != known) {
      rate = log_gamma(r + x) - log_gamma(r);
      rate_slope = r * (digamma(r + x) - digamma(r));
      rate_curvature = rate_slope + r * r * (trigamma(r + x) - trigamma(r));
      known = x;
    }
    const Leaving of = leaving(p, x, g.last, g.observed);
    const double w = g.customers;
    sum.value += w * (rate + r * at[1] + s * at[3] + of.log_total);
    const Vector<4> slope{rate_slope + r * at[1], r, s * at[3], s};
    Matrix<4> curvature{};
    curvature[0] = {rate_curvature + r * at[1], r, 0.0, 0.0};
    curvature[1] = {r, 0.0, 0.0, 0.0};
    curvature[2] = {0.0, 0.0, s * at[3], s};
    curvature[3] = {0.0, 0.0, s, 0.0};
    for (std::size_t i = 0; i < 4; ++i) {
      sum.gradient[i] += w * (slope[i] + of.slope[i]);
      for (std::size_t j = 0; j < 4; ++j) {
        sum.hessian[i][j] += w * (curvature[i][j] + of.curvature[i][j]);
      }
    }
  }
  return sum;
}

}  // namespace

Result<Fit<4>> fit_pareto_nbd(std::span<const PurchaseHistory> customers,
                              const std::optional<FourParameters>& start) {
  TACT_ASSIGN(const Grouped all, internal::group(customers));
  TACT_ASSIGN(auto fit, internal::fit_from<4>(
                            [&](const Vector<4>& at) { return likelihood(all, at); },
                            {all.scale, kTimes, all.repeats, kAlike}, start,
                            {Vector<4>{-0.5, -1.0, -0.5, -1.0}, Vector<4>{0.0, 0.0, 0.0, 0.0},
                             Vector<4>{-1.0, -2.0, -1.0, 0.5}}));
  fit.informative = all.bought_again;
  return fit;
}

double pareto_nbd_alive(const FourParameters& parameters, const PurchaseHistory& customer) {
  return leaving(parameters, customer.repeats, customer.last, customer.observed).alive;
}

// P(alive) (r + x) / (alpha + T) * (beta + T) (1 - q^(s - 1)) / (s - 1), q = (beta + T) /
// (beta + T + t), with the limit -log q at s = 1.
double pareto_nbd_purchases(const FourParameters& parameters, const PurchaseHistory& customer,
                            double horizon) {
  const auto [r, alpha, s, beta] = parameters;
  const double end = beta + customer.observed;
  const double log_q = std::log(end / (end + horizon));
  const double d = s - 1.0;
  const double time = -end * (d == 0.0 ? log_q : std::expm1(d * log_q) / d);
  return pareto_nbd_alive(parameters, customer) * (r + customer.repeats) /
         (alpha + customer.observed) * time;
}

}  // namespace tact::stats
