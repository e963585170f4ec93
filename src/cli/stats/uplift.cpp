// tact stats uplift: does a score find those whom a treatment persuades?
#include "cli/stats/uplift.h"

#include <charconv>
#include <memory>
#include <set>

#include "cli/stats/calculators.h"
#include "cli/stats/contract.h"

namespace tact::cli {
namespace {

Result<std::vector<stats::ScoredOutcome>> read_rows(const Table& table, const UpliftGiven& given) {
  TACT_ASSIGN(const std::size_t score, table.require("score"));
  TACT_ASSIGN(const std::size_t arm, table.require("arm"));
  TACT_ASSIGN(const std::size_t outcome, table.require("outcome"));
  if (table.rows() == 0) return make_error(ErrorCode::kInvalid, "not enough data yet: no rows");
  TACT_ASSIGN(const UpliftArms arms, uplift_arms(table, arm, given));
  std::vector<stats::ScoredOutcome> rows;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    stats::ScoredOutcome read;
    TACT_ASSIGN(read.score, table.number(row, score));
    TACT_ASSIGN(read.outcome, table.number(row, outcome));
    const std::string& name = table.cell(row, arm);
    read.treated = name == arms.treatment;
    if (read.treated || name == arms.control) rows.push_back(read);
  }
  return rows;
}

json::object to_json(const stats::Area& area) {
  json::object out{{"estimate", number(area.estimate)}};
  put(out, area.interval);
  return out;
}

const char* verdict(const stats::UpliftReport& report) {
  if (!report.enough) return "not enough data yet";
  if (report.qini.interval.lower > 0.0) return "better than random";
  return report.qini.interval.upper < 0.0 ? "worse than random" : "no better than random";
}

// CLI11 takes -1 for 2^64 - 1, and all that is larger, too. Empty, or what is wrong.
std::string seed_in(const std::string& text) {
  std::uint64_t seed = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, seed);
  if (read.ec == std::errc() && read.ptr == end) return {};
  return "must be a whole number, 0 to 2^64 - 1";
}

Status check_options(const UpliftGiven& given) {
  TACT_TRY(check_level(given.report.alpha, "--alpha"));
  if (given.report.points < 1 || given.report.points > 1000) {
    return make_error(ErrorCode::kInvalid, "must be 1 to 1000", "--points");
  }
  if (given.report.resamples < 100 || given.report.resamples > 100'000) {
    return make_error(ErrorCode::kInvalid, "must be 100 to 100000", "--resamples");
  }
  return check_learner(given);
}

Result<UpliftAnswer> judge_score(const Table& table, const UpliftGiven& given) {
  TACT_ASSIGN(const auto rows, read_rows(table, given));
  TACT_ASSIGN(stats::UpliftReport report, stats::evaluate_uplift(rows, given.report));
  return UpliftAnswer{rows.size(), std::move(report)};
}

Result<json::object> run_uplift(const UpliftGiven& given) {
  TACT_TRY(check_options(given));
  TACT_ASSIGN(const Table table, Table::parse(read_input()));
  TACT_ASSIGN(const UpliftAnswer judged,
              given.learner ? learn_uplift(table, given) : judge_score(table, given));
  const stats::UpliftReport& report = judged.report;
  json::array curve;
  for (const stats::UpliftPoint& point : report.curve) {
    json::object out{{"fraction", number(point.fraction)}, {"gain", number(point.gain)}};
    put(out, point.interval);
    curve.push_back(std::move(out));
  }
  return json::object{{"n", judged.n},
                      {"effect", to_json(report.effect)},
                      {"qini", to_json(report.qini)},
                      {"auuc", to_json(report.auuc)},
                      {"verdict", verdict(report)},
                      {"curve", std::move(curve)}};
}

}  // namespace

Result<UpliftArms> uplift_arms(const Table& table, std::size_t arm, const UpliftGiven& given) {
  std::set<std::string> names;
  for (std::size_t row = 0; row < table.rows(); ++row) names.insert(table.cell(row, arm));
  const auto invalid = [](std::string message, const char* field) {
    return make_error(ErrorCode::kInvalid, std::move(message), field);
  };
  UpliftArms arms{given.control, given.treatment};
  for (const char* usual : {"control", "0", "holdout"}) {
    if (arms.control.empty() && names.contains(usual)) arms.control = usual;
  }
  if (arms.control.empty()) return invalid("name the arm that is control", "--control");
  if (!names.contains(arms.control))
    return invalid("no row has the arm " + arms.control, "--control");
  names.erase(arms.control);
  if (arms.treatment.empty() && names.size() == 1) arms.treatment = *names.begin();
  if (arms.treatment.empty()) {
    return invalid(names.empty() ? "not enough data yet: every row is of control"
                                 : "several arms beside control: name one",
                   "--treatment");
  }
  if (!names.contains(arms.treatment)) {
    return invalid("no row has the arm " + arms.treatment, "--treatment");
  }
  return arms;
}

void add_uplift(CLI::App& stats, Run& run) {
  auto given = std::make_shared<UpliftGiven>();
  CLI::App* command =
      stats.add_subcommand("uplift", "A score of who is persuadable: uplift and Qini curves");
  command->add_option("--control", given->control, "The arm not treated (control, 0 or holdout)");
  command->add_option("--treatment", given->treatment, "The arm compared, if there are several");
  command->add_option("--points", given->report.points, "Points of the curve (default 10)");
  command->add_option("--resamples", given->report.resamples, "Of the bootstrap (default 1000)");
  command->add_option("--seed", given->report.seed, "Of the bootstrap and the folds (default 1)")
      ->check(seed_in);
  command->add_option("--alpha", given->report.alpha, "Intervals at 1 - alpha (default 0.05)");
  command->add_option("--learner", given->learner,
                      "Learn the score: t, x or dr (needs --features)");
  command->add_option("--features", given->features, "Columns to learn from: a,b,c")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--propensity", given->propensity,
                      "Probability of the treatment (default: its share)");
  command->add_option("--folds", given->folds, "Whose rows a model does not see (default 5)");
  command->footer(
      "Standard input: CSV with the columns score,arm,outcome (or features,arm,outcome), one row a "
      "visitor of a randomised "
      "comparison;\nother arms than the two are left out; see docs/stats.md");
  command->callback([&run, given] { run = [given] { return answer(run_uplift(*given)); }; });
}

}  // namespace tact::cli
