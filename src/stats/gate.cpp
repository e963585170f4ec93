#include "stats/gate.h"

#include <algorithm>
#include <cmath>

namespace tact::stats {

Result<GateReport> check_gate(std::span<const std::int64_t> nonzero, double elapsed_s,
                              std::int64_t required) {
  if (nonzero.empty()) return make_error(ErrorCode::kInvalid, "an experiment without arms");
  if (required < 1) return make_error(ErrorCode::kInvalid, "the gate must require something");
  if (!std::isfinite(elapsed_s) || elapsed_s < 0.0) {
    return make_error(ErrorCode::kInvalid, "the elapsed time is negative or not finite");
  }
  GateReport report;
  report.expected_s = 0.0;
  for (std::size_t arm = 0; arm < nonzero.size(); ++arm) {
    const std::int64_t have = nonzero[arm];
    if (have < 0) return make_error(ErrorCode::kInvalid, "a count is negative");
    if (have >= required) continue;
    ArmShortfall shortfall{arm, have, required - have, std::nullopt};
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

}  // namespace tact::stats
