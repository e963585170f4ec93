// A moment's incremental outcomes, so that those of several moments may be added up. Visitors meet
// several moments, so the effects are correlated and nobody knows how: all intervals here hold at
// once, and then their ends may be added.
#pragma once

#include <string>

#include "base/result.h"
#include "measure/findings.h"

namespace tact::internal {

// Of each interval, so that those of all the playbook's moments and of the universal holdout hold
// at once. Among all that there can be: who is counted changes from look to look.
double shared_alpha(double alpha, std::size_t moments);

// The metric that counts the same outcomes in the same time; null: none does.
const MetricFinding* same_goal(const Findings& report, const Metric& goal);
// It has an effect behind the gate, against visitors who are held back. `finding` may be null.
bool can_be_counted(const Findings& report, const MetricFinding* finding);
// In words, where it cannot.
std::string why_not(const Findings& report, const MetricFinding* finding, const Metric& goal);

// Of what can be counted; always valid at this alpha. kInvalid as sequence_around.
Result<AdditivityFinding::Moment> total_of(const Findings& report, const MetricFinding& finding,
                                           double alpha);

Estimate plus(const Estimate& a, const Estimate& b);

}  // namespace tact::internal
