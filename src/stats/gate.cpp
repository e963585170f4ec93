#include "stats/gate.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tact::stats {
namespace {

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

// `required[i]` of the `counts[i]` of arm i; above `usual` because of its shape.
Result<GateReport> check(std::span<const std::int64_t> counts,
                         std::span<const std::int64_t> required, std::int64_t usual,
                         double elapsed_s) {
  if (!std::isfinite(elapsed_s) || elapsed_s < 0.0) {
    return invalid("the elapsed time is negative or not finite");
  }
  GateReport report;
  report.expected_s = 0.0;
  for (std::size_t arm = 0; arm < counts.size(); ++arm) {
    const std::int64_t have = counts[arm];
    if (have < 0) return invalid("a count is negative");
    if (have >= required[arm]) continue;
    ArmShortfall shortfall{arm,  have, required[arm] - have, std::nullopt, required[arm] > usual,
                           false};
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

// Of all arms; in doubles, which do not overflow.
struct Together {
  double visitors = 0.0, nonzero = 0.0, sum = 0.0, squares = 0.0;

  // How many of these amounts vary like one of as many equal ones; infinite where sums cancel.
  double unevenness() const {
    const double effective = sum / squares * sum;
    return effective > 0.0 ? nonzero / effective : std::numeric_limits<double>::infinity();
  }
};

// Visitors with a non-zero outcome that `smaller` must have. They are counted as `all` have them:
// to ask for more of its own would let through the samples that happen to have many.
std::int64_t required_of(const SampleMoments& smaller, const SampleMoments& larger,
                         const Together& all, double skewness) {
  if (smaller.n >= larger.n || smaller.nonzero == 0) return kGateNonzeroVisitors;
  constexpr double kNever = 9e15;
  const double r = static_cast<double>(smaller.n) / static_cast<double>(larger.n);
  const double u = all.unevenness();
  const double asked = u * u * u * (1.0 - r) * (1.0 - r) / (1.0 + r) / (skewness * skewness);
  if (asked <= static_cast<double>(kGateNonzeroVisitors)) return kGateNonzeroVisitors;
  const double expected = static_cast<double>(smaller.n) * (all.nonzero / all.visitors);
  const double required = std::ceil(static_cast<double>(smaller.nonzero) * (asked / expected));
  return std::max(kGateNonzeroVisitors, static_cast<std::int64_t>(std::min(kNever, required)));
}

bool without_is_rarer(const SampleMoments& share) {
  return share.n - share.nonzero < share.nonzero;
}

// Of a share, whichever is rarer: amounts of 1.
SampleMoments rarer(const SampleMoments& share) {
  const std::int64_t count = std::min(share.nonzero, share.n - share.nonzero);
  return {share.n, static_cast<double>(count), static_cast<double>(count), count};
}

Status check_sums(const SampleMoments& arm) {
  if (arm.n < 0 || arm.nonzero < 0) return invalid("a count is negative");
  if (arm.nonzero > arm.n) return invalid("more visitors with an outcome than visitors");
  if (std::isfinite(arm.sum) && std::isfinite(arm.sum_squares)) return ok();
  return invalid("a sum of outcomes or their squares is not finite");
}

Result<GateReport> check_amounts(std::span<const SampleMoments> arms, double elapsed_s,
                                 double skewness) {
  Together all;
  std::vector<std::int64_t> nonzero;
  for (const SampleMoments& arm : arms) {
    all.visitors += static_cast<double>(arm.n);
    all.nonzero += static_cast<double>(arm.nonzero);
    all.sum += arm.sum;
    all.squares += arm.sum_squares;
    nonzero.push_back(arm.nonzero);
  }
  std::vector<std::int64_t> required(arms.size(), kGateNonzeroVisitors);
  for (std::size_t arm = 1; arm < arms.size(); ++arm) {
    const std::size_t smaller = arms[arm].n < arms[0].n ? arm : 0;
    const SampleMoments& larger = arms[smaller == 0 ? arm : 0];
    required[smaller] =
        std::max(required[smaller], required_of(arms[smaller], larger, all, skewness));
  }
  return check(nonzero, required, kGateNonzeroVisitors, elapsed_s);
}

}  // namespace

Result<GateReport> check_gate(std::span<const std::int64_t> counts, double elapsed_s,
                              std::int64_t required) {
  if (counts.empty()) return invalid("an experiment without arms");
  if (required < 1) return invalid("the gate must require something");
  return check(counts, std::vector(counts.size(), required), required, elapsed_s);
}

Result<GateReport> check_gate(std::span<const SampleMoments> arms, OutcomeKind kind,
                              double elapsed_s, double skewness) {
  if (arms.empty()) return invalid("an experiment without arms");
  if (!(skewness > 0.0)) return invalid("the gate must allow for some skewness");
  for (const SampleMoments& arm : arms) TACT_TRY(check_sums(arm));
  if (kind != OutcomeKind::kProportion) return check_amounts(arms, elapsed_s, skewness);
  std::vector<SampleMoments> shares;
  for (const SampleMoments& arm : arms) shares.push_back(rarer(arm));
  TACT_ASSIGN(GateReport report, check_amounts(shares, elapsed_s, skewness));
  for (ArmShortfall& lack : report.lacking) lack.without = without_is_rarer(arms[lack.arm]);
  return report;
}

OutcomeKind kind_seen(std::span<const SampleMoments> arms) {
  const bool shares = std::all_of(arms.begin(), arms.end(), [](const SampleMoments& arm) {
    const auto hits = static_cast<double>(arm.nonzero);
    return arm.sum == hits && arm.sum_squares == hits;
  });
  return shares ? OutcomeKind::kProportion : OutcomeKind::kMean;
}

}  // namespace tact::stats
