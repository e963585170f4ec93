// Value within a year of the first visit, half of it observed: drawn from the model, and from
// others.
#include "stats/value/lifetime.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <optional>

#include "stats/test_support.h"

namespace tact::stats {
namespace {

using testing::Random;
using testing::Share;

constexpr int kDays = 180;
constexpr double kYear = 365.0, kHorizon = kYear - kDays;

// How visitors of an arm behave. Times in days.
struct Behaviour {
  double rate = 0.30;     // become customers at all
  double waiting = 40.0;  // mean time to the first purchase, exponential
  FourParameters model{0.6, 40.0, 0.8, 2.4};
  double amount = 50.0;      // mean of an order
  bool exponential = false;  // customers leave at a time of their own (Pareto/NBD), not by purchase
  double loyal = 0.0;        // amount grows with a customer's own rate by this exponent
};

double beta(Random& random, double a, double b) {
  const double x = std::gamma_distribution<double>(a)(random);
  return x / (x + std::gamma_distribution<double>(b)(random));
}

// Purchases from the first one on, until a year after exposure.
std::vector<double> purchases(Random& random, const Behaviour& of, double& amount) {
  const auto [r, alpha, a, b] = of.model;
  std::exponential_distribution<double> unit(1.0);
  double at = of.waiting * unit(random);
  const double rate = std::gamma_distribution<double>(r)(random) / alpha;
  const double leaves = beta(random, a, b);
  const double until =
      of.exponential ? at + unit(random) / (std::gamma_distribution<double>(0.6)(random) / 60.0)
                     : kYear;
  amount = of.amount * std::exp(0.4 * std::normal_distribution<double>()(random) - 0.08);
  amount *= std::pow(rate * alpha / r + 0.05, of.loyal);
  std::vector<double> all;
  while (at < std::min(kYear, until)) {
    all.push_back(at);
    // Nobody leaves with the first purchase: the model's own assumption.
    const bool may_leave = !of.exponential && all.size() > 1;
    if (may_leave && std::bernoulli_distribution(leaves)(random)) break;
    at += unit(random) / rate;
  }
  return all;
}

struct Drawn {
  LifetimeArm arm;
  double year = 0.0;  // per visitor, really spent by those who bought while observed
  FirstPurchases first;
};

Drawn draw(Random& random, int visitors, const Behaviour& of) {
  Drawn drawn;
  std::map<std::tuple<int, int, int>, LifetimeCustomers> alike;
  drawn.first.visitors = visitors;
  std::lognormal_distribution<double> noise(-0.045, 0.3);
  for (int i = 0; i < visitors; ++i) {
    double amount = 0.0, value = 0.0;
    std::map<int, int> days;
    if (std::bernoulli_distribution(of.rate)(random)) {
      for (const double at : purchases(random, of, amount)) {
        const double order = std::round(amount * noise(random));
        if (at < kDays) {
          ++days[static_cast<int>(at)];
          value += order;
        }
        if (!days.empty()) drawn.year += order / visitors;
      }
    }
    drawn.arm.value.add(value);
    if (days.empty()) continue;
    const int first = days.begin()->first, last = days.rbegin()->first;
    ++(first < 120 ? drawn.first.early : drawn.first.late);
    const int repeats = static_cast<int>(days.size()) - 1;
    LifetimeCustomers& same = alike[{repeats, last - first, first}];
    same.history = {static_cast<double>(repeats), static_cast<double>(last - first),
                    kDays - first - 0.5};
    ++same.customers;
    same.value += value;
    same.value_squares += value * value;
  }
  for (const auto& [key, same] : alike) drawn.arm.customers.push_back(same);
  return drawn;
}

// A visitor's year, of those who buy within the half year: a first purchase at u, and as many after
// it as a customer makes who has just begun.
double expected_year(const Behaviour& of) {
  double sum = 0.0;
  for (double u = 0.25; u < kDays; u += 0.5) {
    const double density = std::exp(-u / of.waiting) / of.waiting * 0.5;
    sum += density * (1.0 + bg_nbd_purchases(of.model, {}, kYear - u));
  }
  return of.rate * of.amount * sum;
}

struct Judged {
  Difference observed, forecast, total;
  bool earlier = false;
  double really = 0.0;
};

std::optional<Judged> judge(Random& random, int treated, int control, const Behaviour& shown,
                            const Behaviour& held_back) {
  const Drawn t = draw(random, treated, shown), c = draw(random, control, held_back);
  const auto with = lifetime_forecast(t.arm, kHorizon).value();
  const auto without = lifetime_forecast(c.arm, kHorizon).value();
  if (with.state != LifetimeState::kForecast || without.state != LifetimeState::kForecast) {
    return std::nullopt;
  }
  return Judged{welch_difference(with.observed, without.observed).value(),
                welch_difference(with.forecast, without.forecast).value(),
                welch_difference(with.total, without.total).value(),
                bought_earlier(t.first, c.first), t.year - c.year};
}

bool covers(const Interval& interval, double x) { return interval.lower <= x && x <= interval.upper; }

struct Worlds {
  Share covered, found, earlier;
  double mean_total = 0.0, mean_observed = 0.0, mean_really = 0.0;
  int lacking = 0;
};

Worlds look_at(int runs, int treated, int control, const Behaviour& shown,
               const Behaviour& held_back, double truth, std::uint64_t seed) {
  Worlds worlds;
  Random random(seed);
  for (int i = 0; i < runs; ++i) {
    const auto judged = judge(random, treated, control, shown, held_back);
    if (!judged) {
      ++worlds.lacking;
      continue;
    }
    worlds.covered.count(covers(judged->total.interval, truth));
    worlds.found.count(judged->total.interval.lower > 0.0);
    worlds.earlier.count(judged->earlier);
    worlds.mean_total += judged->total.estimate / runs;
    worlds.mean_observed += judged->observed.estimate / runs;
    worlds.mean_really += judged->really / runs;
  }
  std::printf(
      "covered %lld, found %lld, earlier %lld of %lld, lacking %d; total %.3f observed %.3f really "
      "%.3f truth %.3f\n",
      static_cast<long long>(worlds.covered.hits), static_cast<long long>(worlds.found.hits),
      static_cast<long long>(worlds.earlier.hits), static_cast<long long>(worlds.covered.runs),
      worlds.lacking, worlds.mean_total, worlds.mean_observed, worlds.mean_really, truth);
  return worlds;
}

int runs(int quick) { return std::getenv("TACT_LONG") != nullptr ? quick * 25 : quick; }

TEST(Lifetime, AaCoversZero) {
  look_at(runs(40), 9'000, 9'000, {}, {}, 0.0, 1);
}
TEST(Lifetime, AaUneven) {
  look_at(runs(40), 30'000, 9'000, {}, {}, 0.0, 2);
}
TEST(Lifetime, MoreCustomers) {
  Behaviour more;
  more.rate = 0.33;
  look_at(runs(40), 9'000, 9'000, more, {}, expected_year(more) - expected_year({}), 3);
}
TEST(Lifetime, MoreOften) {
  Behaviour more;
  more.model[1] = 32.0;
  look_at(runs(40), 9'000, 9'000, more, {}, expected_year(more) - expected_year({}), 4);
}
TEST(Lifetime, Pulled) {
  Behaviour slow, fast;
  slow.waiting = 150;
  slow.rate = 0.45;
  fast = slow;
  fast.waiting = 75;
  look_at(runs(40), 9'000, 9'000, fast, slow, expected_year(fast) - expected_year(slow), 5);
}
TEST(Lifetime, Pareto) {
  Behaviour p, q;
  p.exponential = q.exponential = true;
  look_at(runs(40), 9'000, 9'000, p, q, 0, 6);
  p.rate = 0.36;
  look_at(runs(40), 9'000, 9'000, p, q, 0, 6);
}
TEST(Lifetime, Loyal) {
  Behaviour p, q;
  p.loyal = q.loyal = 0.5;
  look_at(runs(40), 9'000, 9'000, p, q, 0, 7);
  p.model[1] = 32.0;
  look_at(runs(40), 9'000, 9'000, p, q, 0, 7);
}

}  // namespace
}  // namespace tact::stats
