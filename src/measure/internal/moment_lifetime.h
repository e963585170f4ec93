// Who had not bought before an exposure, and what they bought in the half year after it, of the
// playbook: what lifetime value is made of.
#pragma once

#include "measure/plan.h"
#include "measure/unit_facts.h"
#include "profile/core.h"
#include "profile/experiments.h"

namespace tact::internal {

// Plan::lifetime, where some goal has money. The plan's dimensions must be there already.
void put_lifetime(const Experiment& experiment, Plan& plan);

// Counts for who had not bought before, once the half year is over. Nothing without Plan::lifetime.
void fill_history(const ExposureView& row, const Plan& plan, Time now, UnitFacts& facts);

// What was spent after an exposure, less refunds; the nearest number where it does not fit.
std::int64_t kept_minor(const FollowUp& after);

}  // namespace tact::internal
