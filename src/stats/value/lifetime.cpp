#include "stats/value/lifetime.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/stop.h"
#include "stats/normal.h"

namespace tact::stats {
namespace {

constexpr double kStep = 1e-4;  // in the logarithm of a parameter

Status check(const LifetimeArm& arm, double horizon) {
  if (!(horizon > 0.0) || !std::isfinite(horizon)) {
    return make_error(ErrorCode::kInvalid, "the horizon must be positive");
  }
  std::int64_t customers = 0;
  for (const LifetimeCustomers& alike : arm.customers) {
    TACT_TRY(check_histories({&alike.history, 1}));
    if (alike.customers < 1 || !std::isfinite(alike.value) || !std::isfinite(alike.value_squares)) {
      return make_error(ErrorCode::kInvalid, "a history without customers, or sums not finite");
    }
    customers += alike.customers;
  }
  if (customers > arm.value.n) {
    return make_error(ErrorCode::kInvalid, "more customers than visitors");
  }
  return ok();
}

// So that sums do not depend on the order given.
std::vector<LifetimeCustomers> in_order(std::vector<LifetimeCustomers> customers) {
  const auto key = [](const LifetimeCustomers& alike) {
    const PurchaseHistory& h = alike.history;
    return std::tie(h.repeats, h.last, h.observed, alike.customers, alike.value,
                    alike.value_squares);
  };
  std::sort(customers.begin(), customers.end(),
            [&](const auto& a, const auto& b) { return key(a) < key(b); });
  return customers;
}

Result<Fit<4>> fit_all(const std::vector<LifetimeCustomers>& customers) {
  std::vector<PurchaseHistory> each;
  for (const LifetimeCustomers& alike : customers) {
    each.insert(each.end(), static_cast<std::size_t>(alike.customers), alike.history);
  }
  return fit_bg_nbd(each);
}

// Sums over the arm of what a visitor's influence is made of.
class Influence {
 public:
  Influence(const std::vector<LifetimeCustomers>& customers, const SampleMoments& value,
            const Fit<4>& fit, double horizon)
      : customers_(customers), value_(value), fit_(fit), n_(static_cast<double>(value.n)) {
    for (const LifetimeCustomers& alike : customers) {
      const auto count = static_cast<double>(alike.customers);
      expected_.push_back(bg_nbd_purchases(fit.parameters, alike.history, horizon));
      bought_ += count * (1.0 + alike.history.repeats);
      to_come_ += count * expected_.back();
    }
    for (std::size_t i = 0; i < 4; ++i) slope_[i] = slope_of(i, horizon);
  }

  double purchases() const { return to_come_ / n_; }
  double per_purchase() const { return value_.sum / bought_; }

  // Of a mean whose influence holds the visitor's own observed value so many times (0: the
  // forecast alone, 1: both).
  ArmSummary summary(double observed) const {
    const double weight = observed + to_come_ / bought_;  // of a visitor's value
    const double mean = observed * value_.sum / n_ + purchases() * per_purchase();
    const double level = -observed * value_.sum / n_ - purchases() * per_purchase();
    double squares = 0.0, left = n_;
    double value = value_.sum, value_squares = value_.sum_squares;
    for (std::size_t i = 0; i < customers_.size(); ++i) {
      const LifetimeCustomers& alike = customers_[i];
      const double shift = level + per_purchase() * own(i);
      squares += square_sum(weight, shift, static_cast<double>(alike.customers), alike.value,
                            alike.value_squares);
      left -= static_cast<double>(alike.customers);
      value -= alike.value;
      value_squares -= alike.value_squares;
    }
    squares += square_sum(weight, level, left, value, std::max(value_squares, 0.0));
    return {value_.n, mean, std::max(squares, 0.0) / (n_ - 1.0)};
  }

 private:
  // Of the mean purchases to come, for the logarithm of parameter i.
  double slope_of(std::size_t i, double horizon) const {
    FourParameters up = fit_.parameters, down = fit_.parameters;
    up[i] *= std::exp(kStep);
    down[i] *= std::exp(-kStep);
    double sum = 0.0;
    for (const LifetimeCustomers& alike : customers_) {
      sum +=
          static_cast<double>(alike.customers) * (bg_nbd_purchases(up, alike.history, horizon) -
                                                  bg_nbd_purchases(down, alike.history, horizon));
    }
    return sum / (2.0 * kStep * n_);
  }

  // In purchases: those of customer i to come, less what their past ones take off the money per
  // purchase, and how they move the parameters.
  double own(std::size_t i) const {
    const PurchaseHistory& history = customers_[i].history;
    const FourParameters score = bg_nbd_score(fit_.parameters, history);
    double moved = 0.0;
    for (std::size_t j = 0; j < 4; ++j) {
      for (std::size_t k = 0; k < 4; ++k) moved += slope_[j] * fit_.covariance[j][k] * score[k];
    }
    return expected_[i] - to_come_ / bought_ * (1.0 + history.repeats) + n_ * moved;
  }

  // Of (weight * value + shift)^2 over so many.
  static double square_sum(double weight, double shift, double count, double value,
                           double value_squares) {
    return weight * weight * value_squares + 2.0 * weight * shift * value + count * shift * shift;
  }

  const std::vector<LifetimeCustomers>& customers_;
  const SampleMoments& value_;
  const Fit<4>& fit_;
  double n_;
  double bought_ = 0.0, to_come_ = 0.0;
  std::vector<double> expected_;
  std::array<double, 4> slope_{};
};

bool is_finite(const ArmSummary& arm) {
  return std::isfinite(arm.mean) && std::isfinite(arm.variance) && arm.variance > 0.0;
}

}  // namespace

Result<LifetimeForecast> lifetime_forecast(const LifetimeArm& arm, double horizon,
                                           const std::stop_token& stop) {
  TACT_TRY(check(arm, horizon));
  LifetimeForecast out;
  TACT_ASSIGN(out.observed, summarize(arm.value, OutcomeKind::kMean));
  const std::vector<LifetimeCustomers> customers = in_order(arm.customers);
  for (const LifetimeCustomers& alike : customers) {
    out.customers += alike.customers;
    if (alike.history.repeats > 0.0) out.bought_again += alike.customers;
  }
  if (out.bought_again < kFewestInformative) return out;
  TACT_TRY(check_not_stopped(stop));
  TACT_ASSIGN(const auto fit, fit_all(customers));
  TACT_TRY(check_not_stopped(stop));
  out.state = LifetimeState::kNoPeak;
  if (!fit.converged) return out;
  const Influence influence(customers, arm.value, fit, horizon);
  out.purchases = influence.purchases();
  out.per_purchase = influence.per_purchase();
  TACT_TRY(check_not_stopped(stop));
  out.forecast = influence.summary(0.0);
  TACT_TRY(check_not_stopped(stop));
  out.total = influence.summary(1.0);
  const bool finite = is_finite(out.forecast) && is_finite(out.total);
  out.state = finite ? LifetimeState::kForecast : LifetimeState::kNotEstimable;
  return out;
}

bool bought_earlier(const FirstPurchases& one, const FirstPurchases& other) {
  if (one.visitors < 1 || other.visitors < 1) return false;
  const auto n = static_cast<double>(one.visitors), m = static_cast<double>(other.visitors);
  const double early = static_cast<double>(one.early) / n - static_cast<double>(other.early) / m;
  const double p = static_cast<double>(one.late) / n, q = static_cast<double>(other.late) / m;
  const double error = std::sqrt(p * (1.0 - p) / n + q * (1.0 - q) / m);
  const double late = p - q;
  return early * late < 0.0 && std::fabs(late) > normal_critical(0.025) * error;
}

}  // namespace tact::stats
