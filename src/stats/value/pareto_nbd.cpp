#include "stats/value/pareto_nbd.h"

#include <boost/math/quadrature/gauss.hpp>
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

// r, alpha: all buy at one rate; s, beta: all leave at one rate.
constexpr std::array<std::array<bool, 4>, 2> kAlike{
    {{true, true, false, false}, {false, false, true, true}}};
constexpr std::array<bool, 4> kTimes{false, true, false, true};
constexpr int kNodes = 30;
constexpr double kBelowRounding = 45.0;  // e^-45 of the whole

double log_gamma(double x) { return boost::math::lgamma(x, internal::NoThrowPolicy()); }
double digamma(double x) { return boost::math::digamma(x, internal::NoThrowPolicy()); }

// The posterior of the time of leaving: alive at the end, or gone at some time between the last
// purchase and the end; means over it are what gradients and P(alive) need.
struct Leaving {
  double log_total =
      0.0;  // of (alpha+T)^-(r+x) (beta+T)^-s + s int (alpha+y)^-(r+x) (beta+y)^-(s+1)
  double alive = 0.0;
  double log_alpha = 0.0;  // mean of log(alpha + y)
  double log_beta = 0.0;
  double inverse_alpha = 0.0;  // mean of 1 / (alpha + y)
  double inverse_beta = 0.0;   // mean of (s + [gone]) / (beta + y)
};

Leaving leaving(const FourParameters& p, double x, double last, double observed) {
  using Rule = boost::math::quadrature::gauss<double, kNodes>;
  const auto [r, alpha, s, beta] = p;
  const double least = std::min(alpha, beta);
  const double from = std::log(last + least);
  double length = std::log((observed + least) / (last + least));
  // The integrand falls at least at this rate per unit of log(y + least).
  const double decay = alpha <= beta ? r + x - 1.0 : s;
  if (decay > 0.0) length = std::min(length, kBelowRounding / decay);
  const double alive_alpha = std::log(alpha + observed);
  const double alive_beta = std::log(beta + observed);
  const double reference = -(r + x) * alive_alpha - s * alive_beta;
  double gone = 0.0;
  Leaving mean{0.0, 1.0, alive_alpha, alive_beta, 1.0 / (alpha + observed), s / (beta + observed)};
  // Relative to the largest term, or e^700 would overflow.
  const double at_last = std::log(s) + from - (r + x) * std::log(alpha + last) -
                         (s + 1.0) * std::log(beta + last) + std::log(std::max(length, 1e-300));
  const double shift = std::max(reference, at_last);
  const double alive = std::exp(reference - shift);
  for (double* m : {&mean.log_alpha, &mean.log_beta, &mean.inverse_alpha, &mean.inverse_beta}) {
    *m *= alive;
  }
  for (int i = 0; i < kNodes && length > 0.0; ++i) {
    const auto k = static_cast<std::size_t>(i / 2);
    const double node = (i % 2 == 0 ? 1.0 : -1.0) * Rule::abscissa()[k];
    const double v = from + 0.5 * length * (1.0 + node);
    const double y = std::exp(v);
    const double to_alpha = y + (alpha - least);
    const double to_beta = y + (beta - least);
    const double log_a = std::log(to_alpha);
    const double log_b = std::log(to_beta);
    const double weight = 0.5 * length * Rule::weights()[k] * s *
                          std::exp(v - (r + x) * log_a - (s + 1.0) * log_b - shift);
    gone += weight;
    mean.log_alpha += weight * log_a;
    mean.log_beta += weight * log_b;
    mean.inverse_alpha += weight / to_alpha;
    mean.inverse_beta += weight * (s + 1.0) / to_beta;
  }
  const double total = alive + gone;
  mean.log_total = shift + std::log(total);
  mean.alive = alive / total;
  for (double* m : {&mean.log_alpha, &mean.log_beta, &mean.inverse_alpha, &mean.inverse_beta}) {
    *m /= total;
  }
  return mean;
}

Point<4> likelihood(const Grouped& all, const Vector<4>& at) {
  FourParameters p;
  for (std::size_t i = 0; i < 4; ++i) p[i] = std::exp(at[i]);
  const auto [r, alpha, s, beta] = p;
  Point<4> sum;
  double known = -1.0;
  double gamma_term = 0.0;
  double gamma_slope = 0.0;
  for (const Group& g : all.groups) {
    const double x = g.repeats;
    if (x != known) {
      gamma_term = log_gamma(r + x) - log_gamma(r);
      gamma_slope = digamma(r + x) - digamma(r);
      known = x;
    }
    const Leaving mean = leaving(p, x, g.last, g.observed);
    const double w = g.customers;
    sum.value += w * (gamma_term + r * at[1] + s * at[3] + mean.log_total);
    sum.gradient[0] += w * (gamma_slope + at[1] - mean.log_alpha);
    sum.gradient[1] += w * (r / alpha - (r + x) * mean.inverse_alpha);
    sum.gradient[2] += w * (at[3] + (1.0 - mean.alive) / s - mean.log_beta);
    sum.gradient[3] += w * (s / beta - mean.inverse_beta);
  }
  for (std::size_t i = 0; i < 4; ++i) sum.gradient[i] *= p[i];
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
