#include "measure/internal/return_words.h"

#include <algorithm>

#include "measure/internal/metric_words.h"
#include "measure/internal/numbers.h"

namespace tact::internal {
namespace {

std::string named(const Plan& plan, const ReturnFinding& finding) {
  return plan.arms.size() > 2 ? plan.arms[finding.arm].name + ": " : std::string();
}

std::string part(const char* name, const Estimate& e, const Plan& plan) {
  const int digits = std::max(plan.minor_digits, digits_for(e.low, e.high));
  const auto amount = [&](double x) { return signed_decimal(x, digits); };
  const std::string all = std::string(name) + " " + amount(e.estimate);
  return e.low == e.high ? all : all + " (" + amount(e.low) + " to " + amount(e.high) + ")";
}

}  // namespace

std::string say_return(const Plan& plan, const ReturnFinding& finding) {
  const std::string who = named(plan, finding);
  const std::string total = money_of(finding.total.estimate, plan) + " (" +
                            money_of(finding.total.low, plan) + " to " +
                            money_of(finding.total.high, plan) + ")";
  const std::string after =
      plan.economics.kept ? "after margin and what the messages cost"
                          : "after " + percent(plan.economics.margin, 0) + " margin and all costs";
  if (finding.total.low > 0.0) return who + "It earned " + total + " " + after + ".";
  if (finding.total.high < 0.0) return who + "It lost money: " + total + " " + after + ".";
  return who + "Whether it earns money cannot be told yet: " + total + " " + after + ".";
}

std::string say_return_parts(const Plan& plan, const ReturnFinding& finding) {
  std::string says = named(plan, finding) + plan.currency + " per " + plan.unit + ": " +
                     part("value", finding.value, plan);
  if (plan.economics.kept || plan.economics.margin < 1.0) {
    says += ", " + part("kept", finding.kept, plan);
  }
  says += ", " + part("cost", finding.cost, plan) + ", " + part("left over", finding.profit, plan);
  if (finding.roi.estimate) says += "; return on the cost " + say_lift(finding.roi);
  return says + ".";
}

}  // namespace tact::internal
