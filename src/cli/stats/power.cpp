// tact stats power: visitors, effect or power from the other two.
#include "stats/power.h"

#include <cmath>
#include <tuple>

#include "cli/stats/calculators.h"
#include "cli/stats/contract.h"
#include "cli/stats/power_history.h"

namespace tact::cli {
namespace {

Result<stats::PowerPlan> read_plan(const Members& given) {
  stats::PowerPlan plan;
  TACT_ASSIGN(const std::string metric, given.word("metric", {"mean", "proportion"}, ""));
  TACT_ASSIGN(plan.baseline, given.number("baseline"));
  if (metric == "proportion") {
    plan.kind = stats::OutcomeKind::kProportion;
    if (!(plan.baseline > 0.0 && plan.baseline < 1.0)) {
      return given.wrong("baseline", "a rate must lie strictly between 0 and 1");
    }
    if (given.has("sd")) return given.wrong("sd", "is of a mean: a proportion's follows from it");
  } else {
    TACT_ASSIGN(plan.standard_deviation, given.number("sd"));
    if (!(plan.standard_deviation > 0.0)) return given.wrong("sd", "must be positive");
  }
  TACT_ASSIGN(plan.alpha, alpha_of(given));
  TACT_ASSIGN(plan.alternative, side_of(given));
  TACT_ASSIGN(plan.ratio, given.number_or("ratio", 1.0));
  if (!(plan.ratio > 0.0)) return given.wrong("ratio", "must be positive");
  for (const auto& [key, least, into] :
       {std::tuple("arms", 2, &plan.arms), std::tuple("metrics", 1, &plan.metrics)}) {
    if (!given.has(key)) continue;
    TACT_ASSIGN(const std::int64_t count, given.count(key));
    if (count < least || count > 1000) {
      return given.wrong(key, "must be " + std::to_string(least) + " to 1000");
    }
    *into = static_cast<int>(count);
  }
  return plan;
}

// effect, or relative_effect of the baseline; the one given.
Result<std::optional<double>> effect_of(const Members& given, double baseline) {
  if (given.has("effect") && given.has("relative_effect")) {
    return given.wrong("relative_effect", "give effect or relative_effect, not both");
  }
  if (!given.has("relative_effect")) return given.optional_number("effect");
  if (baseline == 0.0) return given.wrong("relative_effect", "of a baseline of 0");
  TACT_ASSIGN(const double relative, given.number("relative_effect"));
  return std::optional(relative * (baseline < 0.0 ? -baseline : baseline));
}

struct Answer {
  double n = 0.0;
  double effect = 0.0;
  double power = 0.0;
};

Result<Answer> solve(const stats::PowerPlan& plan, std::optional<double> n,
                     std::optional<double> effect, std::optional<double> power) {
  Answer answer;
  if (!n) {
    TACT_ASSIGN(const std::int64_t visitors, stats::visitors_for(plan, *effect, *power));
    n = static_cast<double>(visitors);
  } else if (!effect) {
    TACT_ASSIGN(effect, stats::detectable_effect(plan, *n, *power));
  }
  answer.n = *n;
  answer.effect = *effect;
  TACT_ASSIGN(answer.power, stats::power_of(plan, *n, *effect));
  return answer;
}

Result<json::object> run_power() {
  TACT_ASSIGN(const json::object object, read_object());
  const Members given(object, "");
  TACT_TRY(given.only({"metric", "baseline", "sd", "n", "effect", "relative_effect", "power",
                       "alpha", "side", "arms", "metrics", "ratio", "history"}));
  TACT_ASSIGN(const stats::PowerPlan plan, read_plan(given));
  TACT_ASSIGN(const auto effect, effect_of(given, plan.baseline));
  TACT_ASSIGN(const auto power, given.optional_number("power"));
  std::optional<double> n;
  if (given.has("n")) {
    TACT_ASSIGN(const std::int64_t count, given.count("n"));
    if (count < 2) return given.wrong("n", "an arm needs at least two visitors");
    n = static_cast<double>(count);
  }
  if (power && !(*power > plan.alpha_per_comparison() && *power < 1.0)) {
    return given.wrong("power", "must lie between alpha and 1");
  }
  if ((n ? 1 : 0) + (effect ? 1 : 0) + (power ? 1 : 0) != 2) {
    return given.wrong(
        n && effect && power ? "power" : "n",
        "give two of n, effect (or relative_effect) and power; the third is the answer");
  }
  auto solved = solve(plan, n, effect, power);
  if (!solved.has_value()) return at_field(std::move(solved).error(), effect ? "effect" : "n");
  const double baseline = plan.baseline < 0.0 ? -plan.baseline : plan.baseline;
  json::object out{{"n", number(solved->n)}, {"effect", number(solved->effect)}};
  out["relative_effect"] = baseline > 0.0 ? number(solved->effect / baseline) : nullptr;
  out["power"] = number(solved->power);
  out["total"] = number(solved->n + (plan.arms - 1) * std::ceil(solved->n * plan.ratio));
  out["comparisons"] = (plan.arms - 1) * plan.metrics;
  out["alpha_per_comparison"] = number(plan.alpha_per_comparison());
  if (given.has("history")) {
    TACT_ASSIGN(out["days"],
                days_of_history(given, plan, solved->effect, power ? *power : solved->power));
  }
  return out;
}

}  // namespace

void add_power(CLI::App& stats, Run& run) {
  CLI::App* command = stats.add_subcommand(
      "power", "Planning: visitors, detectable effect or power from the other two");
  command->footer(
      "Standard input: {\"metric\": \"mean\"|\"proportion\", \"baseline\", \"sd\" (mean), and two "
      "of "
      "\"n\" (visitors of control),\n\"effect\" (or \"relative_effect\"), \"power\"; \"alpha\": "
      "0.05, "
      "\"side\", \"arms\": 2, \"metrics\": 1, \"ratio\": 1,\n\"history\": "
      "{\"daily_exposures\": [...], \"window_days\": 0, \"nonzero_share\" (mean)} for how many "
      "days};\nsee docs/stats.md");
  command->callback([&run] { run = [] { return answer(run_power()); }; });
}

}  // namespace tact::cli
