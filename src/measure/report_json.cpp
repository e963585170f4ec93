#include "measure/report_json.h"

#include <cmath>

namespace tact {
namespace {

json::value time_or_null(const std::optional<Time>& time) {
  return time ? json::value(format_time(*time)) : json::value(nullptr);
}

json::value number(double x) {  // JSON has no infinity
  return std::isfinite(x) ? json::value(x) : json::value(nullptr);
}

json::object to_json(const Estimate& e) {
  return {{"estimate", number(e.estimate)}, {"low", number(e.low)}, {"high", number(e.high)}};
}

std::string_view to_string(stats::LiftShape shape) {
  switch (shape) {
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

json::object to_json(const stats::LiftSet& lift) {
  return {{"estimate", lift.estimate ? number(*lift.estimate) : json::value(nullptr)},
          {"low", number(lift.ends.lower)},
          {"high", number(lift.ends.upper)},
          {"shape", to_string(lift.shape)}};
}

json::object arm_json(std::string_view name, const ArmCounts& arm, std::int64_t crossovers) {
  return {
      {"arm", name},
      {"visitors", arm.visitors},
      {"outcomes", arm.outcomes},
      {"rate", arm.rate()},
      {"reached", arm.reached},
      {"value_minor", arm.value_minor},
      {"attributed", arm.attributed},
      {"exposed", arm.exposed},
      {"provisional", {{"visitors", arm.provisional()}, {"outcomes", arm.provisional_outcomes}}},
      {"crossovers", crossovers}};
}

json::array arms_json(const MomentReport& report, const GoalReport& goal) {
  return {arm_json("shown", goal.shown, report.crossovers_shown),
          arm_json("held back", goal.held_back, report.crossovers_held_back)};
}

json::array lacking_json(const GoalReport& goal) {
  json::array lacking;
  for (const Shortfall& arm : goal.lacking) {
    lacking.push_back(
        {{"arm", arm.shown ? "shown" : "held back"}, {"have", arm.have}, {"missing", arm.missing}});
  }
  return lacking;
}

// The members that exist only behind the gate; null or absent before.
void put_effect(json::object& out, const GoalReport& goal) {
  out["difference"] = nullptr;
  out["incremental"] = nullptr;
  if (!goal.effect) return;
  const Effect& effect = *goal.effect;
  out["difference"] = to_json(effect.difference);
  out["incremental"] = to_json(effect.incremental);
  out["lift"] = to_json(effect.lift);
  out["log10_p"] = number(effect.log10_p);
  out["fixed_horizon"] = {{"difference", to_json(effect.fixed)},
                          {"lift", to_json(effect.fixed_lift)},
                          {"log10_p", number(effect.fixed_log10_p)}};
  if (goal.value) {
    out["value"] = {{"difference_minor", to_json(goal.value->difference)},
                    {"incremental_minor", to_json(goal.value->incremental)},
                    {"lift", to_json(goal.value->lift)},
                    {"log10_p", number(goal.value->log10_p)}};
  }
}

json::object goal_json(const MomentReport& report, const GoalReport& goal) {
  json::object out = {{"goal", goal.goal},
                      {"says", goal.says},
                      {"within", format_iso_duration(goal.within)},
                      {"arms", arms_json(report, goal)},
                      {"attributed", goal.shown.attributed},
                      {"enough_data", goal.lacking.empty()},
                      {"lacking", lacking_json(goal)},
                      {"expected_at", time_or_null(goal.expected_at)}};
  put_effect(out, goal);
  return out;
}

json::object ratio_json(const SampleRatio& ratio, bool may_show_p) {
  json::object out = {{"planned", ratio.planned},
                      {"observed", ratio.observed},
                      {"checked", ratio.checked},
                      {"failed", ratio.failed}};
  if (ratio.checked && may_show_p) out["log10_p"] = number(ratio.log10_p);
  return out;
}

json::value hypothesis_json(const MomentReport& report) {
  if (!report.hypothesis.stated) return nullptr;
  const std::optional<bool>& held = report.hypothesis.held;
  return {
      {"because", report.because},
      {"expect", std::string(report.hypothesis.more ? "more " : "fewer ") + report.hypothesis.goal},
      {"held", held ? json::value(*held) : json::value(nullptr)},
      {"says", report.hypothesis_says}};
}

json::value cost_json(const MomentReport& report) {
  if (!report.cost) return nullptr;
  const std::string& goal = report.goals[report.cost->goal].goal;
  return {{"goal", goal},
          {"not_at_the_cost_of", std::string(report.cost->more ? "more " : "fewer ") + goal},
          {"verdict", "not acted on yet"}};
}

json::object without_consent_json(const WithoutConsent& counts) {
  json::object shown;
  for (const WithoutConsent::Shown& one : counts.shown) shown[one.moment] = one.answers;
  return {{"answers", counts.answers}, {"shown", std::move(shown)}};
}

}  // namespace

json::object to_json(const MomentReport& report) {
  json::object out = {
      {"moment", report.moment},
      {"need", report.need},
      {"verdict", to_string(report.verdict)},
      {"says", report.says},
      {"credited", report.credited_says},
      {"note", report.note},
      {"hypothesis", hypothesis_json(report)},
      {"window",
       {{"from", time_or_null(report.first_exposure)}, {"to", time_or_null(report.last_exposure)}}},
      {"sample_ratio",
       ratio_json(report.ratio, report.ratio.failed || (report.primary() != nullptr &&
                                                        report.primary()->lacking.empty()))},
      {"not_at_the_cost_of", cost_json(report)},
      {"simulated", report.simulated()},
      {"simulated_visitors", report.simulated_visitors},
      {"left_out_simulated", report.left_out_simulated},
      {"data_hash", report.data_hash}};
  const GoalReport none;
  const GoalReport* first = report.primary();
  const GoalReport& primary = first == nullptr ? none : *first;
  out["goal"] = primary.goal;
  out["within"] = format_iso_duration(primary.within);
  out["arms"] = arms_json(report, primary);
  out["attributed"] = primary.shown.attributed;
  out["enough_data"] = first != nullptr && primary.lacking.empty();
  out["lacking"] = lacking_json(primary);
  out["expected_at"] = time_or_null(primary.expected_at);
  put_effect(out, primary);
  if (primary.effect) out["smallest_effect"] = report.smallest_effect;
  json::array goals;
  for (const GoalReport& goal : report.goals) goals.push_back(goal_json(report, goal));
  out["goals"] = std::move(goals);
  return out;
}

json::object to_json(const Reports& reports) {
  json::array moments;
  for (const MomentReport& report : reports.moments) moments.push_back(to_json(report));
  json::array unmet;
  for (const std::string& moment : reports.unmet) unmet.emplace_back(moment);
  return {{"moments", std::move(moments)},
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
