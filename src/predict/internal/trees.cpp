#include "predict/internal/trees.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <string>

#include "base/stop.h"
#include "predict/internal/folds.h"
#include "predict/internal/library.h"

namespace tact::predict {
namespace {

using Rows = std::span<const std::size_t>;

struct FreeMatrix {
  const Library* api;
  void operator()(void* handle) const { api->matrix_free(handle); }
};
struct FreeBooster {
  const Library* api;
  void operator()(void* handle) const { api->booster_free(handle); }
};
using Matrix = std::unique_ptr<void, FreeMatrix>;
using Booster = std::unique_ptr<void, FreeBooster>;

Status check(const Library& api, int status) {
  if (status == 0) return ok();
  std::string text = api.last_error();
  return make_error(ErrorCode::kInternal, text.substr(0, text.find('\n')), "XGBoost");
}

// The target on the scale it is fitted on, and back.
struct Scale {
  Goal goal = Goal::kRevenue;
  double mean = 0.0;
  double deviation = 0.0;  // of the target; 0: it is constant, and so is the model

  double variance_in_fit() const {  // second derivative of the loss at the mean
    return goal == Goal::kBinary ? mean * (1.0 - mean) : 1.0;
  }
  float forth(double y) const {
    return static_cast<float>(goal == Goal::kBinary ? y : (y - mean) / deviation);
  }
  double back(float prediction) const {
    const auto p = static_cast<double>(prediction);
    return goal == Goal::kBinary ? p : mean + deviation * p;
  }
};

Scale scale_of(std::span<const double> target, Goal goal) {
  Scale scale{goal};
  const auto n = static_cast<double>(target.size());
  for (const double y : target) scale.mean += y / n;
  const bool constant =
      std::all_of(target.begin(), target.end(), [&](double y) { return y == target.front(); });
  if (constant) {
    scale.mean = target.front();
    return scale;
  }
  for (const double y : target) scale.deviation += (y - scale.mean) * (y - scale.mean) / n;
  scale.deviation = std::sqrt(scale.deviation);
  return scale;
}

Result<Matrix> matrix_of(const Library& api, const Features& features, Rows rows) {
  std::vector<float> dense;
  dense.reserve(rows.size() * features.columns);
  for (const std::size_t row : rows) {
    const auto values = features.values.subspan(row * features.columns, features.columns);
    dense.insert(dense.end(), values.begin(), values.end());
  }
  void* handle = nullptr;
  TACT_TRY(check(api, api.matrix_create(dense.data(), rows.size(), features.columns,
                                        std::numeric_limits<float>::quiet_NaN(), &handle, 1)));
  return Matrix(handle, FreeMatrix{&api});
}

std::string text_of(double number) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  return {buffer.data(), end};
}

Result<Booster> booster_of(const Library& api, std::span<void* const> matrices, const Scale& scale,
                           const ModelOptions& options) {
  void* handle = nullptr;
  TACT_TRY(check(api, api.booster_create(matrices.data(), matrices.size(), &handle)));
  Booster booster(handle, FreeBooster{&api});
  const bool binary = scale.goal == Goal::kBinary;
  const double row = scale.variance_in_fit();
  const std::array<std::pair<const char*, std::string>, 11> parameters{{
      {"verbosity", "0"},
      {"nthread", "1"},
      {"tree_method", "hist"},
      {"max_bin", "64"},
      {"seed", "0"},  // nothing in these settings draws
      {"objective", binary ? "binary:logistic" : "reg:squarederror"},
      {"base_score", binary ? text_of(scale.mean) : "0"},
      {"max_depth", std::to_string(options.depth)},
      {"eta", text_of(options.rate)},
      {"min_child_weight", text_of(options.rows_in_leaf * row)},
      {"lambda", text_of(options.shrinkage * row)},
  }};
  for (const auto& [name, value] : parameters) {
    TACT_TRY(check(api, api.booster_set(handle, name, value.c_str())));
  }
  return booster;
}

Result<std::vector<float>> predict(const Library& api, void* booster, void* matrix) {
  bst_ulong n = 0;
  const float* out = nullptr;
  TACT_TRY(check(api, api.booster_predict(booster, matrix, 0, 0, 0, &n, &out)));
  return std::vector<float>(out, out + n);
}

double loss(const std::vector<float>& predictions, const std::vector<float>& target, Goal goal) {
  double sum = 0.0;
  for (std::size_t i = 0; i < target.size(); ++i) {
    const auto p = static_cast<double>(predictions[i]);
    const auto y = static_cast<double>(target[i]);
    if (goal == Goal::kBinary) {
      sum -= std::log(std::max(y > 0.5 ? p : 1.0 - p, 1e-15));
    } else {
      sum += (y - p) * (y - p);
    }
  }
  return sum;
}

struct Labelled {
  Matrix matrix;
  std::vector<float> target;
};

Result<Labelled> labelled(const Library& api, const Features& features, Rows rows,
                          std::vector<float> target) {
  TACT_ASSIGN(Matrix matrix, matrix_of(api, features, rows));
  TACT_TRY(check(api, api.matrix_set(matrix.get(), "label", target.data(), target.size())));
  return Labelled{std::move(matrix), std::move(target)};
}

// What one fit needs, so that choosing the number of trees and growing them share it.
struct Growth {
  const Library& api;
  const Features& features;
  const ModelOptions& options;
  const Scale& scale;
};

// The number of trees that predict rows they were not grown on best; 0 if the mean does.
Result<int> count_of_trees(const Growth& growth, Rows rows, const std::vector<float>& target,
                           std::uint64_t seed) {
  const std::vector<int> part = deal(rows.size(), 4, seed);
  std::array<std::vector<std::size_t>, 2> side;
  std::array<std::vector<float>, 2> sides_target;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t held_back = part[i] == 0 ? 1 : 0;
    side[held_back].push_back(rows[i]);
    sides_target[held_back].push_back(target[i]);
  }
  if (side[0].empty() || side[1].empty()) return 0;
  const Library& api = growth.api;
  TACT_ASSIGN(const Labelled grown,
              labelled(api, growth.features, side[0], std::move(sides_target[0])));
  TACT_ASSIGN(const Labelled held,
              labelled(api, growth.features, side[1], std::move(sides_target[1])));
  const std::array<void*, 2> both{grown.matrix.get(), held.matrix.get()};
  TACT_ASSIGN(const Booster booster, booster_of(api, both, growth.scale, growth.options));
  const Goal goal = growth.scale.goal;
  const double mean = goal == Goal::kBinary ? growth.scale.mean : 0.0;
  double best =
      loss(std::vector<float>(held.target.size(), static_cast<float>(mean)), held.target, goal);
  int trees = 0;
  for (int round = 0; round < growth.options.rounds_max; ++round) {
    if (round - trees >= growth.options.patience) break;
    TACT_TRY(check_not_stopped(growth.options.stop));
    TACT_TRY(check(api, api.booster_update(booster.get(), round, both[0])));
    TACT_ASSIGN(const std::vector<float> predicted, predict(api, booster.get(), both[1]));
    const double now = loss(predicted, held.target, goal);
    if (now < best) {
      best = now;
      trees = round + 1;
    }
  }
  return trees;
}

Model constant(double value) {
  return [value](Rows rows) -> Result<std::vector<double>> {
    return std::vector<double>(rows.size(), value);
  };
}

// A matrix of rows of the fitted table, or of any others with its columns.
using Predict = std::function<Result<std::vector<double>>(void* matrix)>;

Predict predict_with(const Library& api, Booster booster, const Scale& scale) {
  return [api = &api, kept = std::shared_ptr<void>(std::move(booster)),
          scale](void* matrix) -> Result<std::vector<double>> {
    TACT_ASSIGN(const std::vector<float> predictions, predict(*api, kept.get(), matrix));
    std::vector<double> out;
    for (const float prediction : predictions) out.push_back(scale.back(prediction));
    return out;
  };
}

// Grown trees, or what they would be without any.
struct Grown {
  double mean = 0.0;
  Predict predict;  // null: the mean for everybody
  const Library* api = nullptr;
};

Result<Grown> grow(const Features& features, const ModelOptions& options, std::uint64_t seed,
                   Rows rows, std::span<const double> target, Goal goal) {
  if (rows.empty()) return make_error(ErrorCode::kInvalid, "not enough data yet: no rows to fit");
  const Scale scale = scale_of(target, goal);
  if (scale.deviation == 0.0) return Grown{scale.mean, nullptr, nullptr};
  TACT_ASSIGN(const Library* const api, library());
  std::vector<float> scaled;
  for (const double y : target) scaled.push_back(scale.forth(y));
  TACT_ASSIGN(const int rounds,
              count_of_trees({*api, features, options, scale}, rows, scaled, seed));
  if (rounds == 0) return Grown{scale.mean, nullptr, nullptr};
  TACT_ASSIGN(const Labelled all, labelled(*api, features, rows, std::move(scaled)));
  const std::array<void*, 1> matrices{all.matrix.get()};
  TACT_ASSIGN(Booster booster, booster_of(*api, matrices, scale, options));
  for (int round = 0; round < rounds; ++round) {
    TACT_TRY(check_not_stopped(options.stop));
    TACT_TRY(check(*api, api->booster_update(booster.get(), round, matrices[0])));
  }
  return Grown{scale.mean, predict_with(*api, std::move(booster), scale), api};
}

}  // namespace

Fit trees(const Features& features, const ModelOptions& options, std::uint64_t seed) {
  return [features, options, seed](Rows rows, std::span<const double> target,
                                   Goal goal) -> Result<Model> {
    TACT_ASSIGN(const Grown grown, grow(features, options, seed, rows, target, goal));
    if (!grown.predict) return constant(grown.mean);
    return Model([grown, features](Rows asked) -> Result<std::vector<double>> {
      if (asked.empty()) return std::vector<double>{};
      TACT_ASSIGN(const Matrix matrix, matrix_of(*grown.api, features, asked));
      return grown.predict(matrix.get());
    });
  };
}

Result<Scorer> fit_scorer(const Features& features, std::span<const std::size_t> rows,
                          std::span<const double> target, Goal goal, const ModelOptions& options,
                          std::uint64_t seed) {
  TACT_ASSIGN(const Grown grown, grow(features, options, seed, rows, target, goal));
  return Scorer([grown](const Features& asked) -> Result<std::vector<double>> {
    if (!grown.predict) return std::vector<double>(asked.rows(), grown.mean);
    if (asked.rows() == 0) return std::vector<double>{};
    std::vector<std::size_t> all(asked.rows());
    std::iota(all.begin(), all.end(), std::size_t{0});
    TACT_ASSIGN(const Matrix matrix, matrix_of(*grown.api, asked, all));
    return grown.predict(matrix.get());
  });
}

}  // namespace tact::predict
