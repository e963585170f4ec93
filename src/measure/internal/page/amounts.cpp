#include "measure/internal/page/amounts.h"

#include <algorithm>
#include <cmath>

#include "measure/internal/numbers.h"

namespace tact::internal::page {

Amounts::Amounts(const Plan& plan, const Metric& metric)
    : name_(goal_name(metric.name)),
      currency_(plan.currency),
      minor_digits_(plan.minor_digits),
      money_(metric.money) {
  if (metric.kind == MetricKind::kRatio) return;
  scale_ = money_ ? 1.0 : 1e3;
  per_ = money_ ? "per " + plan.unit : "per 1,000 " + plan.units();
}

std::string Amounts::amount(double value, int digits, bool sign) const {
  if (!money_) return sign ? signed_decimal(value, digits) : decimal(value, digits);
  const int kept = std::min(digits, minor_digits_);
  const std::string text = money(value * std::pow(10.0, kept), kept, currency_);
  return (sign && value > 0.0 ? "+" : "") + text;
}

int Amounts::digits_of(const Estimate& e, double scale) const {
  if (!money_) return digits_for(e.low * scale, e.high * scale);
  // Cents of thousands say nothing.
  const double most = std::max(std::abs(e.low), std::abs(e.high)) * scale;
  return most >= 1'000.0 ? 0 : minor_digits_;
}

std::string Amounts::with_interval(const Estimate& e, double scale, bool sign_first) const {
  const int digits = digits_of(e, scale);
  return amount(e.estimate * scale, digits, sign_first) + " (" +
         amount(e.low * scale, digits, false) + " to " + amount(e.high * scale, digits, false) +
         ")";
}

std::string Amounts::level(double per_unit) const {
  return amount(per_unit * scale_, money_ ? minor_digits_ : scale_ == 1.0 ? 3 : 1, false);
}
std::string Amounts::interval(const Estimate& e) const { return with_interval(e, scale_, true); }
std::string Amounts::total(const Estimate& e) const { return with_interval(e, 1.0, true); }
std::string Amounts::sum(double total) const {
  return amount(total, digits_of({total, total, total}, 1.0) * (money_ ? 1 : 0), false);
}

Spoken split(const std::string& figure) {
  const std::size_t open = figure.find(" (");
  if (open == std::string::npos || !figure.ends_with(')')) return {figure, {}};
  return {figure.substr(0, open), figure.substr(open + 2, figure.size() - open - 3)};
}

}  // namespace tact::internal::page
