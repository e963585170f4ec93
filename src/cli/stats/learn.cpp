// tact stats uplift --learner: the score is learned from features.
#include <algorithm>
#include <charconv>
#include <limits>

#include "cli/stats/contract.h"
#include "cli/stats/uplift.h"
#include "predict/uplift.h"

namespace tact::cli {
namespace {

Error wrong_flag(std::string message, const char* flag) {
  return make_error(ErrorCode::kInvalid, std::move(message), flag);
}

Result<predict::Learner> learner_of(const std::string& name) {
  if (name == "t") return predict::Learner::kT;
  if (name == "x") return predict::Learner::kX;
  if (name == "dr") return predict::Learner::kDr;
  return wrong_flag("must be t, x or dr", "--learner");
}

// Owns what predict::UpliftTable refers to.
struct Columns {
  std::vector<float> features;
  std::vector<int> arm;
  std::vector<double> outcome;
};

Result<float> feature(const Table& table, std::size_t row, std::size_t column) {
  const std::string& text = table.cell(row, column);
  if (text.empty() || text == "NA" || text == "NaN") return std::numeric_limits<float>::quiet_NaN();
  const auto value = table.number(row, column);
  if (!value) {
    return table.wrong(row, column,
                       "must be a finite number, or empty where it is not known; give a category "
                       "one column of 0 and 1 for each of its values");
  }
  return static_cast<float>(*value);
}

Result<Columns> read_columns(const Table& table, const UpliftGiven& given) {
  TACT_ASSIGN(const std::size_t arm, table.require("arm"));
  TACT_ASSIGN(const std::size_t outcome, table.require("outcome"));
  std::vector<std::size_t> features;
  for (const std::string& name : given.features) {
    TACT_ASSIGN(features.emplace_back(), table.require(name));
  }
  if (table.rows() == 0) return make_error(ErrorCode::kInvalid, "not enough data yet: no rows");
  TACT_ASSIGN(const UpliftArms arms, uplift_arms(table, arm, given));
  Columns out;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string& name = table.cell(row, arm);
    TACT_ASSIGN(const double value, table.number(row, outcome));
    if (name != arms.treatment && name != arms.control) continue;
    out.arm.push_back(name == arms.treatment ? 1 : 0);
    out.outcome.push_back(value);
    for (const std::size_t column : features) {
      TACT_ASSIGN(out.features.emplace_back(), feature(table, row, column));
    }
  }
  return out;
}

// The model's table names a feature by its number, and an outcome by a row that no user has seen.
Error named(Error error, const UpliftGiven& given) {
  const std::string_view where = error.where;
  const std::string_view features = "features[";
  if (where.starts_with("outcome[")) return at_field(std::move(error), "outcome");
  if (!where.starts_with(features)) return error;
  std::size_t column = 0;
  std::from_chars(where.data() + features.size(), where.data() + where.size(), column);
  return at_field(std::move(error), given.features.at(column));
}

}  // namespace

Status check_learner(const UpliftGiven& given) {
  if (!given.learner) {
    if (!given.features.empty()) return wrong_flag("goes with --learner", "--features");
    if (given.propensity) return wrong_flag("goes with --learner", "--propensity");
    if (given.folds) return wrong_flag("goes with --learner", "--folds");
    return ok();
  }
  TACT_TRY(learner_of(*given.learner));
  if (given.features.empty()) return wrong_flag("name the columns to learn from", "--features");
  for (auto name = given.features.begin(); name != given.features.end(); ++name) {
    if (name->find_first_not_of(" \t") == std::string::npos) {
      return wrong_flag("the name of a column is empty", "--features");
    }
    if (*name == "arm" || *name == "outcome") {
      return wrong_flag(*name + " is what is to be predicted, not a feature", "--features");
    }
    if (std::find(given.features.begin(), name, *name) != name) {
      return wrong_flag(*name + " is named twice", "--features");
    }
  }
  if (given.propensity && !(*given.propensity > 0.0 && *given.propensity < 1.0)) {
    return wrong_flag("must be above 0 and below 1", "--propensity");
  }
  if (given.folds && (*given.folds < 2 || *given.folds > 20)) {
    return wrong_flag("must be 2 to 20", "--folds");
  }
  return ok();
}

Result<UpliftAnswer> learn_uplift(const Table& table, const UpliftGiven& given) {
  TACT_ASSIGN(const Columns columns, read_columns(table, given));
  const auto& outcome = columns.outcome;
  const bool binary =
      std::all_of(outcome.begin(), outcome.end(), [](double y) { return y == 0.0 || y == 1.0; });
  const predict::UpliftTable rows{{columns.features, given.features.size()},
                                  columns.arm,
                                  outcome,
                                  binary ? predict::Goal::kBinary : predict::Goal::kRevenue};
  predict::LearnerOptions options{.seed = given.report.seed};
  TACT_ASSIGN(options.learner, learner_of(*given.learner));
  if (given.propensity) {
    options.propensity = {predict::Assignment::kKnown, *given.propensity};
  }
  options.folds = given.folds.value_or(options.folds);
  auto effects = predict::predict_effects(rows, options);
  if (!effects) return named(std::move(effects).error(), given);
  TACT_ASSIGN(predict::RankingReport judged,
              predict::judge_ranking(rows, effects->front(), given.report));
  return UpliftAnswer{rows.rows(), std::move(judged.report)};
}

}  // namespace tact::cli
