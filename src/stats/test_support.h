// For this module's tests only: real data beside the repository, exact binomial bounds, and
// simulated arms. Randomness is seeded; a run gives the same figures every time.
#pragma once

#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "stats/moments.h"

namespace tact::stats::testing {

using Random = std::mt19937_64;

// $TACT_DATA or ../shared/data (tests run in the repository's root), then the file.
inline std::filesystem::path data_file(std::string_view relative) {
  const char* root = std::getenv("TACT_DATA");
  return std::filesystem::path(root != nullptr ? root : "../shared/data") / relative;
}

// CSV with quotes around fields that hold a comma; no quote or line end inside a field.
inline std::vector<std::vector<std::string>> read_csv(const std::filesystem::path& path) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    rows.push_back(std::move(fields));
  }
  return rows;
}

// How often something happened, with its exact (Clopper-Pearson) 99.9 % bounds.
struct Share {
  std::int64_t hits = 0;
  std::int64_t runs = 0;

  void count(bool hit) {
    runs += 1;
    hits += hit ? 1 : 0;
  }
  double value() const { return static_cast<double>(hits) / static_cast<double>(runs); }
  double at_least() const {
    if (hits == 0) return 0.0;
    return boost::math::ibeta_inv(static_cast<double>(hits), static_cast<double>(runs - hits + 1),
                                  kTail);
  }
  double at_most() const {
    if (hits == runs) return 1.0;
    return boost::math::ibetac_inv(static_cast<double>(hits + 1), static_cast<double>(runs - hits),
                                   kTail);
  }
  static constexpr double kTail = 0.0005;
};

// n visitors of whom each converts with probability `rate`.
inline SampleMoments draw_conversions(Random& random, std::int64_t n, double rate) {
  const std::int64_t hits = std::binomial_distribution<std::int64_t>(n, rate)(random);
  const auto sum = static_cast<double>(hits);
  return SampleMoments{n, sum, sum, hits};
}

// Log-normal orders, mean 114, coefficient of variation 1.2 (s^2 = log(1 + cv^2)): heavier than
// Hillstrom's orders without e-mail (mean 114, cv 0.9).
inline constexpr double kOrderLogSpread = 0.945;
inline constexpr double kOrderLogMean = 4.29;
inline double mean_order() {
  return std::exp(kOrderLogMean + 0.5 * kOrderLogSpread * kOrderLogSpread);
}

// n visitors; who converts spends a log-normal amount, the others nothing.
inline SampleMoments draw_spend(Random& random, std::int64_t n, double rate) {
  const std::int64_t buyers = std::binomial_distribution<std::int64_t>(n, rate)(random);
  SampleMoments moments{n - buyers, 0.0, 0.0, 0};
  std::lognormal_distribution<double> order(kOrderLogMean, kOrderLogSpread);
  for (std::int64_t i = 0; i < buyers; ++i) moments.add(order(random));
  return moments;
}

}  // namespace tact::stats::testing
