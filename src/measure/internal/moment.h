// A moment, the universal holdout or an A/B experiment of the playbook as a plan, and its `facts`
// rows as units.
#pragma once

#include <array>
#include <stop_token>
#include <string>
#include <vector>

#include "measure/analyse.h"
#include "measure/internal/open_cells.h"
#include "measure/report.h"
#include "measure/unit_facts.h"
#include "profile/core.h"

namespace tact::internal {

// Arms: held back, shown; of an A/B experiment its own, and `hold_back` is not read. Metrics: the
// goals, the primary one first, then the money of those that have some.
// The cells of the open dimensions are those `opened`.
using Opened = std::array<OpenCells, 4>;  // region, page type, intent, stage
Plan plan_of(const Experiment& experiment, Probability hold_back, const ReportOptions& options,
             const Opened& opened = {});

// A scan of its own, in two threads. kCorrupt: a row that cannot be read; kUnavailable once
// asked to stop.
Result<Opened> open_dimensions(const Store& store, const Experiment& experiment,
                               const ReportOptions& options);

// One row as a unit of that plan; `facts` has its size. False: an arm the experiment has not.
bool fill(const ExposureView& row, const Experiment& experiment, const Plan& plan, Time now,
          UnitFacts& facts, const Opened& opened = {});

inline constexpr std::size_t kFactParts = 64;

// The rows of one experiment, in parts by the visitor's first bits.
class FactSource final : public UnitSource {
 public:
  FactSource(const Store& store, const Experiment& experiment, const Plan& plan, Time now,
             bool simulated, Opened opened = {}, std::stop_token stop = {});
  std::size_t parts() const override { return kFactParts; }
  // kCorrupt: a row that cannot be read; kUnavailable once asked to stop.
  Status scan(std::size_t part, const Visit& visit) const override;
  // Of the rows scanned (not those of simulated visitors if they are left out), in the order of
  // visitors. Every part has to have been scanned.
  std::string data_hash() const;

 private:
  const Store& store_;
  const Experiment& experiment_;
  const Plan& plan_;
  Time now_;
  bool simulated_;
  Opened opened_;
  std::stop_token stop_;
  mutable std::vector<std::string>
      hashes_;  // of each part; a part is scanned by one thread at once
};

Result<Findings> analyse_moment(const Store& store, const Experiment& experiment,
                                Probability hold_back, const ReportOptions& options);

}  // namespace tact::internal
