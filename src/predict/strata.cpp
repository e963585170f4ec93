// Effects by predicted baseline (baseline.h).
#include <algorithm>
#include <array>
#include <cmath>

#include "predict/internal/checks.h"
#include "predict/internal/cross_fit.h"
#include "predict/internal/places.h"
#include "stats/normal.h"

namespace tact::predict {
namespace {

// Rows of one arm, fold and stratum in one repetition.
struct Cell {
  double n = 0.0;
  double sum = 0.0;
  double squares = 0.0;  // of distances from the mean, by Welford's (1962) update

  void add(double y) {
    const double before = n == 0.0 ? 0.0 : sum / n;
    n += 1.0;
    sum += y;
    squares += (y - before) * (y - sum / n);
  }
  double mean() const { return sum / n; }
};
using Pair = std::array<Cell, 2>;  // control, treated

// What one repetition says of a stratum.
struct Estimate {
  double anyway = 0.0;
  double effect = 0.0;
  std::optional<double> variance;
};

std::optional<Estimate> estimate(const std::vector<Pair>& folds) {
  double weight = 0.0;
  for (const Pair& cell : folds) {
    if (cell[0].n > 0.0 && cell[1].n > 0.0) weight += cell[0].n + cell[1].n;
  }
  if (weight == 0.0) return std::nullopt;
  Estimate out;
  std::array<double, 2> squares{};
  std::array<double, 2> freedom{};
  std::array<double, 2> spread{};  // the sum of squared weights by rows
  for (const Pair& cell : folds) {
    if (cell[0].n == 0.0 || cell[1].n == 0.0) continue;
    const double w = (cell[0].n + cell[1].n) / weight;
    out.anyway += w * cell[0].mean();
    out.effect += w * (cell[1].mean() - cell[0].mean());
    for (std::size_t arm = 0; arm < 2; ++arm) {
      squares[arm] += cell[arm].squares;
      freedom[arm] += cell[arm].n - 1.0;
      spread[arm] += w * w / cell[arm].n;
    }
  }
  if (freedom[0] > 0.0 && freedom[1] > 0.0) {
    out.variance = squares[0] / freedom[0] * spread[0] + squares[1] / freedom[1] * spread[1];
  }
  return out;
}

// The sums of one stratum over the repetitions.
struct Sums {
  Stratum counts;
  double rows = 0.0;
  double predicted = 0.0;
  double repetitions = 0.0;  // with an estimate
  double anyway = 0.0;
  double effect = 0.0;
  double variance = 0.0;
  bool has_variance = true;

  void add_row(bool treated, double outcome, double prediction) {
    (treated ? counts.treated : counts.control) += 1.0;
    if (outcome != 0.0) (treated ? counts.treated_nonzero : counts.control_nonzero) += 1.0;
    rows += 1.0;
    predicted += prediction;
  }
  void add(const std::optional<Estimate>& one) {
    if (!one) return;
    repetitions += 1.0;
    anyway += one->anyway;
    effect += one->effect;
    variance += one->variance.value_or(0.0);
    has_variance = has_variance && one->variance.has_value();
  }
  Stratum finish(double all_repetitions, double all_rows, double critical) const {
    Stratum out = counts;
    for (double* count : {&out.treated, &out.control, &out.treated_nonzero, &out.control_nonzero}) {
      *count /= all_repetitions;
    }
    out.share = rows / all_rows;
    if (rows > 0.0) out.predicted = predicted / rows;
    if (repetitions == 0.0) return out;
    out.anyway = anyway / repetitions;
    out.effect = effect / repetitions;
    if (!has_variance) return out;
    out.standard_error = std::sqrt(variance / repetitions);
    out.interval = {*out.effect - critical * *out.standard_error,
                    *out.effect + critical * *out.standard_error};
    return out;
  }
};

Status check(const UpliftTable& table, const Baseline& baseline, const StrataOptions& options) {
  TACT_TRY(stats::check_alpha(options.alpha));
  TACT_TRY(check_baseline(table, baseline));
  if (options.cuts.empty() && (options.strata < 2 || options.strata > 20)) {
    return invalid("must be 2 to 20", "strata");
  }
  for (std::size_t i = 0; i < options.cuts.size(); ++i) {
    const bool ascending = i == 0 || options.cuts[i] > options.cuts[i - 1];
    if (!std::isfinite(options.cuts[i]) || !ascending) {
      return invalid("cuts are finite and ascending", "cuts[" + std::to_string(i) + "]");
    }
  }
  const auto has = [&](int arm) { return std::count(table.arm.begin(), table.arm.end(), arm) > 0; };
  if (options.arm < 1 || !has(options.arm) || !has(0)) {
    return invalid("not enough data yet: the arm or control has no rows", "arm");
  }
  return ok();
}

// The rows of the comparison, in one repetition.
struct Compared {
  std::vector<std::size_t> row;
  std::vector<int> fold;
  std::vector<double> prediction;
};

Compared compared(const UpliftTable& table, const Baseline& baseline, std::size_t repetition,
                  int arm) {
  Compared out;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (table.arm[i] != 0 && table.arm[i] != arm) continue;
    out.row.push_back(i);
    out.fold.push_back(baseline.fold[repetition][i]);
    out.prediction.push_back(baseline.prediction[repetition][i]);
  }
  return out;
}

std::vector<std::size_t> strata_of(const Compared& rows, const StrataOptions& options) {
  std::vector<std::size_t> stratum;
  if (options.cuts.empty()) return parts_within_folds(rows.prediction, rows.fold, options.strata);
  for (const double prediction : rows.prediction) {
    const auto above = std::upper_bound(options.cuts.begin(), options.cuts.end(), prediction);
    stratum.push_back(static_cast<std::size_t>(above - options.cuts.begin()));
  }
  return stratum;
}

}  // namespace

Result<StrataReport> effects_by_baseline(const UpliftTable& table, const Baseline& baseline,
                                         const StrataOptions& options) {
  TACT_TRY(check(table, baseline, options));
  const std::size_t strata =
      options.cuts.empty() ? static_cast<std::size_t>(options.strata) : options.cuts.size() + 1;
  std::vector<Sums> sums(strata + 1);  // the last: everybody
  for (std::size_t r = 0; r < baseline.fold.size(); ++r) {
    const Compared rows = compared(table, baseline, r, options.arm);
    const std::vector<std::size_t> stratum = strata_of(rows, options);
    const int folds = *std::max_element(rows.fold.begin(), rows.fold.end()) + 1;
    std::vector<std::vector<Pair>> cells(strata + 1,
                                         std::vector<Pair>(static_cast<std::size_t>(folds)));
    for (std::size_t i = 0; i < rows.row.size(); ++i) {
      const bool treated = table.arm[rows.row[i]] != 0;
      const double outcome = table.outcome[rows.row[i]];
      for (const std::size_t s : {stratum[i], strata}) {
        sums[s].add_row(treated, outcome, rows.prediction[i]);
        cells[s][static_cast<std::size_t>(rows.fold[i])][treated ? 1 : 0].add(outcome);
      }
    }
    for (std::size_t s = 0; s <= strata; ++s) sums[s].add(estimate(cells[s]));
  }
  const double critical = stats::normal_critical(options.alpha / 2.0);
  const auto repetitions = static_cast<double>(baseline.fold.size());
  StrataReport report;
  for (std::size_t s = 0; s <= strata; ++s) {
    report.strata.push_back(sums[s].finish(repetitions, sums[strata].rows, critical));
  }
  report.all = report.strata.back();
  report.strata.pop_back();
  return report;
}

}  // namespace tact::predict
