// What orders left over and what messages cost, of the playbook: the metric behind a moment's
// return.
#pragma once

#include "measure/plan.h"
#include "measure/report.h"
#include "measure/unit_facts.h"
#include "profile/core.h"
#include "profile/experiments.h"

namespace tact::internal {

// Adds the metric "GOAL margin" of the first goal with money, behind the others, and the economics
// that read it; or, where the costs of an arm are not known, the sentence that says so. Nothing
// where the site's margin is not known.
void put_returns(const Experiment& experiment, const ReportOptions& options, Plan& plan);

// That metric of one row, in `arm`: margin told by orders, of the rest the site's share; the cost
// beside it. Amounts beyond kLargestFact count as that.
void fill_returns(const ExposureView& row, const Experiment& experiment, const Plan& plan,
                  std::uint32_t arm, UnitFacts& facts);

// Whether each visitor of the arm costs something, also without an order.
bool costs_by_visitor(const Experiment& experiment, std::uint32_t arm);

}  // namespace tact::internal
