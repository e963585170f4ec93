// How often does one person do it? The interval is for people at large: each person drawn is a run.
#include "stats/shrinkage.h"
#include "worlds.h"

namespace tact::calibration {
namespace {

struct Crowd {
  double a = 0.0, b = 0.0;  // rates are Beta(a, b)
  int people = 0, trials_most = 0;
};

double draw_beta(Random& random, double a, double b) {
  const double x = std::gamma_distribution<double>(a)(random);
  const double y = std::gamma_distribution<double>(b)(random);
  return x / (x + y);
}

// A crowd's rate is estimated from them; one of them, drawn at random, is judged.
Run meet(const Crowd& crowd) {
  return [crowd](Random& random, Tally& tally) {
    stats::RateSums sums;
    std::uint64_t n_one = 0;
    std::uint64_t k_one = 0;
    double rate_one = 0.0;
    for (int person = 0; person < crowd.people; ++person) {
      const double rate = draw_beta(random, crowd.a, crowd.b);
      const std::uint64_t n = 1 + random() % static_cast<std::uint64_t>(crowd.trials_most);
      const auto k = static_cast<std::uint64_t>(
          std::binomial_distribution<int>(static_cast<int>(n), rate)(random));
      sums.add(n, k);
      if (person > 0) continue;
      n_one = n;
      k_one = k;
      rate_one = rate;
    }
    const auto prior = stats::population_rate(sums);
    if (!prior) return false;
    const auto shrunk = stats::shrink(n_one, k_one, *prior);
    if (!shrunk.has_value()) return false;
    tally.count(0, shrunk->interval.contains(rate_one));
    return true;
  };
}

}  // namespace

void add_people(std::vector<World>& worlds) {
  const std::pair<const char*, Crowd> made[] = {
      {"rates about 12 %, 1 to 20 trials", {1.5, 11.0, 400, 20}},
      {"rates about 30 %, 1 to 8 trials", {3.0, 7.0, 1'000, 8}},
      {"rates about 3 %, 1 to 60 trials", {1.0, 32.0, 400, 60}},
  };
  for (const auto& [name, crowd] : made) {
    worlds.push_back({.name = "one person: " + std::string(name),
                      .methods = {{"shrunk rate", covers_95()}},
                      .runs_short = 200,
                      .prepare = [crowd = crowd] { return meet(crowd); }});
  }
}

}  // namespace tact::calibration
