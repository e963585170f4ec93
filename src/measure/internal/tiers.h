// Captured against created by tier: which kind of moment is credited with what would have come
// anyway? Moments close to the purchase are shown to those about to buy, so credit gathers there.
//
// The universal holdout's primary goal, as in additivity.h, so that a moment's figure is the same
// in both sums. What a moment created is counted while the others run: an order that takes two
// moments is in both, one that either would bring is in none. Credit is given once.
#pragma once

#include <span>

#include "base/result.h"
#include "measure/findings.h"
#include "playbook/playbook.h"

namespace tact::internal {

// `moments`: all of the playbook, among which alpha is shared; those that nobody has met are passed
// over. Absent where none of the others has a tier. kInvalid: alpha. O(moments).
Result<std::optional<TierFinding>> by_tier(const Findings& universal,
                                           std::span<const Findings> moments,
                                           const Playbook& current, double alpha);

std::string tier_name(const TierFinding::Group& group);  // "conversion", "without a tier"
std::string say_how_by_tier();                           // for Findings::method

}  // namespace tact::internal
