#include "stats/gate.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tact::stats {
namespace {

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

// `required[i]` of arm i; above `usual` because of its shape.
Result<GateReport> check(std::span<const std::int64_t> nonzero,
                         std::span<const std::int64_t> required, std::int64_t usual,
                         double elapsed_s) {
  if (!std::isfinite(elapsed_s) || elapsed_s < 0.0) {
    return invalid("the elapsed time is negative or not finite");
  }
  GateReport report;
  report.expected_s = 0.0;
  for (std::size_t arm = 0; arm < nonzero.size(); ++arm) {
    const std::int64_t have = nonzero[arm];
    if (have < 0) return invalid("a count is negative");
    if (have >= required[arm]) continue;
    ArmShortfall shortfall{arm, have, required[arm] - have, std::nullopt, required[arm] > usual};
    if (have > 0 && elapsed_s > 0.0) {
      shortfall.expected_s =
          static_cast<double>(shortfall.missing) * (elapsed_s / static_cast<double>(have));
    }
    if (!shortfall.expected_s) {
      report.expected_s.reset();
    } else if (report.expected_s) {
      report.expected_s = std::max(*report.expected_s, *shortfall.expected_s);
    }
    report.lacking.push_back(shortfall);
  }
  report.open = report.lacking.empty();
  return report;
}

// Of one visitor's outcome, squared; infinite where the sums cancel, 0 without an outcome.
double squared_skewness(const SampleMoments& all) {
  if (all.nonzero == 0) return 0.0;
  const double effective = all.sum / all.sum_squares * all.sum;
  if (!(effective > 0.0)) return std::numeric_limits<double>::infinity();
  const double uneven = static_cast<double>(all.nonzero) / effective;
  return uneven * uneven * static_cast<double>(all.n) / effective;
}

// Visitors with a non-zero outcome that `smaller` must have.
std::int64_t required_of(const SampleMoments& smaller, const SampleMoments& larger, double shape,
                         double skewness) {
  if (smaller.nonzero <= 0 || smaller.n >= larger.n) return kGateNonzeroVisitors;
  const double r = static_cast<double>(smaller.n) / static_cast<double>(larger.n);
  const double visitors = shape / (skewness * skewness) * (1.0 - r) * (1.0 - r) / (1.0 + r);
  const double rate = static_cast<double>(smaller.nonzero) / static_cast<double>(smaller.n);
  constexpr double kNever = 9e15;
  const double required = std::min(kNever, std::ceil(visitors * rate));
  return std::max(kGateNonzeroVisitors, static_cast<std::int64_t>(required));
}

}  // namespace

Result<GateReport> check_gate(std::span<const std::int64_t> nonzero, double elapsed_s,
                              std::int64_t required) {
  if (nonzero.empty()) return invalid("an experiment without arms");
  if (required < 1) return invalid("the gate must require something");
  return check(nonzero, std::vector(nonzero.size(), required), required, elapsed_s);
}

Result<GateReport> check_gate(std::span<const SampleMoments> arms, double elapsed_s,
                              double skewness) {
  if (arms.empty()) return invalid("an experiment without arms");
  if (!(skewness > 0.0)) return invalid("the gate must allow for some skewness");
  SampleMoments all;
  std::vector<std::int64_t> nonzero;
  for (const SampleMoments& arm : arms) {
    if (arm.n < 0 || arm.nonzero < 0) return invalid("a count is negative");
    if (!std::isfinite(arm.sum) || !std::isfinite(arm.sum_squares)) {
      return invalid("a sum of outcomes or their squares is not finite");
    }
    all += arm;
    nonzero.push_back(arm.nonzero);
  }
  const double shape = squared_skewness(all);
  std::vector<std::int64_t> required(arms.size(), kGateNonzeroVisitors);
  for (std::size_t arm = 1; arm < arms.size(); ++arm) {
    const std::size_t smaller = arms[arm].n < arms[0].n ? arm : 0;
    const SampleMoments& larger = arms[smaller == 0 ? arm : 0];
    required[smaller] =
        std::max(required[smaller], required_of(arms[smaller], larger, shape, skewness));
  }
  return check(nonzero, required, kGateNonzeroVisitors, elapsed_s);
}

}  // namespace tact::stats
