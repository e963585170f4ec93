#include "measure/internal/verdict.h"

#include <algorithm>

namespace tact::internal {
namespace {

Verdict of_difference(const Estimate& difference, double margin, bool more) {
  if (difference.low >= -margin && difference.high <= margin) return Verdict::kNoEffect;
  if (difference.low > 0.0) return more ? Verdict::kHelps : Verdict::kHurts;
  if (difference.high < 0.0) return more ? Verdict::kHurts : Verdict::kHelps;
  return Verdict::kNotClear;
}

bool guardrail_is_worse(const Findings& report, std::size_t arm) {
  return std::any_of(report.metrics.begin(), report.metrics.end(), [&](const auto& metric) {
    const Comparison* comparison = metric.of(arm);
    return comparison != nullptr && comparison->guard &&
           comparison->guard->verdict == stats::GuardrailVerdict::kWorse;
  });
}

Verdict without_comparison(const Findings& report, bool blocked) {
  const MetricFinding* primary = report.primary();
  const bool nobody_kept = report.ratio.planned.empty() || report.ratio.planned.front() <= 0.0;
  if (blocked || primary == nullptr || nobody_kept) return Verdict::kCannotBeJudged;
  return primary->withheld == Withheld::kNotEnough ? Verdict::kNotEnoughData
                                                   : Verdict::kCannotBeJudged;
}

// With several arms the report's verdict is the first of these that any arm has.
Verdict overall(const std::vector<ArmVerdict>& verdicts) {
  for (const Verdict verdict : {Verdict::kHelps, Verdict::kAtACost, Verdict::kHurts,
                                Verdict::kNotClear, Verdict::kNoEffect, Verdict::kNotEnoughData}) {
    for (const ArmVerdict& arm : verdicts) {
      if (arm.verdict == verdict) return verdict;
    }
  }
  return Verdict::kCannotBeJudged;
}

}  // namespace

void judge(Findings& report, bool blocked) {
  const MetricFinding* primary = report.primary();
  const bool more = report.hypothesis.more;
  const bool compared = !blocked && primary != nullptr && !primary->against.empty() &&
                        report.ratio.planned.front() > 0.0;
  if (compared) {
    const MetricKind kind = report.plan.metrics.front().kind;
    report.smallest_effect = kSmallestEffect * std::abs(primary->arms.front().mean(kind));
  }
  for (std::size_t arm = 1; arm < report.plan.arms.size(); ++arm) {
    ArmVerdict verdict;
    verdict.arm = arm;
    const Comparison* comparison = primary == nullptr ? nullptr : primary->of(arm);
    verdict.verdict = compared && comparison != nullptr
                          ? of_difference(comparison->difference, report.smallest_effect, more)
                          : without_comparison(report, blocked);
    if (verdict.verdict == Verdict::kHelps && guardrail_is_worse(report, arm)) {
      verdict.verdict = Verdict::kAtACost;
    }
    report.verdicts.push_back(verdict);
  }
  report.verdict = overall(report.verdicts);
  const bool decided = report.verdict == Verdict::kHelps || report.verdict == Verdict::kAtACost ||
                       report.verdict == Verdict::kHurts || report.verdict == Verdict::kNoEffect;
  if (!report.hypothesis.stated || !decided) return;
  report.hypothesis.held = report.verdict == Verdict::kHelps || report.verdict == Verdict::kAtACost;
}

}  // namespace tact::internal
