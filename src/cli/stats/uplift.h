// tact stats uplift: what it is given, and what its two forms share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/stats/table.h"
#include "stats/uplift.h"

namespace tact::cli {

struct UpliftGiven {
  std::string control;
  std::string treatment;
  stats::UpliftOptions report;
  // Where the score is to be learned from features:
  std::optional<std::string> learner;
  std::vector<std::string> features;
  std::optional<double> propensity;
  std::optional<int> folds;
};

struct UpliftAnswer {
  std::size_t n = 0;
  stats::UpliftReport report;
};

struct UpliftArms {
  std::string control;
  std::string treatment;
};

// From the flags and the column `arm`, by its usual names where it can be only one.
Result<UpliftArms> uplift_arms(const Table& table, std::size_t arm, const UpliftGiven& given);

// The form with --learner: effects predicted across folds, and whether their order is worth
// anything (predict/uplift.h). Flags alone first, so that a wrong one is found before anything is
// read.
Status check_learner(const UpliftGiven& given);
Result<UpliftAnswer> learn_uplift(const Table& table, const UpliftGiven& given);

}  // namespace tact::cli
