// For this module's tests only: real data beside the repository, and worlds whose effects are
// known.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "predict/uplift.h"

namespace tact::predict::testing {

// $TACT_DATA or ../shared/data (tests run in the repository's root), then the file.
inline std::filesystem::path data_file(std::string_view relative) {
  const char* root = std::getenv("TACT_DATA");
  return std::filesystem::path(root != nullptr ? root : "../shared/data") / relative;
}

// The long forms of the simulations (`TACT_LONG=1`): more worlds, tighter bounds.
inline bool long_form() { return std::getenv("TACT_LONG") != nullptr; }

// CSV with quotes around cells that hold a comma; no quote or line end inside a cell.
inline std::vector<std::vector<std::string>> read_csv(const std::filesystem::path& path) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.emplace_back();
      } else if (c != '\r') {
        cells.back() += c;
      }
    }
    rows.push_back(std::move(cells));
  }
  return rows;
}

// "0.0075 (0.0049 to 0.0100)": the Qini coefficient.
inline std::string qini_of(const RankingReport& report) {
  const stats::Area& qini = report.report.qini;
  return std::to_string(qini.estimate) + " (" + std::to_string(qini.interval.lower) + " to " +
         std::to_string(qini.interval.upper) + ")";
}

// Owns what an UpliftTable refers to.
struct World {
  std::size_t columns = 0;
  Goal goal = Goal::kBinary;
  std::vector<float> features;
  std::vector<int> arm;
  std::vector<double> outcome;
  std::vector<double> truth;  // the effect of arm 1, where it is known

  UpliftTable table() const { return {{features, columns}, arm, outcome, goal}; }
};

inline double normal(Rng& random) {  // Box & Muller
  const double radius = std::sqrt(-2.0 * std::log(1.0 - random.uniform()));
  return radius * std::cos(6.283185307179586 * random.uniform());
}

// `rate` and `effect` are functions of a row of uniform features; every hundredth value is missing
// for the learner, though not for the truth.
template <typename Rate, typename Effect>
World binary_world(std::uint64_t seed, int rows, std::size_t columns, double treated_share,
                   const Rate& rate, const Effect& effect) {
  Rng random(seed);
  World world{.columns = columns};
  for (int i = 0; i < rows; ++i) {
    std::vector<double> x;
    for (std::size_t c = 0; c < columns; ++c) {
      x.push_back(random.uniform());
      const bool missing = random.chance(0.01);
      world.features.push_back(missing ? std::numeric_limits<float>::quiet_NaN()
                                       : static_cast<float>(x.back()));
    }
    world.arm.push_back(random.chance(treated_share) ? 1 : 0);
    world.truth.push_back(effect(x));
    const double p = rate(x) + (world.arm.back() == 1 ? world.truth.back() : 0.0);
    world.outcome.push_back(random.chance(p) ? 1.0 : 0.0);
  }
  return world;
}

}  // namespace tact::predict::testing
