#include "stats/value/forecast.h"

#include <cmath>

#include "stats/normal.h"

namespace tact::stats {
namespace {

constexpr double kStep = 1e-4;  // in the logarithm of a parameter

// Variance of `function` of the logarithms of the parameters, by the delta method.
template <std::size_t N, typename Function>
double delta_variance(const Fit<N>& fit, const Function& function) {
  std::array<double, N> slope{};
  for (std::size_t i = 0; i < N; ++i) {
    auto up = fit.parameters;
    auto down = fit.parameters;
    up[i] *= std::exp(kStep);
    down[i] *= std::exp(-kStep);
    slope[i] = (function(up) - function(down)) / (2.0 * kStep);
  }
  double variance = 0.0;
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = 0; j < N; ++j) variance += slope[i] * slope[j] * fit.covariance[i][j];
  }
  return std::isfinite(variance) && variance > 0.0 ? variance : 0.0;
}

Estimate on_log_scale(double value, double variance, double critical) {
  const double factor = std::exp(critical * std::sqrt(variance));
  return {value, {value / factor, value * factor}};
}

double purchases_of(PurchaseModel model, const FourParameters& p, const PurchaseHistory& c,
                    double horizon) {
  return model == PurchaseModel::kBgNbd ? bg_nbd_purchases(p, c, horizon)
                                        : pareto_nbd_purchases(p, c, horizon);
}

double alive_of(PurchaseModel model, const FourParameters& p, const PurchaseHistory& c) {
  return model == PurchaseModel::kBgNbd ? bg_nbd_alive(p, c) : pareto_nbd_alive(p, c);
}

Estimate alive_estimate(PurchaseModel model, const Fit<4>& fit, const PurchaseHistory& c,
                        double critical) {
  const double alive = alive_of(model, fit.parameters, c);
  if (!(alive > 0.0 && alive < 1.0)) return {alive, {alive, alive}};
  const auto logit = [](double p) { return std::log(p) - std::log1p(-p); };
  const double spread = critical * std::sqrt(delta_variance(fit, [&](const FourParameters& p) {
                          return logit(alive_of(model, p, c));
                        }));
  const double at = logit(alive);
  return {alive, {1.0 / (1.0 + std::exp(spread - at)), 1.0 / (1.0 + std::exp(-spread - at))}};
}

}  // namespace

Result<Forecast> forecast(PurchaseModel model, const Fit<4>& purchases,
                          const std::optional<SpendFit>& spend, const PurchaseHistory& customer,
                          double horizon, double alpha) {
  TACT_TRY(check_alpha(alpha));
  TACT_TRY(check_histories({&customer, 1}));
  if (!purchases.converged || (spend && !spend->fit.converged)) {
    return make_error(ErrorCode::kInvalid, "the model did not converge: there is no forecast");
  }
  if (!(horizon > 0.0) || !std::isfinite(horizon)) {
    return make_error(ErrorCode::kInvalid, "the horizon must be positive");
  }
  const double critical = normal_critical(alpha / 2.0);
  Forecast result;
  result.alive = alive_estimate(model, purchases, customer, critical);
  const double expected = purchases_of(model, purchases.parameters, customer, horizon);
  double variance = 0.0;
  if (expected > 0.0) {
    variance = delta_variance(purchases, [&](const FourParameters& p) {
      return std::log(purchases_of(model, p, customer, horizon));
    });
  }
  result.purchases = on_log_scale(expected, variance, critical);
  if (!spend) return result;
  const auto money = expected_spend(spend->fit.parameters, customer);
  if (!money) return result;
  const double spend_variance = delta_variance(spend->fit, [&](const ThreeParameters& p) {
    return std::log(expected_spend(p, customer).value_or(*money));
  });
  result.spend = on_log_scale(*money, spend_variance, critical);
  result.value = on_log_scale(expected * *money, variance + spend_variance, critical);
  return result;
}

}  // namespace tact::stats
