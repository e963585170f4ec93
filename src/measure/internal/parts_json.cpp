#include "measure/internal/parts_json.h"

#include <cmath>

namespace tact::internal {
namespace {

std::string_view shape_of(const stats::LiftSet& lift) {
  switch (lift.shape) {
    case stats::LiftShape::kBounded:
      return "interval";
    case stats::LiftShape::kHalfLine:
      return "half line";
    case stats::LiftShape::kExclusive:
      return "all but a gap";
    case stats::LiftShape::kWholeLine:
      return "anything";
  }
  return "";
}

std::string_view novelty_of(stats::NoveltyVerdict verdict) {
  switch (verdict) {
    case stats::NoveltyVerdict::kFades:
      return "fades";
    case stats::NoveltyVerdict::kGrows:
      return "grows";
    case stats::NoveltyVerdict::kNotClear:
      return "not clear";
  }
  return "";
}

const std::string& arm_name(const Findings& report, std::size_t arm) {
  return report.plan.arms[arm].name;
}

json::array shares(const Findings& report, const std::vector<double>& of) {
  json::array out;
  for (std::size_t arm = 0; arm < of.size(); ++arm) {
    out.push_back({{"arm", arm_name(report, arm)}, {"share", number(of[arm])}});
  }
  return out;
}

json::value optional_estimate(const std::optional<Estimate>& e) {
  return e ? json::value(to_json(*e)) : json::value(nullptr);
}

json::object cell_json(const Findings& report, const SegmentCell& cell) {
  json::object out = {{"cell", cell.name}, {"withheld", cell.withheld}};
  if (cell.withheld) return out;
  json::array arms;
  for (std::size_t arm = 0; arm < cell.arms.size(); ++arm) {
    const ArmCounts& counts = cell.arms[arm];
    json::object one = {{"arm", arm_name(report, arm)},
                        {"visitors", counts.units},
                        {"outcomes", whole_or_not(counts.total)}};
    if (arm > 0) one["difference"] = optional_estimate(cell.difference[arm - 1]);
    arms.push_back(std::move(one));
  }
  out["arms"] = std::move(arms);
  out["sample_ratio_failed"] = cell.ratio_failed;
  return out;
}

}  // namespace

json::value number(double x) { return std::isfinite(x) ? json::value(x) : json::value(nullptr); }

json::value whole_or_not(double x) {
  if (std::isfinite(x) && std::abs(x) < 9e15 && std::trunc(x) == x)
    return static_cast<std::int64_t>(x);
  return number(x);
}

json::value count_json(const SmallCount& count) {
  return count ? json::value(*count) : json::value(nullptr);
}

json::value time_or_null(const std::optional<Time>& time) {
  return time ? json::value(format_time(*time)) : json::value(nullptr);
}

json::object to_json(const Estimate& e) {
  return {{"estimate", number(e.estimate)}, {"low", number(e.low)}, {"high", number(e.high)}};
}

json::object to_json(const stats::LiftSet& lift) {
  return {{"estimate", lift.estimate ? number(*lift.estimate) : json::value(nullptr)},
          {"low", number(lift.ends.lower)},
          {"high", number(lift.ends.upper)},
          {"shape", shape_of(lift)}};
}

std::string_view kind_of(const Metric& metric) {
  switch (metric.kind) {
    case MetricKind::kMean:
      return "mean";
    case MetricKind::kProportion:
      return "proportion";
    case MetricKind::kRatio:
      return "ratio";
  }
  return "";
}

std::string_view role_of(const Metric& metric) {
  switch (metric.role) {
    case MetricRole::kPrimary:
      return "primary";
    case MetricRole::kSecondary:
      return "secondary";
    case MetricRole::kGuardrail:
      return "guardrail";
  }
  return "";
}

json::object adjusted_json(const Adjusted& adjusted) {
  return {{"covariate", adjusted.covariate},
          {"visitors", adjusted.units},
          {"difference", to_json(adjusted.difference)},
          {"fixed_horizon", to_json(adjusted.fixed)},
          {"se", number(adjusted.standard_error)},
          {"gain", number(adjusted.gain)},
          {"says", adjusted.says}};
}

json::object capped_json(const Capped& capped) {
  return {{"cap", number(capped.cap)},
          {"capped", capped.units},
          {"difference", to_json(capped.difference)},
          {"fixed_horizon", to_json(capped.fixed)},
          {"log10_p", number(capped.log10_p)}};
}

json::object comparison_json(const Findings& report, const Comparison& comparison) {
  json::object out = {{"arm", arm_name(report, comparison.arm)},
                      {"difference", to_json(comparison.difference)},
                      {"incremental", to_json(comparison.incremental)},
                      {"lift", to_json(comparison.lift)},
                      {"log10_p", number(comparison.log10_p)},
                      {"adjusted_log10_p", number(comparison.adjusted_log10_p)},
                      {"alpha", number(comparison.alpha)},
                      {"se", number(comparison.standard_error)},
                      {"fixed_horizon",
                       {{"difference", to_json(comparison.fixed)},
                        {"lift", to_json(comparison.fixed_lift)},
                        {"log10_p", number(comparison.fixed_log10_p)}}}};
  if (comparison.adjusted) out["cuped"] = adjusted_json(*comparison.adjusted);
  if (comparison.capped) out["winsorised"] = capped_json(*comparison.capped);
  if (comparison.guard) {
    const GuardrailFinding& guard = *comparison.guard;
    out["guardrail"] = {{"verdict", stats::to_string(guard.verdict)},
                        {"margin", guard.margin},
                        {"log10_p_not_worse", number(guard.log10_p_not_worse)},
                        {"log10_p_worse", number(guard.log10_p_worse)}};
  }
  if (comparison.clusters) {
    out["clusters"] = number(*comparison.clusters);
    out["one_look"] = comparison.one_look;
  }
  return out;
}

// What the shares are is told only of units that may be shown; that they failed, always.
json::object ratio_json(const Findings& report) {
  const RatioCheck& ratio = report.ratio;
  const double planned = ratio.planned.empty() ? 0.0 : ratio.planned.front();
  const bool none = report.units() == 0;
  json::object out = {{"planned", number(planned)},
                      {"observed", none ? json::value(nullptr) : number(ratio.observed.front())},
                      {"planned_shares", shares(report, ratio.planned)},
                      {"observed_shares", none ? json::array() : shares(report, ratio.observed)},
                      {"checked", ratio.checked},
                      {"failed", ratio.failed}};
  const MetricFinding* primary = report.primary();
  const bool open = primary != nullptr && primary->lacking.empty();
  if (ratio.checked && (open || ratio.failed)) {
    out["log10_p"] = number(ratio.log10_p);
    out["sequential_log10_p"] = number(ratio.sequential_log10_p);
  }
  return out;
}

json::value attrition_json(const Findings& report) {
  if (!report.attrition) return nullptr;
  const MetricFinding* primary = report.primary();
  const bool open = primary != nullptr && primary->lacking.empty();
  const auto check = [&](const AttritionCheck& of) {
    json::object out = {{"compared", of.compared}, {"differs", of.differs}, {"says", of.says}};
    if (of.log10_p && (open || of.differs)) out["log10_p"] = number(*of.log10_p);
    return out;
  };
  json::array arms;
  for (std::size_t arm = 0; arm < report.attrition->arms.size(); ++arm) {
    const AttritionFinding::Arm& of = report.attrition->arms[arm];
    arms.push_back({{"arm", arm_name(report, arm)},
                    {"visitors", of.units},
                    {"followed", count_json(of.followed)},
                    {"seen", count_json(of.seen)},
                    {"not_seen", count_json(of.not_seen)},
                    {"lost", count_json(of.lost)},
                    {"withdrew", count_json(of.withdrew)}});
  }
  return {{"arms", std::move(arms)},
          {"level", kAttritionAlpha},
          {"loss", check(report.attrition->loss)},
          {"withdrawal", check(report.attrition->withdrawal)}};
}

json::array guardrails_json(const Findings& report) {
  json::array out;
  for (const MetricFinding& finding : report.metrics) {
    const Metric& metric = report.metric(finding);
    if (metric.role != MetricRole::kGuardrail) continue;
    stats::GuardrailVerdict verdict = stats::GuardrailVerdict::kNotWorse;
    for (std::size_t arm = 1; arm < report.plan.arms.size(); ++arm) {
      const Comparison* comparison = finding.of(arm);
      const auto of = comparison != nullptr && comparison->guard
                          ? comparison->guard->verdict
                          : stats::GuardrailVerdict::kCannotTell;
      if (of == stats::GuardrailVerdict::kWorse || (of == stats::GuardrailVerdict::kCannotTell &&
                                                    verdict == stats::GuardrailVerdict::kNotWorse))
        verdict = of;
    }
    out.push_back(
        {{"goal", metric.name},
         {"not_at_the_cost_of", std::string(metric.more ? "fewer " : "more ") + metric.name},
         {"margin", metric.margin},
         {"standing", metric.standing.has_value()},
         {"verdict", stats::to_string(verdict)}});
  }
  return out;
}

json::value named_guardrail_json(const Findings& report) {
  for (const json::value& guardrail : guardrails_json(report)) {
    if (!guardrail.at("standing").as_bool()) return guardrail;
  }
  return nullptr;
}

json::array verdicts_json(const Findings& report) {
  json::array out;
  for (const ArmVerdict& verdict : report.verdicts) {
    out.push_back({{"arm", arm_name(report, verdict.arm)},
                   {"verdict", to_string(verdict.verdict)},
                   {"says", verdict.says}});
  }
  return out;
}

json::array sequences_json(const Findings& report) {
  json::array out;
  for (const Sequence& sequence : report.sequences) {
    json::array points;
    for (const SequencePoint& point : sequence.points) {
      points.push_back({{"at", format_time(point.at)},
                        {"visitors", point.units},
                        {"difference", to_json(point.difference)},
                        {"log10_p", number(point.log10_p)}});
    }
    out.push_back({{"arm", arm_name(report, sequence.arm)}, {"points", std::move(points)}});
  }
  return out;
}

json::array segments_json(const Findings& report) {
  json::array out;
  for (const SegmentFinding& segment : report.segments) {
    json::array cells, interactions;
    for (const SegmentCell& cell : segment.cells) cells.push_back(cell_json(report, cell));
    for (const auto& interaction : segment.interactions) {
      json::object one = {{"arm", arm_name(report, interaction.arm)},
                          {"df", interaction.df},
                          {"log10_p", number(interaction.log10_p)},
                          {"fixed_log10_p", number(interaction.fixed_log10_p)},
                          {"differs", interaction.differs}};
      if (interaction.z) one["z"] = number(*interaction.z);
      interactions.push_back(std::move(one));
    }
    out.push_back({{"dimension", report.plan.dimensions[segment.dimension].name},
                   {"says", segment.says},
                   {"interactions", std::move(interactions)},
                   {"cells", std::move(cells)},
                   {"not_shown", segment.not_shown}});
  }
  return out;
}

json::array novelty_json(const Findings& report) {
  json::array out;
  for (const NoveltyFinding& finding : report.novelty) {
    out.push_back({{"arm", arm_name(report, finding.arm)},
                   {"verdict", novelty_of(finding.verdict)},
                   {"early", number(finding.early)},
                   {"late", number(finding.late)},
                   {"change", to_json(finding.change)},
                   {"one_look", true},
                   {"says", finding.says}});
  }
  return out;
}

json::array curves_json(const Findings& report) {
  json::array out;
  for (const CurveFinding& finding : report.curves) {
    json::array arms, differences;
    for (std::size_t arm = 0; arm < finding.arms.size(); ++arm) {
      json::array points;
      for (const CurvePoint& point : finding.arms[arm]) {
        points.push_back(
            {{"day", point.day}, {"without", to_json(point.survival)}, {"at_risk", point.at_risk}});
      }
      arms.push_back({{"arm", arm_name(report, arm)}, {"points", std::move(points)}});
    }
    for (const CurveFinding::Difference& difference : finding.differences) {
      differences.push_back({{"arm", arm_name(report, difference.arm)},
                             {"day", difference.day},
                             {"share", to_json(difference.share)},
                             {"log10_p", number(difference.log10_p)}});
    }
    out.push_back({{"curve", report.plan.curves[finding.curve].name},
                   {"says", finding.says},
                   {"one_look", true},
                   {"arms", std::move(arms)},
                   {"differences", std::move(differences)}});
  }
  return out;
}

json::object credit_json(const Findings& report) {
  const CreditFinding& credit = report.credit;
  json::array strata;
  for (const CreditFinding::Stratum& stratum : credit.strata) {
    strata.push_back({{"stratum", stratum.name},
                      {"credited", whole_or_not(stratum.credited)},
                      {"created", optional_estimate(stratum.created)}});
  }
  json::array arms;
  for (const CreditFinding::Arm& arm : credit.arms) {
    arms.push_back({{"arm", report.plan.arms[arm.arm].name},
                    {"last", whole_or_not(arm.credited)},
                    {"created", to_json(arm.created)},
                    {"captured", to_json(arm.captured)}});
  }
  return {{"last", whole_or_not(credit.credited.last)},
          {"arms", std::move(arms)},
          {"linear", number(credit.credited.linear)},
          {"position", number(credit.credited.position)},
          {"created", optional_estimate(credit.created)},
          {"captured", optional_estimate(credit.captured)},
          {"strata", std::move(strata)},
          {"strata_by", credit.strata_by},
          {"says", credit.says}};
}

json::array returns_json(const Findings& report) {
  json::array out;
  for (const ReturnFinding& finding : report.returns) {
    out.push_back({{"arm", arm_name(report, finding.arm)},
                   {"value", to_json(finding.value)},
                   {"kept", to_json(finding.kept)},
                   {"cost", to_json(finding.cost)},
                   {"profit", to_json(finding.profit)},
                   {"total", to_json(finding.total)},
                   {"roi", to_json(finding.roi)},
                   {"says", finding.says}});
  }
  return out;
}

json::value planning_json(const std::optional<Planning>& planning) {
  if (!planning) return nullptr;
  const auto effect = [](const std::optional<double>& x) {
    return x ? number(*x) : json::value(nullptr);
  };
  json::object out = {{"says", planning->says}, {"enough_history", planning->enough}};
  if (!planning->enough) return out;
  out["power"] = kPlanningPower;
  out["worthwhile"] = number(planning->worthwhile);
  out["detectable"] = effect(planning->detectable);
  json::object fixed = {{"detectable", effect(planning->detectable_fixed)}};
  if (planning->dated) {
    out["per_day"] = number(planning->per_day);
    out["ready_at"] = time_or_null(planning->ready);
    out["worthwhile_at"] = time_or_null(planning->worthwhile_at);
    fixed["worthwhile_at"] = time_or_null(planning->worthwhile_at_fixed);
  } else {
    out["worthwhile_units"] = planning->worthwhile_units ? json::value(*planning->worthwhile_units)
                                                         : json::value(nullptr);
  }
  out["fixed_horizon"] = std::move(fixed);
  return out;
}

json::value uplift_json(const Findings& report) {
  const auto area = [](const stats::Area& of) {
    return to_json(Estimate{of.estimate, of.interval.lower, of.interval.upper});
  };
  json::array out;
  for (const UpliftFinding& found : report.uplift) {
    json::object one = {{"arm", arm_name(report, found.arm)},
                        {"metric", report.plan.metrics[found.metric].name},
                        {"reached", found.reached},
                        {"learner", found.learner},
                        {"enough_data", found.report.enough},
                        {"says", found.says},
                        {"one_look", true}};
    if (found.report.enough) {
      json::array curve;
      for (const stats::UpliftPoint& point : found.report.curve) {
        curve.push_back({{"fraction", number(point.fraction)},
                         {"gain", number(point.gain)},
                         {"low", number(point.interval.lower)},
                         {"high", number(point.interval.upper)}});
      }
      one["visitors"] = found.units;
      one["of"] = found.of;
      one["alpha"] = number(found.alpha);
      one["qini"] = area(found.report.qini);
      one["auuc"] = area(found.report.auuc);
      one["effect"] = area(found.report.effect);
      one["curve"] = std::move(curve);
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace tact::internal
