// From sums and a plan to findings: every arm against control, behind the gate; verdict and words
// included. No clock, no state: the same sums, plan and options give the same findings.
#pragma once

#include <stop_token>
#include <string>

#include "base/result.h"
#include "measure/findings.h"
#include "measure/sums.h"

namespace tact {

struct AnalyseOptions {
  Time now{};           // a unit exposed a metric's window ago or earlier enters its comparison
  double alpha = 0.05;  // in (0, 0.5)
  bool small_cells = false;    // lift the rule of small cells; obeyed for simulated units alone
  bool one_look = false;       // a table without times: few clusters may be compared once
  std::string subject = "It";  // of the sentences
  std::string whom;            // "visitors" if empty
  std::string data_hash;
  std::stop_token stop;  // kUnavailable once it was asked to
  // `now` may lie ahead of it: of people no exposure day is shown before it is over.
  Time present = Time::max();
};

// What these units' cut is made by.
struct CutOptions;
class DayCounts;
CutOptions cut_options(const Sums& sums, const AnalyseOptions& options);
CutOptions cut_options(const DayCounts& units, const AnalyseOptions& options);

// `clusters`: of the units shown, per metric and treatment arm (sum_clusters); needed where the
// plan is clustered. kInvalid: alpha, or a plan that check_plan refuses. O(days * sets * metrics).
struct ClusteredSums;
Result<Findings> analyse(const Plan& plan, const Sums& sums, const AnalyseOptions& options,
                         const ClusteredSums* clusters = nullptr);

// The same with sums of the source's units that are there already.
Result<Findings> analyse(const Plan& plan, const Sums& sums, const UnitSource& source,
                         const AnalyseOptions& options, const SumOptions& how);

// Both scans: sum_units, and sum_clusters where the plan asks for it.
Result<Findings> analyse(const Plan& plan, const UnitSource& source, const AnalyseOptions& options,
                         const SumOptions& how = {});

}  // namespace tact
