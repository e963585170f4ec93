// How good the predicted baseline is (baseline.h).
#include <array>

#include "predict/internal/checks.h"
#include "predict/internal/cross_fit.h"
#include "predict/internal/places.h"

namespace tact::predict {
namespace {

constexpr int kDeciles = 10;

// Mann & Whitney (1947), within folds: places are mean ranks, from which pairs are counted.
struct Pairs {
  double better = 0.0;
  double all = 0.0;
};

Pairs count_pairs(std::span<const double> place, std::span<const double> outcome,
                  std::span<const int> fold) {
  struct Fold {
    double hits = 0.0;
    double rows = 0.0;
    double places = 0.0;  // of the hits
  };
  std::vector<Fold> folds;
  for (std::size_t i = 0; i < place.size(); ++i) {
    const auto k = static_cast<std::size_t>(fold[i]);
    if (k >= folds.size()) folds.resize(k + 1);
    folds[k].rows += 1.0;
    if (outcome[i] == 0.0) continue;
    folds[k].hits += 1.0;
    folds[k].places += place[i];
  }
  Pairs pairs;
  for (const Fold& one : folds) {
    // place * rows is the mean rank, from 1/2; the hits among themselves take hits^2 / 2 of the
    // sum.
    pairs.better += one.places * one.rows - one.hits * one.hits / 2.0;
    pairs.all += one.hits * (one.rows - one.hits);
  }
  return pairs;
}

// The held-back rows, in one repetition.
struct HeldBack {
  std::vector<int> fold;
  std::vector<double> prediction;
  std::vector<double> outcome;
};

HeldBack held_back(const UpliftTable& table, const Baseline& baseline, std::size_t repetition) {
  HeldBack out;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (table.arm[i] != 0) continue;
    out.fold.push_back(baseline.fold[repetition][i]);
    out.prediction.push_back(baseline.prediction[repetition][i]);
    out.outcome.push_back(table.outcome[i]);
  }
  return out;
}

}  // namespace

Result<Calibration> calibrate(const UpliftTable& table, const Baseline& baseline) {
  TACT_TRY(check_baseline(table, baseline));
  std::array<CalibrationBin, kDeciles> bins{};
  const auto repetitions = static_cast<double>(baseline.fold.size());
  Calibration out;
  Pairs pairs;
  for (std::size_t r = 0; r < baseline.fold.size(); ++r) {
    const HeldBack rows = held_back(table, baseline, r);
    if (rows.outcome.empty()) return invalid("not enough data yet: no row is held back", "arm");
    const auto n = static_cast<double>(rows.outcome.size());
    double mean = 0.0;
    for (const double y : rows.outcome) mean += y / n;
    const auto decile = parts_within_folds(rows.prediction, rows.fold, kDeciles);
    for (std::size_t i = 0; i < rows.outcome.size(); ++i) {
      const double y = rows.outcome[i];
      const double p = rows.prediction[i];
      out.squared_error += (y - p) * (y - p) / n / repetitions;
      out.squared_error_of_mean += (y - mean) * (y - mean) / n / repetitions;
      CalibrationBin& bin = bins[decile[i]];
      bin.rows += 1.0;
      bin.predicted += p;
      bin.observed += y;
    }
    if (table.goal != Goal::kBinary) continue;
    const Pairs counted =
        count_pairs(places_within_folds(rows.prediction, rows.fold), rows.outcome, rows.fold);
    pairs.better += counted.better;
    pairs.all += counted.all;
  }
  for (CalibrationBin& bin : bins) {
    if (bin.rows == 0.0) continue;
    bin.predicted /= bin.rows;
    bin.observed /= bin.rows;
    bin.rows /= repetitions;
    out.deciles.push_back(bin);
  }
  if (pairs.all > 0.0) out.auc = pairs.better / pairs.all;
  return out;
}

}  // namespace tact::predict
