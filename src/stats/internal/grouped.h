// Customers alike counted once, in units of the mean time observed: what the likelihoods run over.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "stats/value/history.h"

namespace tact::stats::internal {

struct Group {
  double repeats = 0.0;
  double last = 0.0;      // in units of Grouped::scale
  double observed = 0.0;  // the same
  double customers = 0.0;
};

struct Grouped {
  std::vector<Group> groups;  // by repeats, last, observed
  double scale = 1.0;         // units of the caller in one of ours
  double repeats = 0.0;       // of all customers
  std::int64_t bought_again = 0;
};

// kInvalid as check_histories, or nobody bought twice. O(n log n).
Result<Grouped> group(std::span<const PurchaseHistory> customers);

}  // namespace tact::stats::internal
