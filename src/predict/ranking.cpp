// The verdict on a predicted order (uplift.h).
#include <algorithm>
#include <cmath>
#include <functional>

#include "predict/internal/checks.h"
#include "predict/internal/places.h"
#include "predict/uplift.h"

namespace tact::predict {
namespace {

void widen(const double estimate, stats::Interval& interval) {
  const double factor = std::sqrt(2.0);
  interval.lower = estimate - factor * (estimate - interval.lower);
  interval.upper = estimate + factor * (interval.upper - estimate);
}

Status check_effects(const UpliftTable& table, const ArmEffects& effects) {
  if (!effects.randomised) {
    return invalid("a verdict needs a randomised comparison, not an estimated propensity",
                   "effects");
  }
  const std::size_t n = effects.rows.size();
  if (effects.effect.size() != n || effects.fold.size() != n) {
    return invalid("rows, effects and folds are not of one length", "effects");
  }
  for (const std::size_t row : effects.rows) {
    const bool known = row < table.rows() && row < table.outcome.size();
    if (!known || (table.arm[row] != 0 && table.arm[row] != effects.arm)) {
      return invalid("the effects belong to another table", "effects");
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (!std::isfinite(effects.effect[i]) || effects.fold[i] < 0 || effects.fold[i] >= kFoldsMax) {
      return invalid("an effect is not finite, or a fold out of range", "effects");
    }
  }
  return ok();
}

Ranking ranking_of(const stats::UpliftReport& report) {
  if (!report.enough) return Ranking::kNotEnough;
  if (report.qini.interval.lower > 0.0) return Ranking::kBetter;
  return report.qini.interval.upper < 0.0 ? Ranking::kWorse : Ranking::kNoBetter;
}

}  // namespace

Result<RankingReport> judge_ranking(const UpliftTable& table, const ArmEffects& effects,
                                    const stats::UpliftOptions& options) {
  TACT_TRY(check_effects(table, effects));
  const std::vector<double> place = places_within_folds(effects.effect, effects.fold);
  std::vector<stats::ScoredOutcome> rows;
  for (std::size_t i = 0; i < place.size(); ++i) {
    const std::size_t row = effects.rows[i];
    rows.push_back({place[i], table.arm[row] != 0, table.outcome[row]});
  }
  TACT_ASSIGN(stats::UpliftReport report, stats::evaluate_uplift(rows, options));
  const bool order =
      std::adjacent_find(place.begin(), place.end(), std::not_equal_to<>()) != place.end();
  // No order at all: 0 by definition, not by what rounding leaves of it.
  if (!order) report.qini = {0.0, {0.0, 0.0}};
  widen(report.qini.estimate, report.qini.interval);
  widen(report.auuc.estimate, report.auuc.interval);
  for (std::size_t p = 0; p + 1 < report.curve.size(); ++p) {
    widen(report.curve[p].gain, report.curve[p].interval);
  }
  const Ranking ranking = ranking_of(report);
  return RankingReport{effects.arm, std::move(report), ranking};
}

Result<std::vector<RankingReport>> judge_rankings(const UpliftTable& table,
                                                  std::span<const ArmEffects> arms,
                                                  const stats::UpliftOptions& options) {
  std::vector<RankingReport> reports;
  for (const ArmEffects& effects : arms) {
    TACT_ASSIGN(reports.emplace_back(), judge_ranking(table, effects, options));
  }
  return reports;
}

}  // namespace tact::predict
