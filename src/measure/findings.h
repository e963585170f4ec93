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
  bool uneven = false;   // more than 50 are asked for: see Uneven
  bool without = false;  // units are meant that did not reach it: of a share, they are the rarer
};

// The same units' difference with less noise (CUPED).
struct Adjusted {
  std::string covariate;
  std::int64_t units = 0;  // of both arms: those of Cut::adjusted, who may be fewer
  Estimate difference;     // always valid
  Estimate fixed;          // for one look
  double standard_error = 0.0;
  double unadjusted = 0.0;  // standard error of the same units
  double gain = 0.0;        // by how much it falls, a share; may be < 0
  std::string says;         // "CUPED on history gains nothing here: …"
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
  double behind = 0.0;  // independent observations behind `difference`: units, or clusters
  std::optional<double> clusters;  // effective ones of the smaller arm, where variances count them
  bool one_look = false;  // too few clusters to look every day: `difference` is for one look, too
};

// The gate waits because a few large amounts make most of it and the split is uneven: the interval
// would cover less than it says (docs/decisions/0011-uneven-money-waits.md).
struct Uneven {
  std::size_t arm = 0;       // that needs more
  std::int64_t reached = 0;  // non-zero amounts of all arms, ...
  double effective = 0.0;    // ... which count like so many equal ones, (Σx)² / Σx²
  struct Meanwhile {
    std::size_t arm = 0;
    Capped capped;
  };
  std::vector<Meanwhile> winsorised;  // by treatment arm, where that can be told already
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
  std::optional<Uneven> uneven;     // why the gate waits for more than 50, if it does
  Withheld withheld = Withheld::kNothing;
  std::string reason;
  std::optional<Time> counted_from, counted_to;  // starts of the first and last day compared
  std::vector<Shortfall> lacking;                // empty: the gate is open
  std::optional<Time> expected_at;  // when the gate should open; absent: open, or unknown
  bool waiting = false;  // Metric::of_some: some of them are too few, or too young, to be shown

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
  bool failed = false;           // also where those that are not shown are the reason
  // Of the units shown, 0 where these are too few: chi-squared at this look, and over all looks
  // (Dirichlet-multinomial).
  double log10_p = 0.0, sequential_log10_p = 0.0;
};

// Arms lose units unlike, which may bias their comparison: warned of at this level, over all looks
// and shared over the two ways to be lost.
inline constexpr double kAttritionAlpha = 0.01;

// Units that did something, who are a cell by themselves: 0, absent where 1 to 49 did, else rounded
// down to a multiple of 50, so that of two reports the difference is no small cell either; they may
// do it at any time, which no block of exposure days waits for. Exact where the rule of small cells
// is lifted.
using SmallCount = std::optional<std::int64_t>;

struct AttritionCheck {
  bool compared = false;  // the arms could be
  bool differs = false;   // log10_p below half of kAttritionAlpha
  // Over all looks (Dirichlet-multinomial); absent where it would tell a count that is, and where
  // these are rounded a whole number, rounded up.
  std::optional<double> log10_p;
  std::string says;  // may be empty: nothing to tell
};

struct AttritionFinding {
  struct Arm {
    std::int64_t units = 0;
    SmallCount followed;        // a page could report on their slot; absent, and all of them, also
                                // where 1 to 49 were not
    SmallCount seen, not_seen;  // of them, as reported; of the rest nothing was
    SmallCount lost;            // not seen, whether it was reported or not
    bool few_seen = false;      // why `lost` is absent: 1 to 49 were seen, all others lost
    SmallCount withdrew;        // consent, after the exposure
  };
  std::vector<Arm> arms;
  bool reported = false;  // some page told anything of a slot
  bool exact = false;     // counts are not rounded
  AttritionCheck loss, withdrawal;
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

// What a unit that had not bought before is worth within some time of its exposure: what it spent
// in the first days, by the randomised comparison, and what those who became customers are expected
// to spend in the others, by BG/NBD fitted to each arm. Per unit, in units of the currency, at one
// fixed time, alpha shared over the treatment arms. No verdict reads it.
struct LifetimeFinding {
  enum class State : std::uint8_t {
    kForecast,
    kNotEnough,      // to compare what was observed: no figures
    kClustered,      // no figures: they would take the units of a cluster as independent
    kTooFewRepeat,   // observed alone, as the next ones: too few customers who bought again
    kNotEstimable,   // the model finds no peak
    kBoughtEarlier,  // an arm bought earlier, and the other catches up
  };
  struct Arm {
    std::int64_t units = 0;
    Estimate observed;
    // With a forecast alone, as those of Against.
    std::int64_t customers = 0, bought_again = 0;
    double purchases = 0.0, per_purchase = 0.0;  // expected per unit, and money for each
    std::optional<Estimate> forecast, total;
  };
  struct Against {
    std::size_t arm = 0;
    Estimate observed;
    std::optional<Estimate> forecast, total;
  };
  State state = State::kNotEnough;
  int days = 0, horizon_days = 0;
  std::int64_t fewest_again = 0;  // who bought again, in the arm that has fewest; kTooFewRepeat
  std::vector<Arm> arms;          // empty without figures
  std::vector<Against> against;   // one for each treatment arm, or none
  std::optional<Time> counted_from, counted_to;  // starts of the first and last exposure day
  std::string says;
  std::string assumes;  // what the figures take for granted; empty without any
};

// Who is persuadable? From pre-treatment columns, one treatment arm; held-out predictions. For one
// look. Where `report.enough` is false there are no figures: `says` why.
struct UpliftFinding {
  std::size_t arm = 0;
  std::size_t metric = 0;
  bool reached = false;  // counted is who reached the metric at all, not its amount
  std::string learner;
  std::int64_t units = 0, of = 0;  // learnt from and judged by, of those compared; both arms
  double alpha = 0.05;             // of the intervals: shared over the arms asked about
  stats::UpliftReport report;
  std::string says;  // "better than random", "no better than random", in a sentence
};

// When will it be told? While a verdict is open, from the report's own history: the blocks shown,
// continued at their pace. Every figure is rounded to two digits. Of the slowest arm, with
// kPlanningPower; always valid, as what the verdict reads, where no "fixed" is said.
inline constexpr double kPlanningPower = 0.8;
struct Planning {
  bool enough = false;      // history; else `says` alone
  bool dated = true;        // false: a table without times, which has no pace
  double per_day = 0.0;     // units exposed, all arms
  double worthwhile = 0.0;  // per unit: kSmallestEffect of what happens
  std::optional<Time>
      ready;  // when the gate should be open, if it is not; absent, too: in no ten years
  std::optional<double> detectable, detectable_fixed;      // per unit, at `ready` or now
  std::optional<Time> worthwhile_at, worthwhile_at_fixed;  // absent: not within ten years
  std::optional<std::int64_t> worthwhile_units;            // of a table: so many in all arms
  std::string says;
};

// The universal holdout alone: the moments' incremental outcomes of its primary goal, added up,
// beside its own. Visitors meet several moments, so the effects are correlated, and nobody knows
// how: every interval here holds together with all the others (alpha shared over all moments of
// the playbook and the whole), so ends may be added without knowing it.
struct AdditivityFinding {
  enum class Reading : std::uint8_t {
    kNotAdded,    // fewer than two moments can be counted, or not the whole: no figures
    kIncomplete,  // moments that were shown are not counted: a gap says nothing
    kNotClear,    // the gap is within its bound
    kSumLarger,   // gap.low > 0: together they bring less than one by one
    kSumSmaller,  // gap.high < 0: together they bring more
  };
  struct Moment {
    std::string name;
    std::int64_t shown = 0;  // visitors
    Estimate incremental;    // outcomes of all of them, as MetricFinding's
    Time from{}, to{};       // exposure days counted
  };
  struct NotCounted {
    std::string name, why;
  };
  Reading reading = Reading::kNotAdded;
  std::vector<Moment> moments;  // counted, in the playbook's order; empty for kNotAdded
  std::vector<NotCounted> not_counted;
  Moment whole;  // the universal holdout; `name` is empty
  Estimate sum;  // of the moments
  // sum - whole. Days that one counts and the other does not widen it by `days_apart` each way.
  Estimate gap;
  double days_apart = 0.0;  // outcomes
  std::string says;
};

// The universal holdout alone: outcomes of its primary goal by the tier of the moments. Those
// credited to their messages by last touch, and those that came because of them: the sum of the
// moments' AdditivityFinding::Moment::incremental, whose intervals all hold at once.
struct TierFinding {
  struct Group {
    std::string tier;                  // "broad", "category", "conversion"; empty: without one
    std::vector<std::string> moments;  // counted, in the playbook's order
    std::vector<AdditivityFinding::NotCounted> not_counted;  // met by somebody
    double credited = 0.0;                                   // to the moments counted
    std::optional<Estimate> created, captured;  // captured = credited - created; absent: none is
                                                // counted
  };
  std::vector<Group> groups;  // from the broadest, without a tier last; where anybody met a moment
  std::string says;
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
  std::string expected_says;         // when the gate is expected; empty behind it
  std::string note;                  // why it cannot be judged, or what is lacking; may be empty
  Hypothesis hypothesis;
  std::optional<Time> first_exposure, last_exposure;  // days of the units shown: their starts

  std::vector<MetricFinding> metrics;  // as Plan::metrics
  double smallest_effect = 0.0;        // per unit: kSmallestEffect × control's mean
  RatioCheck ratio;
  std::vector<std::int64_t> exposed;   // per arm, units shown
  std::vector<SmallCount> crossovers;  // per arm
  std::optional<AttritionFinding> attrition;
  std::vector<Sequence> sequences;
  std::vector<SegmentFinding> segments;
  std::vector<NoveltyFinding> novelty;
  std::vector<CurveFinding> curves;
  CreditFinding credit;
  std::vector<ReturnFinding> returns;
  std::optional<LifetimeFinding> lifetime;
  std::string return_assumes;         // margin and costs, or why there is no return; may be empty
  std::vector<UpliftFinding> uplift;  // by treatment arm; empty unless asked for
  std::optional<Planning> planning;   // only of verdicts that are open
  std::optional<AdditivityFinding> additivity;  // the universal holdout with moments beside it
  std::optional<TierFinding> tiers;             // likewise, where a moment that was met has one

  bool waiting = false;              // exposures that are too few, or too young, to be shown
  bool small_cells_shown = false;    // simulated data, by request
  std::int64_t simulated_units = 0;  // > 0 if any counted unit is simulated
  bool mixed = false;                // some are, and others are people
  std::int64_t left_out_simulated = 0;
  std::vector<std::string> method;  // how each figure was made, a sentence each
  std::string data_hash;

  bool simulated() const { return simulated_units > 0; }
  bool anybody() const { return units() > 0 || waiting; }
  // There is somebody, and every figure below is 0 because so few are not shown.
  bool all_hidden() const { return units() == 0 && waiting; }
  std::int64_t units() const;  // exposed, all arms
  const MetricFinding* primary() const { return metrics.empty() ? nullptr : &metrics.front(); }
  const Metric& metric(const MetricFinding& finding) const { return plan.metrics[finding.metric]; }
};

}  // namespace tact
