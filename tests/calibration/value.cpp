// What will customers buy? Customers drawn from the models with the parameters published for CDNOW
// (39 weeks), fitted again; the intervals are for what the true parameters say of three customers.
#include <cmath>

#include "stats/value/forecast.h"
#include "worlds.h"

namespace tact::calibration {
namespace {

using stats::FourParameters;
using stats::PurchaseHistory;
using stats::PurchaseModel;
using stats::ThreeParameters;

constexpr FourParameters kBgNbd = {0.2426, 4.4135, 0.7929, 2.4258};
constexpr FourParameters kParetoNbd = {0.5533, 10.578, 0.6062, 11.668};
constexpr ThreeParameters kGammaGamma = {6.249, 3.745, 15.448};
constexpr double kHorizon = 39.0;

double gamma(Random& random, double shape, double rate) {
  return std::gamma_distribution<double>(shape, 1.0 / rate)(random);
}

// The spend of a customer who bought again: gamma about a mean of their own.
void spend(Random& random, PurchaseHistory& customer) {
  if (customer.repeats == 0) return;
  const auto& [p, q, scale] = kGammaGamma;
  const double rate = gamma(random, q, scale);
  customer.average = gamma(random, p * customer.repeats, rate) / customer.repeats;
}

// Buys at `rate` until it leaves; first purchase at 0. `stays(time)` is asked after each purchase.
template <typename Stays>
PurchaseHistory buy(Random& random, double rate, double observed, Stays stays) {
  PurchaseHistory customer;
  customer.observed = observed;
  std::exponential_distribution<double> wait(rate);
  for (double at = wait(random); at < observed && stays(at); at += wait(random)) {
    customer.repeats += 1;
    customer.last = at;
    if (customer.repeats >= 1e6) break;
  }
  return customer;
}

PurchaseHistory draw_customer(Random& random, PurchaseModel model) {
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  const double observed = 27.0 + 12.0 * unit(random);
  PurchaseHistory customer;
  if (model == PurchaseModel::kBgNbd) {
    const auto& [r, alpha, a, b] = kBgNbd;
    const double rate = std::max(gamma(random, r, alpha), 1e-12);
    const double x = gamma(random, a, 1.0);
    const double leaves = x / (x + gamma(random, b, 1.0));
    bool here = true;  // who leaves does so right after a purchase; nobody after the first
    customer = buy(random, rate, observed, [&](double) {
      if (!here) return false;
      here = unit(random) >= leaves;
      return true;
    });
  } else {
    const auto& [r, alpha, s, beta] = kParetoNbd;
    const double rate = std::max(gamma(random, r, alpha), 1e-12);
    const double death = std::max(gamma(random, s, beta), 1e-12);
    const double leaves = std::exponential_distribution<double>(death)(random);
    customer = buy(random, rate, observed, [leaves](double at) { return at < leaves; });
  }
  spend(random, customer);
  return customer;
}

// Somebody who never came again, somebody gone quiet, and somebody regular.
constexpr PurchaseHistory kAsked[] = {{0, 0, 39, 0}, {3, 12, 39, 25}, {6, 36, 39, 50}};

stats::Forecast exact(PurchaseModel model, const PurchaseHistory& customer) {
  const bool bg = model == PurchaseModel::kBgNbd;
  stats::Forecast f;
  f.purchases.value = bg ? stats::bg_nbd_purchases(kBgNbd, customer, kHorizon)
                         : stats::pareto_nbd_purchases(kParetoNbd, customer, kHorizon);
  f.alive.value =
      bg ? stats::bg_nbd_alive(kBgNbd, customer) : stats::pareto_nbd_alive(kParetoNbd, customer);
  f.spend = stats::Estimate{stats::expected_spend(kGammaGamma, customer).value(), {}};
  f.value = stats::Estimate{f.purchases.value * f.spend->value, {}};
  return f;
}

Run fit_again(PurchaseModel model, int customers) {
  return [=](Random& random, Tally& tally) {
    std::vector<PurchaseHistory> drawn;
    for (int i = 0; i < customers; ++i) drawn.push_back(draw_customer(random, model));
    const auto fit = model == PurchaseModel::kBgNbd ? stats::fit_bg_nbd(drawn, kBgNbd)
                                                    : stats::fit_pareto_nbd(drawn, kParetoNbd);
    const auto spends = stats::fit_gamma_gamma(drawn, kGammaGamma);
    if (!fit.has_value() || !fit->converged) return false;
    if (!spends.has_value() || !spends->fit.converged) return false;
    if (!fit->enough() || !spends->fit.enough()) return false;
    std::size_t method = 0;
    for (const PurchaseHistory& customer : kAsked) {
      const stats::Forecast truth = exact(model, customer);
      const auto said = stats::forecast(model, *fit, *spends, customer, kHorizon).value();
      tally.count(method++, said.purchases.interval.contains(truth.purchases.value));
      // BG/NBD: who never came again is alive for certain.
      if (model == PurchaseModel::kParetoNbd || customer.repeats > 0)
        tally.count(method++, said.alive.interval.contains(truth.alive.value));
      if (said.spend) tally.count(method, said.spend->interval.contains(truth.spend->value));
      ++method;
      if (said.value) tally.count(method, said.value->interval.contains(truth.value->value));
      ++method;
    }
    return true;
  };
}

std::vector<Method> methods(PurchaseModel model) {
  std::vector<Method> all;
  const char* who[] = {"bought once", "gone quiet", "regular"};
  for (std::size_t i = 0; i < std::size(kAsked); ++i) {
    const std::string name = std::string(" of who ") + (i == 0 ? "" : "is ") + who[i];
    all.push_back({"purchases" + name, covers_95()});
    if (model == PurchaseModel::kParetoNbd || i > 0)
      all.push_back({"alive, probability" + name, covers_95()});
    all.push_back({"Gamma-Gamma, spend" + name, covers_95()});
    all.push_back({"value" + name, covers_95()});
  }
  return all;
}

}  // namespace

void add_value(std::vector<World>& worlds) {
  struct Made {
    const char* name;
    PurchaseModel model;
    int customers, runs_short;
  };
  for (const Made& one :
       {Made{"BG/NBD, 2,357 customers", PurchaseModel::kBgNbd, 2'357, 20},
        Made{"Pareto/NBD, 2,357 customers", PurchaseModel::kParetoNbd, 2'357, 10}}) {
    worlds.push_back({.name = "value: " + std::string(one.name),
                      .methods = methods(one.model),
                      .runs_short = one.runs_short,
                      .prepare = [one] { return fit_again(one.model, one.customers); }});
  }
}

}  // namespace tact::calibration
