// tact stats ope: what another policy would have earned.
#include "stats/ope.h"

#include <memory>

#include "cli/stats/calculators.h"
#include "cli/stats/contract.h"
#include "cli/stats/table.h"

namespace tact::cli {
namespace {

Result<stats::OffPolicySums> read_log(const Table& table) {
  TACT_ASSIGN(const std::size_t reward, table.require("reward"));
  TACT_ASSIGN(const std::size_t propensity, table.require("propensity"));
  TACT_ASSIGN(const std::size_t target, table.require("target_probability"));
  const auto predicted = table.column("predicted");
  const auto predicted_target = table.column("predicted_target");
  if (predicted.has_value() != predicted_target.has_value()) {
    return make_error(ErrorCode::kInvalid, "predicted and predicted_target go together",
                      predicted ? "predicted_target" : "predicted");
  }
  stats::OffPolicySums sums;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    stats::LoggedDecision decision;
    TACT_ASSIGN(decision.reward, table.number(row, reward));
    TACT_ASSIGN(decision.propensity, table.number(row, propensity));
    TACT_ASSIGN(decision.target, table.number(row, target));
    if (!(decision.propensity > 0.0 && decision.propensity <= 1.0)) {
      return table.wrong(row, propensity, "must lie above 0 and up to 1: it was chosen");
    }
    if (!(decision.target >= 0.0 && decision.target <= 1.0)) {
      return table.wrong(row, target, "must lie between 0 and 1");
    }
    if (predicted) {
      TACT_ASSIGN(decision.predicted, table.number(row, *predicted));
      TACT_ASSIGN(decision.predicted_target, table.number(row, *predicted_target));
    }
    if (auto status = sums.add(decision, predicted.has_value()); !status.has_value()) {
      return table.wrong(row, reward, status.error().message);
    }
  }
  return sums;
}

json::value to_json(const std::optional<stats::PolicyValue>& value) {
  if (!value) return nullptr;
  json::object out{{"estimate", number(value->estimate)}, {"se", number(value->standard_error)}};
  put(out, value->interval);
  return out;
}

json::value to_json(const std::optional<stats::Interval>& interval) {
  if (!interval) return nullptr;
  json::object out;
  put(out, *interval);
  return out;
}

Result<json::object> run_off_policy(double alpha) {
  TACT_TRY(check_level(alpha, "--alpha"));
  TACT_ASSIGN(const Table table, Table::parse(read_input()));
  TACT_ASSIGN(const stats::OffPolicySums sums, read_log(table));
  TACT_ASSIGN(const stats::OffPolicyReport report, stats::evaluate_policy(sums, alpha));
  return json::object{{"n", sums.n},
                      {"ips", to_json(report.ips)},
                      {"snips", to_json(report.snips)},
                      {"dr", to_json(report.dr)},
                      {"always_valid", to_json(report.always_valid)},
                      {"ess", number(report.ess)},
                      {"mean_weight", number(report.mean_weight)},
                      {"mean_weight_interval", to_json(std::optional(report.mean_weight_interval))},
                      {"unsupported_mass", number(report.unsupported_mass)},
                      {"estimable", report.estimable},
                      {"reason", report.reason}};
}

}  // namespace

void add_off_policy(CLI::App& stats, Run& run) {
  auto alpha = std::make_shared<double>(0.05);
  CLI::App* command = stats.add_subcommand(
      "ope", "Off-policy: what another policy would have earned, or a refusal");
  command->add_option("--alpha", *alpha, "Intervals at 1 - alpha (default 0.05)");
  command->footer(
      "Standard input: CSV with the columns reward,propensity,target_probability, one row a "
      "decision;\npredicted,predicted_target of a reward model if there is one; see docs/stats.md");
  command->callback([&run, alpha] { run = [alpha] { return answer(run_off_policy(*alpha)); }; });
}

}  // namespace tact::cli
