// One scan of a moment's rows for its sums, the values of its open dimensions and their sums.
#pragma once

#include <array>
#include <optional>

#include "measure/internal/moment.h"
#include "measure/internal/open_sums.h"
#include "measure/sums.h"

namespace tact::internal {

// The plan without its open dimensions, which are the last ones.
Plan without_open(const Plan& plan);

struct OpenScan {
  Sums sums;                       // of the plan without them
  std::array<OpenSums, 2> halves;  // of each thread
  Opened name(Naming how) const;
  // What the plan with the dimensions `opened` sums.
  Sums finish(const Plan& plan, const Opened& opened) &&;
};

// `source` and `closed`, which must outlive what is returned: without open dimensions. None: there
// are more values and days than OpenSums takes, and the values have to be found by a scan of their
// own. Errors of the source and of Sums::add().
Result<std::optional<OpenScan>> scan_open(const UnitSource& source, const Plan& closed,
                                          const SumOptions& options,
                                          std::size_t most_bytes = OpenSums::kMostBytes);

}  // namespace tact::internal
