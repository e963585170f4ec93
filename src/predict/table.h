// What every model of this module is fitted on: a table of features, and what is to be predicted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>

namespace tact::predict {

// Row-major, rows * columns; NaN is a missing value and has its own way through every tree. Refers
// to values it does not own.
struct Features {
  std::span<const float> values;
  std::size_t columns = 0;

  std::size_t rows() const { return columns == 0 ? 0 : values.size() / columns; }
};

enum class Goal {
  kBinary,   // outcomes are 0 or 1; predictions are probabilities
  kRevenue,  // any finite amount, in the unit of the outcome; predictions are expected amounts
};

// Gradient-boosted trees (Chen & Guestrin 2016). How many of them is decided by each fit for
// itself: on a quarter of its rows held back; none at all if no tree predicts better than the mean.
struct ModelOptions {
  int depth = 3;             // 1 to 10
  double rate = 0.1;         // of learning, above 0 to 1
  int rounds_max = 200;      // trees at most, 1 to 10,000
  int patience = 10;         // trees without a gain before it stops, 1 to 10,000
  double rows_in_leaf = 10;  // at least; where a probability is fitted, of average variance. >= 1
  double shrinkage = 10;     // rows of "no difference" added to each leaf (lambda), >= 0
  std::stop_token stop;      // looked at before each tree: kUnavailable once asked
};

}  // namespace tact::predict
