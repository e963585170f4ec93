// The verdict on a predicted order (uplift.h).
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "predict/internal/checks.h"
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
  return ok();
}

Ranking ranking_of(const stats::UpliftReport& report) {
  if (!report.enough) return Ranking::kNotEnough;
  if (report.qini.interval.lower > 0.0) return Ranking::kBetter;
  return report.qini.interval.upper < 0.0 ? Ranking::kWorse : Ranking::kNoBetter;
}

std::string figure(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

}  // namespace

std::vector<double> places_within_folds(std::span<const double> effect, std::span<const int> fold) {
  std::vector<std::size_t> order(effect.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return fold[a] != fold[b] ? fold[a] < fold[b] : effect[a] < effect[b];
  });
  std::vector<double> place(effect.size());
  const auto end_of = [&](std::size_t from, const auto& same) {
    while (from < order.size() && same(order[from])) ++from;
    return from;
  };
  for (std::size_t begin = 0; begin < order.size();) {
    const int here = fold[order[begin]];
    const std::size_t end = end_of(begin, [&](std::size_t i) { return fold[i] == here; });
    const auto size = static_cast<double>(end - begin);
    for (std::size_t first = begin; first < end;) {
      const double value = effect[order[first]];
      const auto same = [&](std::size_t i) { return fold[i] == here && effect[i] == value; };
      const std::size_t last = end_of(first, same);
      // The mean of the places (k + 1/2) / size of those that are equal.
      const double middle = static_cast<double>(first - begin + last - begin) / 2.0 / size;
      for (; first < last; ++first) place[order[first]] = middle;
    }
    begin = end;
  }
  return place;
}

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
  widen(report.qini.estimate, report.qini.interval);
  widen(report.auuc.estimate, report.auuc.interval);
  for (std::size_t p = 0; p + 1 < report.curve.size(); ++p) {
    widen(report.curve[p].gain, report.curve[p].interval);
  }
  const Ranking ranking = ranking_of(report);
  return RankingReport{effects.arm, std::move(report), ranking};
}

std::string sentence(const RankingReport& report, std::string_view name, double alpha) {
  std::string text(name);
  switch (report.ranking) {
    case Ranking::kNotEnough:
      return text + ": not enough data yet";
    case Ranking::kBetter:
      text += ": the order is better than random";
      break;
    case Ranking::kNoBetter:
      text += ": the order is no better than random";
      break;
    case Ranking::kWorse:
      text += ": the order is worse than random";
      break;
  }
  const stats::Area& qini = report.report.qini;
  return text + " (Qini " + figure(qini.estimate) + ", " + figure(100.0 * (1.0 - alpha)) +
         " % interval " + figure(qini.interval.lower) + " to " + figure(qini.interval.upper) + ")";
}

}  // namespace tact::predict
