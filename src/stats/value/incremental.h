// What a treatment earned: incremental margin less what it cost, and the return on that cost, with
// intervals. Return on attributed revenue is not that.
// Source: Fieller (1954), for a ratio whose two parts go together; at every look sequential.h, for
// the return by inversion on profit - ratio * cost.
#pragma once

#include <optional>

#include "stats/fieller.h"
#include "stats/ratio.h"
#include "stats/value/history.h"
#include "stats/welch.h"

namespace tact::stats {

// One arm: value (revenue) and variable cost (discounts given, postage) of the same visitors, in
// one unit of money. Costs may be 0 throughout. product_sum is of value * cost.
struct ValueAndCost {
  SampleMoments value;
  SecondSums cost;

  void add(double value_of_one, double cost_of_one);  // one visitor. O(1)
  ValueAndCost& operator+=(const ValueAndCost& other);
};

struct ReturnOptions {
  double margin = 1.0;      // of the value that is kept before these costs, in (0, 1]
  double fixed_cost = 0.0;  // >= 0, once, of the treatment: known, without error
  double alpha = 0.05;
  // Looking every day: N* of sequential.h, and each interval holds at every look. Absent: Welch,
  // for one look at a fixed time.
  std::optional<double> tuning_visitors;
};

// Each figure is treatment - control, at level 1 - alpha.
struct IncrementalReturn {
  Difference value;   // per visitor
  Estimate cost;      // per visitor, without the fixed one; no width where nobody's costs vary
  Difference profit;  // per visitor: margin * value - cost, without the fixed cost
  Estimate total;     // profit of all treated visitors, less the fixed cost
  // total / (cost of all treated visitors and the fixed one): 0.5 is 50 cents earned for each unit
  // spent. The set excludes 0 (at both sides) exactly when `total`'s interval does, up to the last
  // bit. Unbounded where the cost cannot be told from 0; `estimate` is absent where it is not
  // above 0: what saves money has no return on what was spent.
  LiftSet roi;
};

// `cost.interval` uses the same critical value as `profit`. Fixed costs are the treatment's: with
// the arms swapped, `value`, `cost` and `profit` flip their signs bit for bit.
// kInvalid: as centered_sums, welch_difference and sequential_difference, or options out of range.
// O(1).
Result<IncrementalReturn> incremental_return(const ValueAndCost& treatment,
                                             const ValueAndCost& control,
                                             const ReturnOptions& options = {});

}  // namespace tact::stats
