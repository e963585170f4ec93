// What is a visitor worth within a year, half of it observed? Customers as BG/NBD has them, whose
// first purchase comes some time after the exposure (docs/decisions/0012).
#include "stats/value/lifetime.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "worlds.h"

namespace tact::calibration {
namespace {

constexpr int kObserved = 180, kYear = 365;
constexpr double kAmount = 50.0;
constexpr double kForward = 0.6;  // of the time since exposure

// Times in days. Orders before `forward_until` come in three fifths of their time, none more.
struct Shoppers {
  double rate = 0.30;     // who become customers
  double waiting = 40.0;  // for the first purchase, on average
  stats::FourParameters model{0.6, 40.0, 0.8, 2.4};
  double forward_until = 0.0;
};

struct Lived {
  int visitors = 0, control = 0;
  Shoppers shown, held_back;
};

double gamma(Random& random, double shape) {
  return std::gamma_distribution<double>(shape)(random);
}

// Days of the purchases while observed, in order; nobody leaves with the first one.
std::vector<int> purchase_days(Random& random, const Shoppers& of) {
  const auto& [r, alpha, a, b] = of.model;
  std::exponential_distribution<double> unit(1.0);
  double at = of.waiting * unit(random);
  const double rate = gamma(random, r) / alpha;
  const double x = gamma(random, a);
  const double leaves = x / (x + gamma(random, b));
  std::vector<int> days;
  for (bool first = true; at < kYear; first = false) {
    const double comes = at < of.forward_until ? kForward * at : at;
    if (comes < kObserved) days.push_back(static_cast<int>(comes));
    if (!first && std::bernoulli_distribution(leaves)(random)) break;
    at += unit(random) / rate;
  }
  return days;
}

stats::LifetimeArm live(Random& random, int visitors, const Shoppers& of) {
  std::lognormal_distribution<double> spread(-0.08, 0.4);  // of a customer's orders, mean 1
  std::map<std::tuple<int, int, int>, stats::LifetimeCustomers> alike;
  stats::LifetimeArm arm;
  for (int i = 0; i < visitors; ++i) {
    std::vector<int> days;
    if (std::bernoulli_distribution(of.rate)(random)) days = purchase_days(random, of);
    const double each = std::round(kAmount * spread(random));
    const double value = each * static_cast<double>(days.size());
    arm.value.add(value);
    if (days.empty()) continue;
    const int first = days.front(), last = days.back();
    days.erase(std::unique(days.begin(), days.end()), days.end());
    const int repeats = static_cast<int>(days.size()) - 1;
    stats::LifetimeCustomers& same = alike[{repeats, last - first, first}];
    same.history = {static_cast<double>(repeats), static_cast<double>(last - first),
                    kObserved - first - 0.5};
    ++same.customers;
    same.value += value;
    same.value_squares += value * value;
  }
  for (const auto& [key, same] : alike) arm.customers.push_back(same);
  return arm;
}

// Worth of a visitor within `days`, of those who buy while observed: the first purchase at u, and
// as many after it as of somebody who has just begun. By the midpoint rule, two points a day.
double worth(const Shoppers& of, int days) {
  double purchases = 0.0;
  for (int half = 0; half < 2 * kObserved; ++half) {
    const double u = half / 2.0 + 0.25;
    const double density = std::exp(-u / of.waiting) / of.waiting * 0.5;
    purchases += density * (1.0 + stats::bg_nbd_purchases(of.model, {}, days - u));
  }
  return of.rate * kAmount * purchases;
}

// Brought forward, what is won in the first half is not known, and not asked.
bool moves(const Lived& world) { return world.shown.forward_until > 0.0; }

Run follow(const Lived& world) {
  const double observed = worth(world.shown, kObserved) - worth(world.held_back, kObserved);
  const double total = worth(world.shown, kYear) - worth(world.held_back, kYear);
  return [=](Random& random, Tally& tally) {
    const auto with =
        stats::lifetime_forecast(live(random, world.visitors, world.shown), kYear - kObserved);
    const auto without =
        stats::lifetime_forecast(live(random, world.control, world.held_back), kYear - kObserved);
    if (with->state != stats::LifetimeState::kForecast ||
        without->state != stats::LifetimeState::kForecast) {
      return false;
    }
    const auto half = stats::welch_difference(with->observed, without->observed).value().interval;
    const auto year = stats::welch_difference(with->total, without->total).value().interval;
    std::size_t method = 0;
    if (!moves(world)) tally.count(method++, half.contains(observed));
    tally.count(method++, year.contains(total));
    if (total != 0.0) return true;
    tally.count(method++, half.lower > 0.0 && year.lower > 0.0);
    tally.count(method, half.upper < 0.0 && year.upper < 0.0);
    return true;
  };
}

}  // namespace

void add_lifetime(std::vector<World>& worlds) {
  Shoppers more, forward;
  more.rate = 0.36;
  forward.forward_until = 100.0;
  const std::pair<const char*, Lived> made[] = {
      {"9,000 in each arm, no effect", {9'000, 9'000, {}, {}}},
      {"20,000 and 9,000, no effect", {20'000, 9'000, {}, {}}},
      {"9,000 in each arm, a fifth more customers", {9'000, 9'000, more, {}}},
      {"9,000 in each arm, orders of 100 days brought forward", {9'000, 9'000, forward, {}}},
  };
  for (const auto& [name, world] : made) {
    const bool none =
        world.shown.rate == world.held_back.rate && world.shown.model == world.held_back.model;
    std::vector<Method> methods;
    if (!moves(world)) methods.push_back({"observed half, Welch", covers_95()});
    methods.push_back(
        {"whole year, half of it forecast", moves(world) ? for_comparison() : covers_95()});
    if (none) {
      methods.push_back({"“more” wrongly", at_most(0.05)});
      methods.push_back({"“less” wrongly", at_most(0.05)});
    }
    worlds.push_back({.name = "lifetime value: " + std::string(name),
                      .methods = std::move(methods),
                      .runs = 2'000,  // of 18,000 visitors and two fits each
                      .runs_short = 20,
                      .prepare = [world = world] { return follow(world); }});
  }
}

}  // namespace tact::calibration
