// What no moment and no experiment may make worse, whatever its author names: guardrails of every
// report, from what a row says of unsubscribing, complaints, returns, refunds, and messages ignored
// and dismissed.
#pragma once

#include "measure/plan.h"
#include "measure/unit_facts.h"
#include "profile/core.h"
#include "profile/experiments.h"

namespace tact::internal {

// Shares of visitors, behind the metrics that are there. What the experiment's own guardrail counts
// already is left out. A message is ignored or dismissed only by somebody who was shown one, so
// these two are of experiments in which every arm shows one, and not of hold-backs.
void put_guards(const Experiment& experiment, Plan& plan);

// Of a metric with `standing`. Fills what differs between rows: the rest of `metric` is not
// touched.
void fill_guard(const ExposureView& row, std::size_t standing, MetricFacts& metric);

}  // namespace tact::internal
