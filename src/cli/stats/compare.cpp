// tact stats compare: two arms from their sums.
#include "stats/compare.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "cli/stats/calculators.h"
#include "cli/stats/contract.h"
#include "stats/cuped.h"
#include "stats/gate.h"

namespace tact::cli {
namespace {

struct Metric {
  std::string name;  // mean, proportion, ratio
  bool cuped = false;
};

struct Arm {
  stats::CovariateArm sums;
  bool nonzero_counted = false;
  std::int64_t nonzero = 0;  // counted, or at least so many
};

Status read_second(const Members& given, std::string_view prefix, std::string_view product,
                   stats::SecondSums& into) {
  TACT_ASSIGN(into.sum, given.number(std::string(prefix) + "_sum"));
  TACT_ASSIGN(into.sum_squares, given.number(std::string(prefix) + "_sum_squares"));
  TACT_ASSIGN(into.product_sum, given.number(product));
  return ok();
}

Status read_outcome(const Members& given, const Metric& metric, Arm& arm) {
  stats::SampleMoments& y = arm.sums.outcome;
  TACT_ASSIGN(y.n, given.count("n"));
  if (y.n < 2) {
    return given.wrong("n", "not enough data yet: fewer than two visitors have no variance");
  }
  if (metric.name == "proportion") {
    TACT_ASSIGN(y.nonzero, given.count("successes"));
    if (y.nonzero > y.n) return given.wrong("successes", "more successes than visitors");
    y.sum = y.sum_squares = static_cast<double>(y.nonzero);
    arm.nonzero = y.nonzero;
    arm.nonzero_counted = true;
    return ok();
  }
  TACT_ASSIGN(y.sum, given.number("sum"));
  TACT_ASSIGN(y.sum_squares, given.number("sum_squares"));
  if (y.sum_squares < 0.0) return given.wrong("sum_squares", "a sum of squares is negative");
  arm.nonzero_counted = given.has("nonzero");
  if (arm.nonzero_counted) {
    TACT_ASSIGN(y.nonzero, given.count("nonzero"));
    arm.nonzero = y.nonzero;
  } else {
    y.nonzero = y.sum_squares > 0.0 ? y.n : 0;
    arm.nonzero = std::min(y.n, stats::nonzero_at_least(y.sum, y.sum_squares));
  }
  return ok();
}

// What is of another metric would be ignored, and was meant to count.
std::vector<std::string_view> members_of(const Metric& metric) {
  std::vector<std::string_view> known = {"n"};
  const auto add = [&](std::initializer_list<std::string_view> more) {
    known.insert(known.end(), more);
  };
  const bool ratio = metric.name == "ratio";
  if (metric.name == "proportion") {
    add({"successes"});
  } else {
    add({"sum", "sum_squares", "nonzero"});
  }
  if (ratio) add({"denominator_sum", "denominator_sum_squares", "product_sum"});
  if (metric.cuped) add({"pre_sum", "pre_sum_squares", "post_pre_product_sum"});
  if (metric.cuped && ratio) add({"denominator_pre_product_sum"});
  return known;
}

Result<Arm> read_arm(const Members& given, const Metric& metric) {
  TACT_TRY(given.only(members_of(metric)));
  Arm arm;
  TACT_TRY(read_outcome(given, metric, arm));
  const bool ratio = metric.name == "ratio";
  if (ratio) {
    arm.sums.denominator.emplace();
    TACT_TRY(read_second(given, "denominator", "product_sum", *arm.sums.denominator));
  }
  if (metric.cuped) {
    TACT_TRY(read_second(given, "pre", "post_pre_product_sum", arm.sums.covariate));
    if (ratio) {
      TACT_ASSIGN(arm.sums.denominator_covariate_product_sum,
                  given.number("denominator_pre_product_sum"));
    }
  }
  return arm;
}

Result<stats::ArmSummary> summary(const Arm& arm, const Metric& metric, const char* name) {
  const auto kind =
      metric.name == "proportion" ? stats::OutcomeKind::kProportion : stats::OutcomeKind::kMean;
  auto result = arm.sums.denominator
                    ? stats::summarize_ratio(arm.sums.outcome, *arm.sums.denominator)
                    : stats::summarize(arm.sums.outcome, kind);
  if (!result.has_value()) return at_field(std::move(result).error(), name);
  return result;
}

// Which arm's sums of the covariate no sample has. The library takes both and does not say; each is
// asked about with itself.
const char* wrong_covariate(const Arm& control, const Arm& treatment) {
  if (!stats::adjust_by_covariate(control.sums, control.sums).has_value()) return "control";
  if (!stats::adjust_by_covariate(treatment.sums, treatment.sums).has_value()) return "treatment";
  return "cuped";
}

// What a report would wait for with the gate of 50 open, where a few large amounts make most of it;
// empty if for nothing. Said, and not part of `passed`, which is documented as 50 of each arm, of a
// share as 50 of the rarer.
std::string waits_for(std::span<const stats::SampleMoments> arms, stats::OutcomeKind kind,
                      stats::Alternative side) {
  const double skewness =
      side == stats::Alternative::kTwoSided ? stats::kGateSkewness : stats::kGateSkewnessOneSided;
  const auto gate = stats::check_gate(arms, kind, 0.0, skewness);
  if (!gate.has_value() || gate->open) return {};
  const stats::ArmShortfall& lack = gate->lacking.front();
  return std::string("; but so uneven an outcome, and arms of so different size, need ") +
         std::to_string(lack.have + lack.missing) + " of them in " +
         (lack.arm == 0 ? "control" : "treatment") + " for the interval to cover what it says";
}

// A share by its name, or a mean all of whose amounts are counted to be 1.
stats::OutcomeKind counted_as(const Arm& control, std::span<const stats::SampleMoments> arms,
                              bool counted) {
  return control.sums.denominator || !counted ? stats::OutcomeKind::kMean : stats::kind_seen(arms);
}

Result<json::object> gate_of(const Arm& control, const Arm& treatment, stats::Alternative side) {
  stats::SampleMoments arms[] = {control.sums.outcome, treatment.sums.outcome};
  arms[0].nonzero = control.nonzero;
  arms[1].nonzero = treatment.nonzero;
  const bool counted = control.nonzero_counted && treatment.nonzero_counted;
  const auto kind = counted_as(control, arms, counted);
  TACT_ASSIGN(const auto gate, stats::check_gate(arms, kind, 0.0, stats::kAnySkewness));
  const bool share = kind == stats::OutcomeKind::kProportion;
  std::string reason;
  if (gate.open) {
    reason = "every arm has at least 50 visitors with " +
             std::string(share ? "the outcome, and 50 without" : "a non-zero outcome") +
             waits_for(arms, kind, side);
  } else {
    reason = "not enough data yet:";
    for (const auto& lack : gate.lacking) {
      reason += std::string(lack.arm == gate.lacking.front().arm ? "" : ",") +
                (lack.arm == 0 ? " control has " : " treatment has ") + std::to_string(lack.have) +
                " of 50 visitors with" +
                (lack.without ? "out the outcome"
                 : share      ? " the outcome"
                              : " a non-zero outcome");
    }
  }
  if (!counted) reason += " (at least, from sum^2 / sum_squares: `nonzero` was not given)";
  return json::object{{"passed", gate.open}, {"reason", reason}};
}

json::object lift_of(const stats::LiftSet& set, const char* method) {
  const bool gap = set.shape == stats::LiftShape::kExclusive;
  json::object out{{"estimate", number(set.estimate)}};
  put(out, gap ? stats::Interval{} : set.ends);
  out["method"] = method;
  // A gap: every lift except those strictly between its ends is possible.
  if (gap && std::isfinite(set.ends.lower) && std::isfinite(set.ends.upper)) {
    out["excluded"] = json::array{number(set.ends.lower), number(set.ends.upper)};
  }
  return out;
}

json::value delta_of(const std::optional<stats::DeltaLift>& delta) {
  if (!delta) return nullptr;
  json::object out{{"estimate", number(delta->estimate)},
                   {"se", number(delta->standard_error)},
                   {"df", number(delta->df)}};
  put(out, delta->interval);
  put(out, delta->p);
  out["method"] = "delta method, for comparison only: too narrow for small baselines";
  return out;
}

json::object to_json(const stats::Comparison& c, stats::Alternative side) {
  json::object difference{{"estimate", number(c.difference.estimate)},
                          {"se", number(c.difference.standard_error)},
                          {"df", number(c.difference.df)}};
  put(difference, c.difference.interval);
  put(difference, c.difference.p);
  json::object out{{"difference", std::move(difference)}};
  const bool two = side == stats::Alternative::kTwoSided;
  out["lift"] = lift_of(c.lift, two ? "fieller" : "inversion");
  out["lift_delta"] = delta_of(c.delta);
  out["always_valid"] = nullptr;
  if (c.sequence) {
    json::object sequence;
    put(sequence, c.sequence->interval);
    put(sequence, c.sequence->p);
    out["always_valid"] = json::object{{"difference", std::move(sequence)},
                                       {"lift", lift_of(*c.sequence_lift, "inversion")}};
  }
  return out;
}

Result<std::optional<double>> tuning_of(const Members& given, const json::object& object) {
  const json::value* sequential = object.if_contains("sequential");
  if (sequential == nullptr) return std::optional(5000.0);
  if (sequential->is_null()) return std::optional<double>();
  TACT_ASSIGN(const Members options, given.object("sequential"));
  TACT_TRY(options.only({"tuning_n"}));
  TACT_ASSIGN(const double tuning, options.number_or("tuning_n", 5000.0));
  if (!(tuning > 0.0)) return options.wrong("tuning_n", "must be positive");
  return std::optional(tuning);
}

Result<json::object> run_compare() {
  TACT_ASSIGN(const json::object object, read_object());
  const Members given(object, "");
  TACT_TRY(given.only({"metric", "control", "treatment", "alpha", "side", "sequential", "cuped"}));
  Metric metric;
  TACT_ASSIGN(metric.name, given.word("metric", {"mean", "proportion", "ratio"}, ""));
  TACT_ASSIGN(metric.cuped, given.flag_or("cuped", false));
  stats::CompareOptions options;
  TACT_ASSIGN(options.alpha, alpha_of(given));
  TACT_ASSIGN(options.alternative, side_of(given));
  TACT_ASSIGN(options.tuning_visitors, tuning_of(given, object));
  TACT_ASSIGN(const Members control_given, given.object("control"));
  TACT_ASSIGN(const Members treatment_given, given.object("treatment"));
  TACT_ASSIGN(const Arm control, read_arm(control_given, metric));
  TACT_ASSIGN(const Arm treatment, read_arm(treatment_given, metric));
  TACT_ASSIGN(stats::ArmSummary c, summary(control, metric, "control"));
  TACT_ASSIGN(stats::ArmSummary t, summary(treatment, metric, "treatment"));
  json::value cuped = nullptr;
  if (metric.cuped) {
    auto arms = stats::adjust_by_covariate(treatment.sums, control.sums);
    if (!arms.has_value()) {
      return at_field(std::move(arms).error(), wrong_covariate(control, treatment));
    }
    t = arms->treatment;
    c = arms->control;
    cuped = json::object{{"theta", number(arms->theta)},
                         {"variance_reduction", number(arms->variance_reduction)}};
  }
  auto comparison = stats::compare(t, c, options);
  if (!comparison.has_value()) {
    Error error = std::move(comparison).error();
    if (t.variance == 0.0 && c.variance == 0.0)
      error.message = "not enough data yet: " + error.message;
    return at_field(std::move(error), "control");
  }
  json::object out = to_json(*comparison, options.alternative);
  TACT_ASSIGN(out["gate"], gate_of(control, treatment, options.alternative));
  if (metric.cuped) out["cuped"] = std::move(cuped);
  return out;
}

}  // namespace

void add_compare(CLI::App& stats, Run& run) {
  CLI::App* command =
      stats.add_subcommand("compare", "Two arms: difference, lift, and both valid at every look");
  command->footer(
      "Standard input: {\"metric\": \"mean\"|\"proportion\"|\"ratio\", \"control\": S, "
      "\"treatment\": S, \"alpha\": 0.05,\n\"side\": \"two\"|\"greater\"|\"less\", \"sequential\": "
      "{\"tuning_n\": 5000}|null, \"cuped\": false}\nS: {n, sum, sum_squares, nonzero?} or {n, "
      "successes}; see docs/stats.md");
  command->callback([&run] { run = [] { return answer(run_compare()); }; });
}

}  // namespace tact::cli
