// One scan over an experiment's rows, summed per arm and goal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "measure/report.h"
#include "stats/moments.h"

namespace tact::internal {

struct ArmSums {
  ArmCounts counts;
  stats::SampleMoments outcomes, value;  // closed visitors
};

struct GoalSums {
  ArmSums shown, held_back;
};

struct FactSums {
  std::vector<GoalSums> goals;  // as Experiment::goals
  std::int64_t shown = 0, held_back = 0;
  std::int64_t crossovers_shown = 0, crossovers_held_back = 0;
  std::int64_t simulated = 0, left_out_simulated = 0;
  std::optional<Time> first, last;
  std::string data_hash;
};

Result<FactSums> sum_facts(const Store& store, const Experiment& experiment,
                           const ReportOptions& options);

}  // namespace tact::internal
