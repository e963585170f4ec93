// From sums to effects and the verdict: the gate and the sample ratio are enforced here.
#pragma once

#include "base/result.h"
#include "measure/internal/facts.h"
#include "measure/report.h"

namespace tact::internal {

SampleRatio check_ratio(std::int64_t shown, std::int64_t held_back, Probability hold_back);

// `blocked`: no effect is computed whatever the data say.
Result<GoalReport> measure_goal(const WatchedGoal& watched, const GoalSums& sums,
                                const std::optional<Time>& first, bool blocked,
                                const ReportOptions& options);

// Reads goals, ratio and hypothesis; sets verdict, hypothesis.held and smallest_effect.
void judge(MomentReport& report);

// The whole report of one experiment, words included: all of report_moment but the scan.
Result<MomentReport> report_sums(const FactSums& sums, const Experiment& experiment,
                                 Probability hold_back, const ReportOptions& options);

}  // namespace tact::internal
