// What an experiment compares, whatever its rows come from: the facts of a moment, of the universal
// holdout, of an A/B/n experiment of the playbook, or a table from outside. Everything here is
// fixed before the first look; a changed plan is another experiment.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace tact {

enum class MetricKind : std::uint8_t {
  kMean,        // any amount per unit
  kProportion,  // 0 or 1 per unit
  kRatio,       // sum of the value over sum of a second quantity, e.g. revenue per session
};

enum class MetricRole : std::uint8_t {
  kPrimary,    // the verdict reads it; exactly one, and the first
  kSecondary,  // measured and shown
  kGuardrail,  // must not get worse by more than `margin`
};

// A kRatio over the answers to a question, of who answered.
enum class Asked : std::uint8_t {
  kNothing,
  kScore,  // a mean score
  kShare,  // the share that says yes
};

// What a unit's `second` quantity is.
enum class SecondIs : std::uint8_t {
  kNothing,
  kDenominator,  // kRatio only
  kCost,         // variable cost of the value (discounts, postage), for the return
};

struct Metric {
  std::string name;  // "orders"
  std::string says;  // "placed an order"; may be empty
  MetricKind kind = MetricKind::kMean;
  MetricRole role = MetricRole::kSecondary;
  bool more = true;        // more is wanted; false: fewer
  double margin = 0.10;    // kGuardrail: tolerated loss, a share of control's mean, in (0, 1)
  bool money = false;      // in the plan's currency: winsorised beside raw
  bool covariate = false;  // units carry a value from before exposure (CUPED)
  std::string covariate_name;
  SecondIs second = SecondIs::kNothing;
  Asked asked = Asked::kNothing;
  // Counts only some units, told apart by what was known at the exposure: these are a group whose
  // figures the rule of small cells holds for (cut.h). Finishes "visitors who …"; empty: no such.
  std::string of_whom;
  Duration within{};  // a unit is closed, and counts, so long after its exposure
  // A unit's integers are these times 10^-digits (second, covariate alike), so that sums are exact.
  int digits = 0, second_digits = 0, covariate_digits = 0;
  // In the report this is the money of another metric (index), shown beside it: orders' revenue.
  std::optional<std::size_t> value_of;
  // A guardrail of every report, whatever its author names, and its number among them. These share
  // one level: a report that watches several does not err more often.
  std::optional<std::size_t> standing;

  // Counts only some units: who answered, or of_whom.
  bool of_some() const { return asked != Asked::kNothing || !of_whom.empty(); }
};

struct ArmPlan {
  std::string name;     // "held back", "shown", "Womens E-Mail"
  double weight = 0.0;  // planned share on any scale, >= 0; the sample ratio is checked against it
};

// A property of the unit frozen at exposure: "device" with "phone", "desktop". A unit in none of
// the cells counts in no segment.
struct Dimension {
  std::string name;
  std::vector<std::string> cells;
  // Cells are strata of how likely the outcome was anyway, lowest first: captured against created.
  bool propensity = false;
  // Where cells are found in the data and more may come: how many there can ever be, which
  // intervals and levels are adjusted for at every look. 0: those above are all.
  std::size_t most_cells = 0;
  // Cells are what a model learnt from these very data says. It is there in some reports and not in
  // others: no other dimension's cells depend on it (cut.h).
  bool learned = false;

  std::size_t possible_cells() const { return most_cells > 0 ? most_cells : cells.size(); }
};

// A thing that happens once or not, some days after the exposure: came back, bought again.
struct Curve {
  std::string name;  // "bought again"
  bool event_is_good = true;
  int horizon_days = 90;  // the arms are compared at
};

struct Economics {
  std::optional<std::size_t> value;  // index of the money metric; none: no return is computed
  double margin = 1.0;               // kept of the value before the costs below, in (0, 1]
  double fixed_cost = 0.0;           // once, of all treatment arms together, in units of money
  double cost_per_unit = 0.0;        // of every treated unit (a stamp), in units of money
  // A money metric that holds, unit by unit, what was kept, and the variable cost beside it. Then
  // the return reads it; `value` stands beside, and `margin` is only what was assumed in it.
  std::optional<std::size_t> kept;
  std::string assumed;  // where margin and costs come from, or why there is no return; or empty
};

// What a unit is worth within `days + horizon_days` of its exposure: spent in the first `days`,
// forecast for the others. Of the units in one cell: those who had not bought before.
struct Lifetime {
  std::size_t dimension = 0, cell = 0;  // in Plan::dimensions
  int days = 180, horizon_days = 185;   // > 0
};

struct PlannedHypothesis {
  bool stated = false;
  std::string because;
};

struct Plan {
  std::string name;              // of the experiment; may be empty
  std::string unit = "visitor";  // singular; "visitors", "stores" by adding an s
  bool clustered = false;        // where units carry a cluster key, variances count clusters
  std::string cluster_name;      // "account", "store"
  // Units tell whether their slot was seen, and who withdrew consent (UnitFacts::Fate).
  bool attrition = false;
  std::vector<ArmPlan> arms;    // control first; two or more
  std::vector<Metric> metrics;  // the primary one first
  std::vector<Dimension> dimensions;
  std::vector<Curve> curves;
  // Numbers of a unit from before exposure, beside its cells and covariates, for the model of what
  // would have come anyway (likelihood.h). Empty: units carry none.
  std::vector<std::string> features;
  Economics economics;
  std::optional<Lifetime> lifetime;  // units carry their orders' days (HistoryFacts)
  PlannedHypothesis hypothesis;
  std::string currency = "EUR";
  int minor_digits = 2;

  std::string units() const { return unit + "s"; }
};

inline constexpr std::size_t kMostArms = 50, kMostMetrics = 50, kMostDimensions = 30;
inline constexpr std::size_t kMostCells = 200;  // of one dimension

// kInvalid, with `where` naming the member: fewer than two arms, a name twice or empty, no or not
// exactly one primary metric at the front, weights that are negative, not finite or all 0, digits
// outside 0..6, margins or economics out of range, more than the limits above.
Status check_plan(const Plan& plan);

}  // namespace tact
