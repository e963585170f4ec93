// What an analysis found, in numbers and in words: the one model that the terminal, the JSON and
// the HTML report are written from. A renderer computes nothing and has nothing to leak: what the
// gate or the rule of small cells withholds is not in here.
//
// Arms are in the plan's order, control first; a comparison's `arm` is an index into them. Amounts
// are in the metric's own unit (money in units of the currency, not in cents), per unit (visitor).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "measure/plan.h"
#include "stats/fieller.h"
#include "stats/non_inferiority.h"
#include "stats/novelty.h"
#include "stats/uplift.h"

namespace tact {

// Smaller effects, as a share of what happens anyway (control's mean), are not worth acting on. An
// interval wholly within ± this is "no effect worth caring about".
inline constexpr double kSmallestEffect = 0.10;
// A sample ratio this unlikely blocks the verdict.
inline constexpr double kSampleRatioAlpha = 0.001;

enum class Verdict : std::uint8_t {
  kHelps,
  kAtACost,  // helps, and a guardrail is worse by more than its margin
  kHurts,
  kNoEffect,        // none worth caring about: the interval is within ± kSmallestEffect
  kNotClear,        // the gate is open, the interval holds both
  kNotEnoughData,   // the gate is closed
  kCannotBeJudged,  // the arms are not what they should be, or there is nothing to compare with
};
// "helps", "at a cost", "hurts", "no effect", "not clear", "not enough data", "cannot be judged".
std::string_view to_string(Verdict verdict);

struct Estimate {
  double estimate = 0.0, low = 0.0, high = 0.0;
};

// Whole outcomes.
struct Credited {
  double last = 0.0, linear = 0.0, position = 0.0;
};

// One arm and one metric. "Closed": the metric's window after the unit's exposure is over.
struct ArmCounts {
  std::int64_t exposed = 0;   // all units, closed or not
  std::int64_t units = 0;     // closed and observed: what enters the comparison
  std::int64_t reached = 0;   // of them, with a non-zero value
  double total = 0.0;         // of their values
  double second_total = 0.0;  // denominators or costs
  Credited credited;          // of `total`
  std::int64_t provisional_reached = 0;
  double provisional_total = 0.0;  // of units not closed

  std::int64_t provisional() const { return exposed - units; }
  // Per unit; for a ratio total / second_total. 0 without units.
  double mean(MetricKind kind = MetricKind::kMean) const;
};

struct Shortfall {
  std::size_t arm = 0;
  std::int64_t have = 0, missing = 0;
};

// The same units' difference with less noise (CUPED).
struct Adjusted {
  std::string covariate;
  Estimate difference;  // always valid
  Estimate fixed;       // for one look
  double standard_error = 0.0;
  double gain = 0.0;  // by how much the standard error falls, a share; may be < 0
  std::string says;   // "CUPED on history gains nothing here: …"
};

// With the largest 1 % of amounts counted as the 99 % quantile of both arms.
struct Capped {
  double cap = 0.0;
  std::int64_t units = 0;  // changed, all arms
  Estimate difference;     // always valid
  Estimate fixed;
  double log10_p = 0.0;
};

// A guardrail: is the treatment worse by more than the margin? Valid at every look.
struct GuardrailFinding {
  stats::GuardrailVerdict verdict = stats::GuardrailVerdict::kCannotTell;
  double margin = 0.0;  // a share of control's mean
  double log10_p_not_worse = 0.0, log10_p_worse = 0.0;
};

// One treatment arm against control, one metric, behind the gate.
struct Comparison {
  std::size_t arm = 0;
  Estimate difference;  // always valid: what the verdict reads
  Estimate fixed;       // Welch, for one look at a fixed time
  double standard_error = 0.0;
  double log10_p = 0.0;           // always valid
  double adjusted_log10_p = 0.0;  // by Holm over the arms; as log10_p for one treatment arm
  double fixed_log10_p = 0.0;
  double alpha = 0.05;        // of the intervals: of its step of Holm's with several arms
  stats::LiftSet lift;        // relative, always valid (by inversion)
  stats::LiftSet fixed_lift;  // Fieller
  Estimate incremental;       // difference × units of the arm
  std::optional<Adjusted> adjusted;
  std::optional<Capped> capped;
  std::optional<GuardrailFinding> guard;
  std::optional<double> clusters;  // effective ones of the smaller arm, where variances count them
  bool one_look = false;  // too few clusters to look every day: `difference` is for one look, too
};

// Money of an arm that counts like fewer than kEvenEnough equal amounts, (Σx)² / Σx²: its intervals
// cover less than they say (docs/decisions/0010-uneven-money-is-said-not-gated.md).
inline constexpr double kEvenEnough = 100.0;
struct Uneven {
  std::size_t arm = 0;  // the most uneven one
  double effective = 0.0;
  std::string says;
};

// Why a metric has no comparisons.
enum class Withheld : std::uint8_t {
  kNothing,        // it has
  kNotEnough,      // the gate is closed: `lacking`
  kNothingVaries,  // all units of all arms did the same
  kSampleRatio,    // failed
  kNotEstimable,   // `reason`
};

struct MetricFinding {
  std::size_t metric = 0;  // index into Plan::metrics
  std::vector<ArmCounts> arms;
  std::vector<Comparison> against;  // one for each treatment arm, or none
  std::optional<Uneven> uneven;     // beside them, where it applies
  Withheld withheld = Withheld::kNothing;
  std::string reason;
  std::vector<Shortfall> lacking;   // empty: the gate is open
  std::optional<Time> expected_at;  // when the gate should open; absent: open, or unknown

  const Comparison* of(std::size_t arm) const;
};

struct SequencePoint {
  Time at{};  // the end of the last exposure day counted, plus the window
  std::int64_t units = 0;
  Estimate difference;  // always valid
  double log10_p = 0.0;
};

// The primary metric as it was known over time, one treatment arm; only looks behind the gate.
struct Sequence {
  std::size_t arm = 0;
  std::vector<SequencePoint> points;
};

struct SegmentCell {
  std::string name;
  bool withheld = false;        // too few, or it would tell of another that is too few
  std::vector<ArmCounts> arms;  // empty if withheld
  bool ratio_failed = false;
  // Per treatment arm (index arm - 1): always valid, simultaneous over the dimension's cells.
  // Absent behind the cell's own gate. Excludes 0 exactly when its adjusted p < alpha.
  std::vector<std::optional<Estimate>> difference;
};

struct SegmentFinding {
  std::size_t dimension = 0;  // index into Plan::dimensions
  std::vector<SegmentCell> cells;
  std::int64_t not_shown = 0;  // units of the total that no cell shown holds; 0 or >= 50
  struct Interaction {         // per treatment arm: is the effect the same in every cell?
    std::size_t arm = 0;
    int df = 0;
    std::optional<double> z;  // two cells, at one fixed time
    double fixed_log10_p = 0.0;
    double log10_p = 0.0;  // always valid
    bool differs = false;  // log10_p < alpha (shared over dimensions)
  };
  std::vector<Interaction> interactions;
  std::string says;
};

struct RatioCheck {
  std::vector<double> planned;   // shares, sum 1
  std::vector<double> observed;  // of the units shown
  bool checked = false;          // enough units to tell
  bool failed = false;
  double log10_p = 0.0;             // chi-squared, at this look
  double sequential_log10_p = 0.0;  // over all looks (Dirichlet-multinomial)
};

struct NoveltyFinding {
  std::size_t arm = 0;
  double early = 0.0, late = 0.0;  // effects at the first and the last period
  Estimate change;                 // late - early
  stats::NoveltyVerdict verdict = stats::NoveltyVerdict::kNotClear;
  std::string says;
};

struct CurvePoint {
  int day = 0;
  Estimate survival;  // share without the event up to the end of this day
  std::int64_t at_risk = 0;
};

struct CurveFinding {
  std::size_t curve = 0;  // index into Plan::curves
  std::vector<std::vector<CurvePoint>> arms;
  struct Difference {
    std::size_t arm = 0;
    int day = 0;
    Estimate share;  // of those with the event by `day`: treatment - control
    double log10_p = 0.0;
  };
  std::vector<Difference> differences;
  std::string says;
};

// Attributed beside incremental, primary metric, all treatment arms together. `created`: what the
// treatment brought; `captured`: credited by last touch, and would have come anyway.
struct CreditFinding {
  Credited credited;
  std::optional<Estimate> created;   // with one treatment arm; with several see `arms`
  std::optional<Estimate> captured;  // credited.last - created
  struct Arm {                       // each against control, behind the gate
    std::size_t arm = 0;
    double credited = 0.0;  // by last touch
    Estimate created, captured;
  };
  std::vector<Arm> arms;
  struct Stratum {
    std::string name;
    double credited = 0.0;
    std::optional<Estimate> created;
  };
  std::vector<Stratum> strata;  // of the dimension that tells the propensity, ...
  std::string strata_by;        // ... and its name; empty without strata
  std::string says;
};

struct ReturnFinding {
  std::size_t arm = 0;
  Estimate value, cost, profit;  // per unit, treatment - control, at one fixed time
  Estimate total;                // profit of all treated units, less the arm's part of fixed costs
  stats::LiftSet roi;
  std::string says;
  Estimate kept;  // of the value, before costs: margin
};

// Who is persuadable? From pre-treatment columns, one treatment arm; held-out predictions.
struct UpliftFinding {
  std::size_t arm = 0;
  std::size_t metric = 0;
  std::string learner;
  stats::UpliftReport report;
  std::string says;  // "better than random", "no better than random", in a sentence
};

struct Hypothesis {
  bool stated = false;
  bool more = true;
  std::string because;
  std::string metric;
  std::optional<bool> held;  // unknown until there is a verdict
};

struct ArmVerdict {
  std::size_t arm = 0;
  Verdict verdict = Verdict::kNotEnoughData;
  std::string says;
};

struct Findings {
  Plan plan;            // plan.name: the moment; empty for the universal holdout
  std::string need;     // of the moment; may be empty
  std::string subject;  // "It", "Everything together", or the experiment's name
  std::string whom;     // "visitors who want to be sure about the size"
  Verdict verdict = Verdict::kNotEnoughData;
  std::vector<ArmVerdict> verdicts;  // one for each treatment arm
  std::string says;                  // the verdict, one sentence (one an arm with several)
  std::string hypothesis_says;       // one sentence; empty if none was stated
  std::string credited_says;         // attributed beside incremental, one or two sentences
  std::string guardrails_says;       // not at the cost of; empty without a guardrail
  std::string note;                  // why it cannot be judged, or what is lacking; may be empty
  Hypothesis hypothesis;
  std::optional<Time> first_exposure, last_exposure;  // days of the units shown: their starts

  std::vector<MetricFinding> metrics;  // as Plan::metrics
  double smallest_effect = 0.0;        // per unit: kSmallestEffect × control's mean
  RatioCheck ratio;
  std::vector<std::int64_t> exposed;     // per arm, units shown
  std::vector<std::int64_t> crossovers;  // per arm
  std::vector<Sequence> sequences;
  std::vector<SegmentFinding> segments;
  std::vector<NoveltyFinding> novelty;
  std::vector<CurveFinding> curves;
  CreditFinding credit;
  std::vector<ReturnFinding> returns;
  std::string return_assumes;  // margin and costs, or why there is no return; may be empty
  std::optional<UpliftFinding> uplift;

  bool waiting = false;              // exposures that are too few, or too young, to be shown
  bool small_cells_shown = false;    // simulated data, by request
  std::int64_t simulated_units = 0;  // > 0 if any counted unit is simulated
  std::int64_t left_out_simulated = 0;
  std::vector<std::string> method;  // how each figure was made, a sentence each
  std::string data_hash;

  bool simulated() const { return simulated_units > 0; }
  bool anybody() const { return units() > 0 || waiting; }
  std::int64_t units() const;  // exposed, all arms
  const MetricFinding* primary() const { return metrics.empty() ? nullptr : &metrics.front(); }
  const Metric& metric(const MetricFinding& finding) const { return plan.metrics[finding.metric]; }
};

}  // namespace tact
