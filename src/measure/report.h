// Does it help? From the `facts` rows of an experiment to a verdict in words, with the numbers and
// the intervals behind it. One scan per experiment, no history, no clock: the same rows and options
// give the same report, byte for byte.
//
// The gate holds by construction: an Effect exists only behind it, so a renderer has nothing to
// leak. Words, method and JSON: README.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fixed.h"
#include "base/result.h"
#include "base/time.h"
#include "playbook/playbook.h"
#include "profile/experiments.h"
#include "stats/fieller.h"
#include "store/store.h"

namespace tact {

// Smaller effects, as a share of what happens anyway (the held-back arm's rate), are not worth
// acting on. An interval wholly within ± this is "no effect worth caring about".
inline constexpr double kSmallestEffect = 0.10;
// A sample ratio this unlikely blocks the verdict; the check needs 5 expected visitors per arm.
inline constexpr double kSampleRatioAlpha = 0.001;

struct ReportOptions {
  Time now{};           // who was exposed a goal's window ago or earlier enters its comparison
  double alpha = 0.05;  // in (0, 0.5)
  bool include_simulated = true;  // false: as if their rows were not there
};

enum class Verdict : std::uint8_t {
  kHelps,
  kHurts,
  kNoEffect,        // none worth caring about: the interval is within ± kSmallestEffect
  kNotClear,        // the gate is open, the interval holds both
  kNotEnoughData,   // the gate is closed
  kCannotBeJudged,  // the arms are not what they should be, or there is nothing to compare with
};
// "helps", "hurts", "no effect", "not clear", "not enough data", "cannot be judged".
std::string_view to_string(Verdict verdict);

struct Estimate {
  double estimate = 0.0, low = 0.0, high = 0.0;
};

// One arm and one goal. "Closed": the goal's window after the visitor's exposure is over. Only
// closed visitors enter a comparison; the younger ones are provisional.
struct ArmCounts {
  std::int64_t exposed = 0;               // all visitors
  std::int64_t visitors = 0;              // closed
  std::int64_t reached = 0;               // closed, with one outcome or more
  std::int64_t outcomes = 0;              // of closed visitors
  std::int64_t value_minor = 0;           // of closed visitors, in minor units of the currency
  std::int64_t attributed = 0;            // of `outcomes`: last touch
  std::int64_t provisional_reached = 0;   // not closed, with one outcome or more so far
  std::int64_t provisional_outcomes = 0;  // of visitors not closed

  std::int64_t provisional() const { return exposed - visitors; }
  double rate() const;  // outcomes per closed visitor; 0 without visitors
};

// Shown against held back, closed visitors only. `difference` is per visitor.
struct Effect {
  Estimate difference;         // with the always-valid interval: what the verdict reads
  Estimate fixed;              // with Welch's interval: for one look at a fixed time
  double log10_p = 0.0;        // always-valid, of no difference
  double fixed_log10_p = 0.0;  // Welch
  stats::LiftSet lift;         // relative, always-valid (by inversion)
  stats::LiftSet fixed_lift;   // relative, Fieller
  Estimate incremental;        // difference × shown visitors
};

struct Shortfall {
  bool shown = false;  // which arm
  std::int64_t have = 0, missing = 0;
};

struct GoalReport {
  std::string goal, says;  // "orders", "placed an order"
  Duration within{};
  ArmCounts shown, held_back;
  // Absent until both arms have 50 closed visitors who reached the goal, while the sample ratio
  // fails, and where nothing varies.
  std::optional<Effect> effect;
  std::optional<Effect> value;  // minor units per visitor; its own gate: 50 with a non-zero value
  std::vector<Shortfall> lacking;   // empty: the gate is open
  std::optional<Time> expected_at;  // when the gate should open; absent: open, or unknown
};

struct SampleRatio {
  double planned = 0.0;   // share held back
  double observed = 0.0;  // of all exposed visitors
  bool checked = false;   // enough visitors to tell
  bool failed = false;    // p < kSampleRatioAlpha
  double log10_p = 0.0;
};

struct Hypothesis {
  bool stated = false;
  bool more = true;          // more, or fewer
  std::string goal;          // "orders"
  std::optional<bool> held;  // unknown until there is a verdict
};

// `not_at_the_cost_of`: counted and shown, not acted on yet: it does not change the verdict.
struct CostWatch {
  bool more = true;
  std::size_t goal = 0;  // index into MomentReport::goals
};

struct MomentReport {
  std::string moment;  // empty: the universal holdout
  std::string need, because;
  Verdict verdict = Verdict::kNotEnoughData;
  std::string says;             // the verdict, one sentence
  std::string hypothesis_says;  // one sentence; empty if none was stated
  std::string credited_says;    // attributed beside incremental, one or two sentences
  std::string note;             // why it cannot be judged, or what is lacking; may be empty
  Hypothesis hypothesis;
  std::optional<Time> first_exposure, last_exposure;
  std::vector<GoalReport> goals;  // the primary one first
  std::optional<CostWatch> cost;
  double smallest_effect = 0.0;  // per visitor: kSmallestEffect × the held-back rate
  SampleRatio ratio;
  std::int64_t crossovers_shown = 0, crossovers_held_back = 0;  // kept in the arm they began in
  std::int64_t simulated_visitors = 0;                          // of those counted
  std::int64_t left_out_simulated = 0;  // rows that include_simulated = false left out
  std::string data_hash;                // of the rows counted, in the order of visitors

  bool simulated() const { return simulated_visitors > 0; }
  std::int64_t visitors() const;  // exposed, both arms
  const GoalReport* primary() const { return goals.empty() ? nullptr : &goals.front(); }
};

// Answers to people who allowed nothing, made from the page request alone: one per slot asked for.
// Nobody is held back there, so they say nothing about an effect.
struct WithoutConsent {
  struct Shown {
    std::string moment;
    std::int64_t answers = 0;
  };
  std::int64_t answers = 0;
  std::vector<Shown> shown;  // by moment; the rest of the answers was the default
};

// Events that no person made, or the site's own people did: in no profile and no outcome.
struct LeftOut {
  std::int64_t bots = 0, staff = 0;
  std::int64_t pace = 0;  // of programs told by their pace
  bool operator==(const LeftOut&) const = default;
};

struct Reports {
  std::string site, time_zone = "UTC", currency = "EUR";
  int minor_digits = 2;
  Time as_of{};
  double alpha = 0.05;
  std::vector<MomentReport> moments;  // met by at least one visitor, in the playbook's order
  std::vector<std::string> unmet;     // the other live moments
  std::optional<MomentReport> universal;
  WithoutConsent without_consent;  // report_all only
  LeftOut left_out;                // report_all only
  bool simulated = false;
  std::string data_hash;  // of the reports' hashes
};

// `hold_back`: the share planned, for the sample ratio. kInvalid: alpha; kCorrupt: a row that
// cannot be read; errors of the scan. O(rows of the experiment), memory O(goals).
Result<MomentReport> report_moment(const Store& store, const Experiment& experiment,
                                   Probability hold_back, const ReportOptions& options);
// The same for the universal holdout. kNotFound if the book does not know the playbook.
Result<MomentReport> report_universal(const Store& store, const ExperimentBook& book,
                                      const Playbook& current, const ReportOptions& options);
// All moments of `current` (services and ideas have no experiment), and the universal holdout.
Result<Reports> report_all(const Store& store, const ExperimentBook& book, const Playbook& current,
                           const ReportOptions& options);
// The same frame around one moment; around the universal holdout for an empty name. kNotFound.
Result<Reports> report_one(const Store& store, const ExperimentBook& book, const Playbook& current,
                           std::string_view moment, const ReportOptions& options);

}  // namespace tact
