// Did the visitors split as planned? False alarms where they did.
#include <cmath>

#include "stats/sample_ratio.h"
#include "worlds.h"

namespace tact::calibration {
namespace {

std::vector<std::int64_t> draw_split(Random& random, std::int64_t n,
                                     const std::vector<double>& weights) {
  std::vector<std::int64_t> counts;
  double left = 1.0;
  for (std::size_t arm = 0; arm + 1 < weights.size(); ++arm) {
    const double share = weights[arm] / left;
    counts.push_back(std::binomial_distribution<std::int64_t>(n, share)(random));
    n -= counts.back();
    left -= weights[arm];
  }
  counts.push_back(n);
  return counts;
}

Run split(const std::vector<double>& weights, std::int64_t per_look) {
  return [=](Random& random, Tally& tally) {
    constexpr int kLooks = 200;
    std::vector<std::int64_t> counts(weights.size());
    stats::SequentialRatio sequence;
    bool chi_squared_ever = false;
    double log10_p = 0.0;
    for (int look = 0; look < kLooks; ++look) {
      const std::vector<std::int64_t> more = draw_split(random, per_look, weights);
      for (std::size_t arm = 0; arm < counts.size(); ++arm) counts[arm] += more[arm];
      sequence = stats::sequential_sample_ratio(counts, weights, log10_p).value();
      log10_p = sequence.p.log10_p;
      chi_squared_ever =
          chi_squared_ever || stats::chi_squared_sample_ratio(counts, weights)->p.p < 0.05;
    }
    tally.count(0, stats::chi_squared_sample_ratio(counts, weights)->p.p < 0.05);
    tally.count(1, sequence.p.p < 0.05);
    tally.count(2, chi_squared_ever);
    return true;
  };
}

// Twelve browsers, all split as planned.
Run browsers(const std::vector<double>& weights) {
  return [weights](Random& random, Tally& tally) {
    std::vector<stats::RatioGroup> groups;
    for (int browser = 0; browser < 12; ++browser) {
      const std::int64_t n = 200 << (browser / 2);
      groups.push_back({draw_split(random, n, weights), weights});
    }
    tally.count(0, stats::sample_ratio_family(groups)->log10_p < std::log10(0.05));
    return true;
  };
}

}  // namespace

void add_splits(std::vector<World>& worlds) {
  const std::pair<const char*, std::vector<double>> made[] = {
      {"50/50", {0.5, 0.5}},
      {"90/10", {0.9, 0.1}},
      {"95/5", {0.95, 0.05}},
      {"three arms, 80/10/10", {0.8, 0.1, 0.1}},
  };
  for (const auto& [name, weights] : made) {
    worlds.push_back(
        {.name = "sample ratio, false alarms at 5 %: " + std::string(name) + ", 200 looks",
         .methods = {{"chi-squared, at the end", about_5()},
                     {"sequential, at any look", at_most(0.05)},
                     {"chi-squared at every look", for_comparison()}},
         .runs_short = 100,
         .prepare = [weights = weights] { return split(weights, 500); }});
  }
  for (const auto& [name, weights] :
       {std::pair("50/50", std::vector<double>{0.5, 0.5}),
        std::pair("95/5", std::vector<double>{0.95, 0.05}),
        std::pair("three arms, 90/5/5", std::vector<double>{0.9, 0.05, 0.05})}) {
    worlds.push_back(
        {.name = "sample ratio, false alarms at 5 %: " + std::string(name) + ", 12 browsers",
         .methods = {{"the worst, adjusted", at_most(0.05)}},
         .prepare = [weights = weights] { return browsers(weights); }});
  }
}

}  // namespace tact::calibration
