#include "measure/report_json.h"

#include <cmath>

#include "measure/internal/parts_json.h"

namespace tact {
namespace {

using internal::number;
using internal::time_or_null;

std::int64_t minor(double amount, int digits) {
  return static_cast<std::int64_t>(std::llround(amount * std::pow(10.0, digits)));
}

// The money of this metric, if it has some.
const MetricFinding* value_of(const Findings& report, std::size_t metric) {
  for (const MetricFinding& finding : report.metrics) {
    if (report.metric(finding).value_of == metric) return &finding;
  }
  return nullptr;
}

json::object arm_json(const Findings& report, const MetricFinding& metric, std::size_t arm) {
  const ArmCounts& counts = metric.arms[arm];
  const MetricFinding* value = value_of(report, metric.metric);
  const Plan& plan = report.plan;
  return {{"arm", plan.arms[arm].name},
          {"control", arm == 0},
          {"visitors", counts.units},
          {"outcomes", internal::whole_or_not(counts.total)},
          {"rate", number(counts.mean(report.metric(metric).kind))},
          {"reached", counts.reached},
          {"value_minor", value == nullptr ? 0 : minor(value->arms[arm].total, plan.minor_digits)},
          {"attributed", internal::whole_or_not(counts.credited.last)},
          {"attributed_linear", number(counts.credited.linear)},
          {"attributed_position", number(counts.credited.position)},
          {"exposed", counts.exposed},
          {"provisional",
           {{"visitors", counts.provisional()},
            {"outcomes", internal::whole_or_not(counts.provisional_total)}}},
          {"crossovers", internal::count_json(report.crossovers[arm])}};
}

// Treatment arms first, control last.
json::array arms_json(const Findings& report, const MetricFinding& metric) {
  json::array arms;
  for (std::size_t arm = 1; arm < metric.arms.size(); ++arm) {
    arms.push_back(arm_json(report, metric, arm));
  }
  if (!metric.arms.empty()) arms.push_back(arm_json(report, metric, 0));
  return arms;
}

json::array lacking_json(const Findings& report, const MetricFinding& metric) {
  json::array lacking;
  for (const Shortfall& arm : metric.lacking) {
    lacking.push_back({{"arm", report.plan.arms[arm.arm].name},
                       {"have", arm.have},
                       {"missing", arm.missing},
                       {"uneven", arm.uneven},
                       {"without", arm.without}});
  }
  return lacking;
}

json::value uneven_json(const Findings& report, const MetricFinding& metric) {
  if (!metric.uneven) return nullptr;
  json::array winsorised;
  for (const Uneven::Meanwhile& meanwhile : metric.uneven->winsorised) {
    json::object one = internal::capped_json(meanwhile.capped);
    one["arm"] = report.plan.arms[meanwhile.arm].name;
    winsorised.push_back(std::move(one));
  }
  return {{"arm", report.plan.arms[metric.uneven->arm].name},
          {"effective", number(std::floor(metric.uneven->effective))},
          {"winsorised", std::move(winsorised)},
          {"says", metric.uneven->says}};
}

json::object value_json(const Findings& report, const Comparison& value) {
  const double unit = std::pow(10.0, report.plan.minor_digits);
  const auto in_minor = [&](const Estimate& e) {
    return internal::to_json(Estimate{e.estimate * unit, e.low * unit, e.high * unit});
  };
  json::object out = {{"difference_minor", in_minor(value.difference)},
                      {"incremental_minor", in_minor(value.incremental)},
                      {"lift", internal::to_json(value.lift)},
                      {"log10_p", number(value.log10_p)}};
  if (value.capped) out["winsorised"] = internal::capped_json(*value.capped);
  if (value.adjusted) out["cuped"] = internal::adjusted_json(*value.adjusted);
  return out;
}

// The members that exist only behind the gate; null or absent before. Of the first treatment arm;
// `against` has all of them.
void put_effect(json::object& out, const Findings& report, const MetricFinding& metric) {
  out["difference"] = nullptr;
  out["incremental"] = nullptr;
  out["uneven"] = uneven_json(report, metric);
  const Comparison* first = metric.of(1);
  if (first == nullptr) return;
  for (auto& [key, value] : internal::comparison_json(report, *first)) {
    if (key != "arm") out[key] = std::move(value);
  }
  const MetricFinding* value = value_of(report, metric.metric);
  if (value != nullptr && value->of(1) != nullptr) {
    out["value"] = value_json(report, *value->of(1));
  }
  json::array against;
  for (const Comparison& comparison : metric.against) {
    against.push_back(internal::comparison_json(report, comparison));
  }
  out["against"] = std::move(against);
}

json::object metric_json(const Findings& report, const MetricFinding& finding) {
  const Metric& metric = report.metric(finding);
  json::object out = {{"goal", metric.name},
                      {"says", metric.says},
                      {"kind", internal::kind_of(metric)},
                      {"role", internal::role_of(metric)},
                      {"within", format_iso_duration(metric.within)},
                      {"arms", arms_json(report, finding)},
                      {"attributed", finding.arms.size() < 2
                                         ? json::value(0)
                                         : internal::whole_or_not(finding.arms[1].credited.last)},
                      {"enough_data", finding.lacking.empty()},
                      {"lacking", lacking_json(report, finding)},
                      {"expected_at", time_or_null(finding.expected_at)}};
  if (!metric.of_whom.empty()) out["of_whom"] = metric.of_whom;
  if (metric.of_some()) out["waiting"] = finding.waiting;
  put_effect(out, report, finding);
  if (!finding.reason.empty()) out["reason"] = finding.reason;
  return out;
}

json::value hypothesis_json(const Findings& report) {
  const Hypothesis& hypothesis = report.hypothesis;
  if (!hypothesis.stated) return nullptr;
  const std::optional<bool>& held = hypothesis.held;
  return {{"because", hypothesis.because},
          {"expect", std::string(hypothesis.more ? "more " : "fewer ") + hypothesis.metric},
          {"held", held ? json::value(*held) : json::value(nullptr)},
          {"says", report.hypothesis_says}};
}

json::object frame_json(const Findings& report) {
  return {
      {"moment", report.plan.name},
      {"need", report.need},
      {"verdict", to_string(report.verdict)},
      {"says", report.says},
      {"credited", report.credited_says},
      {"not_at_the_cost_of", internal::named_guardrail_json(report)},
      {"guardrails", internal::guardrails_json(report)},
      {"note", report.note},
      {"hypothesis", hypothesis_json(report)},
      {"window",
       {{"from", time_or_null(report.first_exposure)}, {"to", time_or_null(report.last_exposure)}}},
      {"waiting", report.waiting},
      {"sample_ratio", internal::ratio_json(report)},
      {"attrition", internal::attrition_json(report)},
      {"simulated", report.simulated()},
      {"simulated_visitors", report.simulated_units},
      {"left_out_simulated", report.left_out_simulated},
      {"small_cells_shown", report.small_cells_shown},
      {"unit", report.plan.unit},
      {"method", json::array(report.method.begin(), report.method.end())},
      {"data_hash", report.data_hash}};
}

json::object without_consent_json(const WithoutConsent& counts) {
  json::object shown;
  for (const WithoutConsent::Shown& one : counts.shown) shown[one.moment] = one.answers;
  const auto share = static_cast<double>(counts.without) / static_cast<double>(counts.all);
  return {{"answers", counts.answers},
          {"shown", std::move(shown)},
          {"of", counts.all},
          {"share", counts.all > 0 ? internal::number(share) : json::value(nullptr)}};
}

}  // namespace

json::object to_json(const Findings& report) {
  json::object out = frame_json(report);
  const MetricFinding none;
  const MetricFinding* primary = report.primary();
  if (primary != nullptr) {
    for (auto& [key, value] : metric_json(report, *primary)) {
      if (key != "says" && key != "kind" && key != "role") out[key] = std::move(value);
    }
  } else {
    out["goal"] = "";
    out["within"] = format_iso_duration({});
    out["arms"] = json::array();
    out["enough_data"] = false;
    out["difference"] = out["incremental"] = nullptr;
  }
  if (primary != nullptr && !primary->against.empty()) {
    out["smallest_effect"] = number(report.smallest_effect);
  }
  json::array goals;
  for (const MetricFinding& metric : report.metrics) {
    if (!report.metric(metric).value_of) goals.push_back(metric_json(report, metric));
  }
  out["goals"] = std::move(goals);
  out["verdicts"] = internal::verdicts_json(report);
  out["over_time"] = internal::sequences_json(report);
  out["segments"] = internal::segments_json(report);
  out["novelty"] = internal::novelty_json(report);
  out["curves"] = internal::curves_json(report);
  out["credit"] = internal::credit_json(report);
  out["returns"] = internal::returns_json(report);
  out["return_assumes"] = report.return_assumes;
  out["lifetime"] = internal::lifetime_json(report);
  out["planning"] = internal::planning_json(report.planning);
  if (report.plan.name.empty()) {
    out["additivity"] = internal::additivity_json(report);
    out["tiers"] = internal::tiers_json(report);
  }
  if (!report.uplift.empty()) out["uplift"] = internal::uplift_json(report);
  return out;
}

json::object to_json(const Reports& reports) {
  json::array moments;
  for (const Findings& report : reports.moments) moments.push_back(to_json(report));
  json::array unmet;
  for (const std::string& moment : reports.unmet) unmet.emplace_back(moment);
  json::array experiments;
  for (const Findings& report : reports.experiments) experiments.push_back(to_json(report));
  return {{"moments", std::move(moments)},
          {"experiments", std::move(experiments)},
          {"unmet", std::move(unmet)},
          {"universal",
           reports.universal ? json::value(to_json(*reports.universal)) : json::value(nullptr)},
          {"without_consent", without_consent_json(reports.without_consent)},
          {"left_out",
           {{"bots", reports.left_out.bots},
            {"staff", reports.left_out.staff},
            {"pace", reports.left_out.pace}}},
          {"simulated", reports.simulated},
          {"data_hash", reports.data_hash},
          {"as_of", format_time(reports.as_of)},
          {"confidence", 1.0 - reports.alpha},
          {"site", reports.site},
          {"time_zone", reports.time_zone},
          {"currency", reports.currency},
          {"minor_digits", reports.minor_digits}};
}

}  // namespace tact
