#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "stats/test_support.h"
#include "stats/value/forecast.h"
#include "stats/value/lifetime.h"

namespace tact::stats {
namespace {

// Fader, Hardie & Lee's summary of CDNOW: 2,357 customers, 39 weeks.
class Cdnow : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto summary = testing::data_file("cdnow/cdnow_customers_summary.csv");
    const auto sample = testing::data_file("cdnow/CDNOW_sample.txt");
    if (!std::filesystem::exists(summary) || !std::filesystem::exists(sample)) {
      GTEST_SKIP() << summary << " is absent; set TACT_DATA to the folder that holds cdnow/";
    }
    const auto rows = testing::read_csv(summary);
    for (std::size_t i = 1; i < rows.size(); ++i) {
      customers_.push_back({std::stod(rows[i][1]), std::stod(rows[i][2]), std::stod(rows[i][3])});
    }
    ASSERT_EQ(customers_.size(), 2357u);
    read_sample(sample);
  }

  // Purchases of a day count as one; the first 273 days are fitted, the rest is held out.
  void read_sample(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::map<std::string, std::map<int, double>> days;
    for (std::string line; std::getline(file, line);) {
      std::istringstream fields(line);
      std::string master;
      std::string customer;
      int date = 0;
      double cds = 0.0;
      double dollars = 0.0;
      if (fields >> master >> customer >> date >> cds >> dollars)
        days[customer][day(date)] += dollars;
    }
    for (const auto& [customer, purchases] : days) {
      PurchaseHistory h;
      double money = 0.0;
      const int first = purchases.begin()->first;
      h.observed = (day(19970930) - first) / 7.0;
      double later = 0.0;
      for (const auto& [at, dollars] : purchases) {
        if (at > day(19970930)) {
          later += 1.0;
        } else if (at > first) {
          h.repeats += 1.0;
          h.last = (at - first) / 7.0;
          money += dollars;
        }
      }
      if (h.repeats > 0.0) h.average = money / h.repeats;
      from_purchases_.push_back(h);
      held_out_.push_back(later);
    }
  }

  static int day(int date) {
    const std::chrono::year_month_day d{std::chrono::year(date / 10000),
                                        std::chrono::month(static_cast<unsigned>(date / 100 % 100)),
                                        std::chrono::day(static_cast<unsigned>(date % 100))};
    return static_cast<int>(std::chrono::sys_days(d).time_since_epoch().count());
  }

  std::vector<PurchaseHistory> customers_;       // as published, weeks to two decimals
  std::vector<PurchaseHistory> from_purchases_;  // the same customers, from their purchases
  std::vector<double> held_out_;                 // purchases in the 39 weeks after
};

// Each purchase worth 1: the arm's forecast beside the purchases of the 39 weeks held out. It is
// 12 % too low: the model's own error, which no interval of it holds.
TEST_F(Cdnow, AnArmsForecastIsWhatCame) {
  LifetimeArm arm;
  double came = 0.0;
  for (std::size_t i = 0; i < from_purchases_.size(); ++i) {
    const double bought = 1.0 + from_purchases_[i].repeats;
    arm.value.add(bought);
    arm.customers.push_back({from_purchases_[i], 1, bought, bought * bought});
    came += held_out_[i] / static_cast<double>(from_purchases_.size());
  }
  const LifetimeForecast found = lifetime_forecast(arm, 39.0).value();
  ASSERT_EQ(found.state, LifetimeState::kForecast);
  EXPECT_EQ(found.bought_again, 946);
  EXPECT_NEAR(found.forecast.mean / came, 0.88, 0.01);
  EXPECT_NEAR(found.forecast.mean, found.purchases, 1e-12);
}

// 20 random starts between e^-3 and e^3 for each parameter, and the default start.
template <std::size_t N>
std::optional<std::array<double, N>> start_number(int i) {
  if (i == 0) return std::nullopt;
  testing::Random random(static_cast<std::uint64_t>(i));
  std::uniform_real_distribution<double> logarithm(-3.0, 3.0);
  std::array<double, N> start;
  for (double& p : start) p = std::exp(logarithm(random));
  return start;
}

TEST_F(Cdnow, BgNbdAsPublishedFromAnyStart) {
  for (int i = 0; i <= 20; ++i) {
    const Fit<4> fit = fit_bg_nbd(customers_, start_number<4>(i)).value();
    ASSERT_TRUE(fit.converged) << i;
    EXPECT_NEAR(fit.log_likelihood, -9582.426, 0.001) << i;  // published: -9582.4
    const double published[] = {0.2426, 4.4135, 0.7929, 2.4258};
    for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(fit.parameters[k], published[k], 6e-4) << i;
  }
}

TEST_F(Cdnow, ParetoNbdAsPublishedFromAnyStart) {
  for (int i = 0; i <= 20; ++i) {
    const Fit<4> fit = fit_pareto_nbd(customers_, start_number<4>(i)).value();
    ASSERT_TRUE(fit.converged) << i;
    // Published: -9595.0, by others -9594.974. The maximum by the closed form (Gauss's
    // hypergeometric function) in 40 digits, mpmath: -9594.9739298269.
    EXPECT_NEAR(fit.log_likelihood, -9594.974, 0.001) << i;
    EXPECT_NEAR(fit.log_likelihood, -9594.9739298269, 1e-5) << i;
    const double published[] = {0.5533, 10.578, 0.6062, 11.668};
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_NEAR(fit.parameters[k] / published[k], 1.0, 1e-3) << i;
    }
  }
}

TEST_F(Cdnow, GammaGammaAsPublishedFromAnyStart) {
  for (int i = 0; i <= 20; ++i) {
    const SpendFit spend = fit_gamma_gamma(from_purchases_, start_number<3>(i)).value();
    ASSERT_TRUE(spend.fit.converged) << i;
    EXPECT_EQ(spend.customers, 946);
    const double published[] = {6.249, 3.745, 15.448};
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(spend.fit.parameters[k] / published[k], 1.0, 2e-3) << i;
    }
  }
}

// From purchases to histories to the same figures, and on to 39 weeks nobody fitted.
TEST_F(Cdnow, HeldOutWeeks) {
  ASSERT_EQ(from_purchases_.size(), 2357u);
  double bought = 0.0;
  double repeats = 0.0;
  for (const PurchaseHistory& h : from_purchases_) repeats += h.repeats;
  for (const double later : held_out_) bought += later;
  const Fit<4> bg = fit_bg_nbd(from_purchases_).value();
  EXPECT_NEAR(bg.log_likelihood, -9582.4, 0.3);
  const Fit<4> pareto = fit_pareto_nbd(from_purchases_).value();
  for (const auto& [model, fit] :
       {std::pair(PurchaseModel::kBgNbd, bg), std::pair(PurchaseModel::kParetoNbd, pareto)}) {
    double expected = 0.0;
    double xx = 0.0;
    double yy = 0.0;
    double xy = 0.0;
    const double n = static_cast<double>(held_out_.size());
    for (std::size_t i = 0; i < from_purchases_.size(); ++i) {
      const Forecast f = forecast(model, fit, std::nullopt, from_purchases_[i], 39.0).value();
      EXPECT_TRUE(f.alive.interval.contains(f.alive.value));
      EXPECT_TRUE(f.purchases.interval.contains(f.purchases.value));
      expected += f.purchases.value;
      xx += f.purchases.value * f.purchases.value;
      yy += held_out_[i] * held_out_[i];
      xy += f.purchases.value * held_out_[i];
    }
    const double correlation =
        (n * xy - expected * bought) /
        std::sqrt((n * xx - expected * expected) * (n * yy - bought * bought));
    EXPECT_NEAR(correlation, 0.63, 0.01);
    // Both fall short by 12 % of what is held out, under 6 % of all 78 weeks. That is the models,
    // not our arithmetic: by the papers' closed forms (SciPy's hyp2f1, at the same parameters)
    // 1,653.4 and 1,665.5 purchases are expected. Of the 216 missing to the Pareto/NBD, 139 are of
    // customers who had not come back within the first 39 weeks: neither model knows of a season,
    // and October 1997 to June 1998 has a Christmas in it.
    EXPECT_NEAR(expected, model == PurchaseModel::kBgNbd ? 1653.4 : 1665.5, 1.0);
    EXPECT_NEAR(expected / bought, 0.88, 0.01) << expected << " of " << bought;
    EXPECT_NEAR((repeats + expected) / (repeats + bought), 0.945, 0.01);
    RecordProperty("expected", std::to_string(expected));
    RecordProperty("bought", std::to_string(bought));
  }
}

// Expected purchases in the held-out weeks by the number of repeats before (0 to 6, 7 and more),
// from the closed forms with another library, and what happened.
TEST_F(Cdnow, HeldOutWeeksByRepeatsAsByTheClosedForms) {
  const double by_closed_form[2][8] = {
      {0.2251, 0.5231, 1.0441, 1.5203, 2.1639, 2.6539, 3.5041, 6.1573},
      {0.1384, 0.5995, 1.1959, 1.7139, 2.3983, 2.9072, 3.8186, 6.4031}};
  const double happened[8] = {0.2367, 0.6970, 1.3925, 1.5600, 2.5323, 2.9474, 3.8621, 6.3594};
  const FourParameters bg = fit_bg_nbd(customers_)->parameters;
  const FourParameters pareto = fit_pareto_nbd(customers_)->parameters;
  double expected[2][8] = {};
  double bought[8] = {};
  double people[8] = {};
  for (std::size_t i = 0; i < from_purchases_.size(); ++i) {
    const PurchaseHistory& h = from_purchases_[i];
    const auto bin = static_cast<std::size_t>(std::min(h.repeats, 7.0));
    people[bin] += 1.0;
    bought[bin] += held_out_[i];
    expected[0][bin] += bg_nbd_purchases(bg, h, 39.0);
    expected[1][bin] += pareto_nbd_purchases(pareto, h, 39.0);
  }
  for (std::size_t bin = 0; bin < 8; ++bin) {
    EXPECT_NEAR(bought[bin] / people[bin], happened[bin], 1e-4) << bin;
    EXPECT_NEAR(expected[0][bin] / people[bin], by_closed_form[0][bin], 1e-3) << bin;
    EXPECT_NEAR(expected[1][bin] / people[bin], by_closed_form[1][bin], 1e-3) << bin;
  }
}

TEST_F(Cdnow, TheUnitOfTimeDoesNotMatter) {
  std::vector<PurchaseHistory> hours = customers_;
  for (PurchaseHistory& h : hours) {
    h.last *= 168.0;
    h.observed *= 168.0;
  }
  const FourParameters weeks = fit_bg_nbd(customers_)->parameters;
  const FourParameters fine = fit_bg_nbd(hours)->parameters;
  EXPECT_NEAR(fine[0], weeks[0], 1e-6);
  EXPECT_NEAR(fine[1], 168.0 * weeks[1], 1e-3);
  const PurchaseHistory one{3, 20, 30, 12};
  const PurchaseHistory same{3, 20 * 168, 30 * 168, 12};
  EXPECT_NEAR(bg_nbd_purchases(weeks, one, 10), bg_nbd_purchases(fine, same, 1680), 1e-6);
}

// Plainly: the mean over the customer's unknown probability p of leaving, given all that is known,
//   of  (1/p) (1 - ((alpha + T) / (alpha + T + p t))^(r + x)),  p ~ Beta(a, b + x); p = u^8.
double slow_bg_purchases(const FourParameters& q, const PurchaseHistory& c, double t) {
  const auto [r, alpha, a, b] = q;
  double total = 0.0;
  double mass = 0.0;
  constexpr int kSteps = 50'000;
  for (int i = 0; i < kSteps; ++i) {
    const double u = (i + 0.5) / kSteps;
    const double p = std::pow(u, 8.0);
    const double density = std::pow(u, 8.0 * a - 1.0) * std::pow(1.0 - p, b + c.repeats - 1.0);
    const double end = alpha + c.observed;
    mass += density;
    total += density * -std::expm1((r + c.repeats) * std::log(end / (end + p * t))) / p;
  }
  return bg_nbd_alive(q, c) * total / mass;
}

TEST(BgNbd, PurchasesAsByPlainIntegration) {
  testing::Random random(3);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (int round = 0; round < 30; ++round) {
    // Among them a = 1, where the usual formula divides by 0, and horizons beyond observation.
    const FourParameters p{0.2 + unit(random), 1.0 + 9.0 * unit(random),
                           round % 3 == 0 ? 1.0 : 0.4 + 2.0 * unit(random), 1.5 + unit(random)};
    const double repeats = round % 4;
    const PurchaseHistory c{repeats, repeats > 0 ? 10.0 : 0.0, 10.0 + 20.0 * unit(random)};
    for (const double horizon : {1.0, 52.0, 3000.0}) {
      const double plain = slow_bg_purchases(p, c, horizon);
      EXPECT_NEAR(bg_nbd_purchases(p, c, horizon), plain, 1e-6 * plain) << round << " " << horizon;
    }
  }
}

// Where leaving is nearly as likely for one customer as for another, horizons are long, or somebody
// bought hundreds of times. Eq. 10 of the paper by mpmath, 60 digits.
TEST(BgNbd, PurchasesAsInManyDigits) {
  struct Case {
    FourParameters parameters;
    PurchaseHistory customer;
    double horizon;
    double purchases;
  };
  const Case cases[] = {
      {{0.8, 3, 20, 80}, {0, 0, 30}, 52, 0.98593206044944505},
      {{0.8, 3, 20, 80}, {6, 25, 30}, 52, 2.598147741236549},
      {{0.8, 3, 20, 80}, {6, 25, 30}, 520, 3.2138867234735596},
      {{0.8, 3, 200, 800}, {0, 0, 30}, 52, 0.98423220631162877},
      {{0.8, 3, 200, 800}, {6, 25, 30}, 52, 2.4148831557868459},
      {{0.8, 3, 200, 800}, {6, 25, 30}, 520, 2.8702849575196533},
      {{0.8, 3, 20000, 80000}, {0, 0, 30}, 52, 0.98404197887700179},
      {{0.8, 3, 20000, 80000}, {6, 25, 30}, 52, 2.3945301368356072},
      {{0.8, 3, 20000, 80000}, {6, 25, 30}, 520, 2.8344608959345078},
      {{0.8, 3, 20, 80}, {6, 25, 30}, 100000, 3.2145264658188857},
      {{0.8, 3, 20000, 80000}, {0, 0, 1}, 3650, 4.9229133184484861},
      {{0.8, 3, 2.5, 6}, {900, 51, 52}, 52, 0.0091416314800587752},
      {{0.8, 3, 0.03, 0.2}, {1, 3, 4}, 3650, 647.59685219439119},
      {{0.8, 3, 8, 30}, {2, 4, 5}, 520, 4.045708547387983},
      {{60, 20, 20, 5}, {3, 3, 5}, 52, 0.0025972684547379997},
  };
  for (const Case& c : cases) {
    EXPECT_NEAR(bg_nbd_purchases(c.parameters, c.customer, c.horizon) / c.purchases, 1.0, 1e-12)
        << c.parameters[2] << " " << c.customer.repeats << " " << c.horizon;
  }
}

TEST(BgNbd, PurchasesOfAnyHorizonAreFinite) {
  for (const double a : {1e-3, 0.5, 20.0}) {
    for (const double horizon : {1e-300, 1e100, 1e308}) {
      const double purchases = bg_nbd_purchases({0.3, 0.01, a, 2.0}, {1.0, 0.1, 0.2}, horizon);
      EXPECT_TRUE(std::isfinite(purchases) && purchases >= 0.0) << a << " " << horizon;
    }
  }
}

// The two ways of adding up meet: no step of the size a fit's slopes would see.
TEST(BgNbd, PurchasesWithoutAStep) {
  const PurchaseHistory c{3.0, 10.0, 20.0};
  for (const double a : {0.1, 1.0, 3.0, 50.0, 1e4}) {
    const FourParameters p{0.5, 4.0, a, 3.0 * a};
    // From one sum to the other at (r + x + 36) (1 + t / (alpha + T)) = 1500.
    const double at = (1500.0 / 39.5 - 1.0) * 24.0;
    const double below = bg_nbd_purchases(p, c, at * (1.0 - 1e-12));
    EXPECT_NEAR(bg_nbd_purchases(p, c, at * (1.0 + 1e-12)) / below, 1.0, 5e-12) << a;
  }
}

TEST(ParetoNbd, AliveAsByPlainIntegration) {
  testing::Random random(4);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (int round = 0; round < 30; ++round) {
    const FourParameters p{0.2 + unit(random), 0.5 + 15.0 * unit(random), 0.2 + unit(random),
                           0.5 + 15.0 * unit(random)};
    const double repeats = (round % 6) * 5;
    const PurchaseHistory c{repeats, repeats > 0 ? 20.0 * unit(random) : 0.0, 30.0};
    const auto [r, alpha, s, beta] = p;
    double gone = 0.0;
    constexpr int kSteps = 200'000;
    const double width = (c.observed - c.last) / kSteps;
    for (int i = 0; i < kSteps; ++i) {
      const double y = c.last + (i + 0.5) * width;
      gone += width * s * std::pow((alpha + y) / (alpha + 30.0), -(r + repeats)) *
              std::pow((beta + y) / (beta + 30.0), -s) / (beta + y);
    }
    const double plain = 1.0 / (1.0 + gone);
    EXPECT_NEAR(pareto_nbd_alive(p, c), plain, 1e-7 * plain) << round;
    FourParameters one = p;  // the limit of s = 1 is no special case
    one[2] = 1.0;
    FourParameters near_one = p;
    near_one[2] = 1.0 + 1e-7;
    EXPECT_NEAR(pareto_nbd_purchases(one, c, 52.0) / pareto_nbd_purchases(near_one, c, 52.0), 1.0,
                1e-5);
  }
}

PurchaseHistory bought_until_gone(testing::Random& random, double rate, double leave,
                                  double observed) {
  PurchaseHistory h;
  h.observed = observed;
  std::exponential_distribution<double> wait(rate);
  for (double at = wait(random); at < h.observed; at += wait(random)) {
    h.repeats += 1.0;
    h.last = at;
    if (std::bernoulli_distribution(leave)(random)) break;
  }
  return h;
}

// A world of the model's own: the intervals for one customer's expectation hold the truth.
TEST(BgNbd, IntervalsCoverInItsOwnWorld) {
  testing::Random random(5);
  const FourParameters truth{0.6, 5.0, 0.9, 2.5};
  const PurchaseHistory someone{4, 15, 30};
  const double expected = bg_nbd_purchases(truth, someone, 30.0);
  const double alive = bg_nbd_alive(truth, someone);
  testing::Share purchases;
  testing::Share lives;
  for (int world = 0; world < 300; ++world) {
    std::vector<PurchaseHistory> customers;
    for (int i = 0; i < 1'300; ++i) {
      const double rate = std::gamma_distribution<double>(truth[0], 1.0 / truth[1])(random);
      const double g = std::gamma_distribution<double>(truth[2])(random);
      const double leave = g / (g + std::gamma_distribution<double>(truth[3])(random));
      customers.push_back(bought_until_gone(random, rate, leave, 20.0 + i % 20));
    }
    const Fit<4> fit = fit_bg_nbd(customers).value();
    if (!fit.converged) continue;
    EXPECT_TRUE(fit.enough());
    const Forecast f = forecast(PurchaseModel::kBgNbd, fit, std::nullopt, someone, 30.0).value();
    purchases.count(f.purchases.interval.contains(expected));
    lives.count(f.alive.interval.contains(alive));
  }
  EXPECT_GE(purchases.runs, 295);
  EXPECT_GE(purchases.value(), 0.92);
  EXPECT_GE(lives.value(), 0.92);
  EXPECT_LE(purchases.value(), 0.985);
}

// Eq. 6 of the paper, plainly.
double slow_bg_likelihood(const FourParameters& q, const std::vector<PurchaseHistory>& customers) {
  const auto [r, alpha, a, b] = q;
  const auto log_beta = [](double x, double y) {
    return std::lgamma(x) + std::lgamma(y) - std::lgamma(x + y);
  };
  double sum = 0.0;
  for (const PurchaseHistory& c : customers) {
    const double x = c.repeats;
    const double alive = log_beta(a, b + x) - (r + x) * std::log(alpha + c.observed);
    double both = alive;
    if (x > 0.0) {
      const double gone = log_beta(a + 1.0, b + x - 1.0) - (r + x) * std::log(alpha + c.last);
      both = std::max(alive, gone) + std::log1p(std::exp(-std::fabs(alive - gone)));
    }
    sum += both - log_beta(a, b) + std::lgamma(r + x) - std::lgamma(r) + r * std::log(alpha);
  }
  return sum;
}

// All leave with one probability after a purchase.
std::vector<PurchaseHistory> alike_in_leaving(testing::Random& random, int customers,
                                              double leave) {
  std::vector<PurchaseHistory> all;
  for (int i = 0; i < customers; ++i) {
    const double rate = std::gamma_distribution<double>(0.8, 0.15)(random);
    all.push_back(bought_until_gone(random, rate, leave, 10.0 + i % 50));
  }
  return all;
}

// Where the likelihood rises towards customers alike there is no peak: a fit that says it has found
// one is better than that, and knows something of each parameter.
TEST(Value, NoPeakWhereCustomersLeaveAlike) {
  testing::Random random(7);
  int refused = 0;
  int refused_pareto = 0;
  constexpr int kWorlds = 24;
  for (int world = 0; world < kWorlds; ++world) {
    const auto customers = alike_in_leaving(random, world % 8 == 0 ? 1'000 : 100, 0.2);
    const Fit<4> fit = fit_bg_nbd(customers).value();
    const Fit<4> pareto = fit_pareto_nbd(customers).value();
    for (const Fit<4>& each : {fit, pareto}) {
      for (std::size_t i = 0; each.converged && i < 4; ++i) {
        EXPECT_LE(std::sqrt(each.covariance[i][i]), 5.0) << world << " " << i;
      }
    }
    refused += fit.converged ? 0 : 1;
    refused_pareto += pareto.converged ? 0 : 1;
    if (!fit.converged) continue;
    auto [r, alpha, a, b] = fit.parameters;
    EXPECT_NEAR(slow_bg_likelihood(fit.parameters, customers), fit.log_likelihood, 1e-4);
    EXPECT_LT(slow_bg_likelihood({r, alpha, 10.0 * a, 10.0 * b}, customers), fit.log_likelihood);
    EXPECT_LT(slow_bg_likelihood({10.0 * r, 10.0 * alpha, a, b}, customers), fit.log_likelihood);
  }
  // Half of the samples happen to differ less in leaving than chance would have them.
  EXPECT_GE(refused, kWorlds / 3);
  EXPECT_GE(refused_pareto, kWorlds / 3);
}

// Who bought once tells little of what comes next: 825 others are enough, each model by its own.
TEST(Value, EnoughAreThoseWhoBoughtAgain) {
  std::vector<PurchaseHistory> customers;
  testing::Random random(6);
  for (int i = 0; i < 3'000; ++i) {
    const double rate = std::gamma_distribution<double>(0.6, 0.2)(random);
    PurchaseHistory h;
    h.observed = 30.0;
    h.repeats = std::min(50, std::poisson_distribution<int>(20.0 * rate)(random));
    if (h.repeats > 0.0) h.last = 20.0 - 0.1 * (i % 50);
    if (h.repeats > 0.0) h.average = i % 4 == 0 ? 0.0 : 10.0 + i % 17;
    customers.push_back(h);
  }
  const auto again = std::count_if(customers.begin(), customers.end(),
                                   [](const PurchaseHistory& h) { return h.repeats > 0.0; });
  ASSERT_GT(again, kFewestInformative);
  const Fit<4> all = fit_bg_nbd(customers).value();
  EXPECT_EQ(all.informative, again);
  EXPECT_TRUE(all.enough());
  EXPECT_EQ(fit_pareto_nbd(customers)->informative, again);
  const SpendFit spend = fit_gamma_gamma(customers).value();  // an average of 0 is left out
  EXPECT_EQ(spend.fit.informative, spend.customers);
  EXPECT_LT(spend.fit.informative, again);
  customers.resize(1'000);
  EXPECT_FALSE(fit_bg_nbd(customers)->enough());
}

TEST(Value, RefusesWhatCannotBe) {
  using Histories = std::vector<PurchaseHistory>;
  EXPECT_FALSE(fit_bg_nbd(Histories{}));
  EXPECT_FALSE(fit_bg_nbd(Histories{{0, 0, 10}, {0, 0, 20}}));  // nobody bought twice
  EXPECT_FALSE(fit_bg_nbd(Histories{{1, 11, 10}}));             // after the end
  EXPECT_FALSE(fit_bg_nbd(Histories{{1.5, 5, 10}}));            // half a purchase
  EXPECT_FALSE(fit_pareto_nbd(Histories{{1, 0, 10}}));          // bought twice in no time
  EXPECT_FALSE(fit_pareto_nbd(Histories{{1, std::nan(""), 10}}));
  EXPECT_FALSE(fit_bg_nbd(Histories{{1, 5, 10}}, FourParameters{1, -1, 1, 1}));
  EXPECT_FALSE(fit_gamma_gamma(Histories{{1, 5, 10, 20}}));  // one customer
  EXPECT_EQ(fit_bg_nbd(Histories{{1, 5, 10}, {2, 3, 1}}).error().where, "1");
  // One history again and again has no variation over customers to fit: said, not invented.
  const Fit<4> alike = fit_bg_nbd(Histories(50, PurchaseHistory{3, 9, 10})).value();
  EXPECT_FALSE(alike.converged);
  EXPECT_FALSE(forecast(PurchaseModel::kBgNbd, alike, std::nullopt, {3, 9, 10}, 5.0));
}

}  // namespace
}  // namespace tact::stats
