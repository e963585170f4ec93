// What happens anyway: the outcome each visitor would have without the treatment, predicted from
// the held-back arm alone, and the treatment's effect by how likely it was anyway. Tells demand
// that was captured from demand that was created. Source: Abadie, Chingos & West (2018),
// "Endogenous stratification in randomized experiments": who is scored by a model that has seen his
// own outcome looks better in the high strata and worse in the low ones than he was, and the
// effects there come out too low and too high. Their repeated split estimator scores and compares
// only rows that a model did not see; so does this, in folds.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "predict/uplift.h"
#include "stats/inference.h"

namespace tact::predict {

struct BaselineOptions {
  int folds = 5;        // 2 to 20
  int repetitions = 4;  // of the split, 1 to 100; intervals want 4 or more
  std::uint64_t seed = 1;
  ModelOptions model;
};

// Both arms are dealt to folds. The model of a fold is fitted on the held-back rows (arm 0) of the
// others and scores this fold's rows of every arm: within a fold and a repetition all arms are
// scored by one model that has seen none of them, and can be compared.
struct Baseline {
  std::vector<std::vector<int>> fold;           // [repetition][row of the table]
  std::vector<std::vector<double>> prediction;  // the same; a probability or an expected amount

  // Of each row, over the repetitions.
  std::vector<double> mean_prediction() const;
};

// kInvalid as predict_effects says (uplift.h). Cost: repetitions * folds models (trees.h).
Result<Baseline> predict_baseline(const UpliftTable& table, const BaselineOptions& options = {});

struct StrataOptions {
  int arm = 1;               // compared with control
  int strata = 3;            // equal parts of the rows by prediction, 2 to 20; not used with cuts
  std::vector<double> cuts;  // ascending; a prediction equal to a cut belongs above it
  double alpha = 0.05;
};

// Counts are of rows, on average over the repetitions; the outcome is per row.
struct Stratum {
  double treated = 0.0;
  double control = 0.0;
  double treated_nonzero = 0.0;  // with a non-zero outcome, for the gate (stats/gate.h)
  double control_nonzero = 0.0;
  double share = 0.0;      // of the rows of both arms
  double predicted = 0.0;  // mean prediction of both arms
  // Absent where no fold has rows of both arms here.
  std::optional<double> anyway;  // mean outcome of control, folds weighted as in the effect
  std::optional<double> effect;  // treated - control, fold by fold, weighted by their rows here
  std::optional<double>
      standard_error;        // absent if a repetition has no fold with two rows of an arm
  stats::Interval interval;  // of the effect, pointwise
};

struct StrataReport {
  std::vector<Stratum> strata;  // lowest predictions first
  Stratum all;                  // everybody as one stratum
};

// The variance is that of one repetition, which averaging over several never makes larger. That is
// needed: every pair of held-back rows is used twice, each scored by a model with the other in it,
// so that with weak features one repetition alone varies more than its variance says (95 %
// intervals cover about 92 %). From 4 repetitions on they cover 95 % or more. Before the gate no
// interval is to be shown. kInvalid: a baseline of another table, an arm that does not exist,
// options out of range. O(repetitions * n log n).
Result<StrataReport> effects_by_baseline(const UpliftTable& table, const Baseline& baseline,
                                         const StrataOptions& options = {});

// How good the predictions are, on held-back rows that the model did not see.
struct CalibrationBin {
  double rows = 0.0;  // on average over the repetitions
  double predicted = 0.0;
  double observed = 0.0;
};
struct Calibration {
  std::vector<CalibrationBin> deciles;  // by prediction within folds, lowest first; none is empty
  double squared_error = 0.0;           // mean; the Brier score (1950) of a binary goal
  double squared_error_of_mean = 0.0;   // the same if everybody were predicted the mean
  // Binary: probability that a row with the outcome was predicted more than one without, ties half;
  // within folds. Absent without such pairs, and for revenue.
  std::optional<double> auc;
};

// kInvalid: a baseline of another table. O(repetitions * n log n).
Result<Calibration> calibrate(const UpliftTable& table, const Baseline& baseline);

}  // namespace tact::predict
