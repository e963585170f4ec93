// Fewer visitors: CUPED, ratio metrics by the delta method, and CUPED on ratios. Customers of CDNOW
// and Hillstrom, drawn with replacement; the treatment multiplies the outcome.
#include "stats/cuped.h"
#include "stats/fieller.h"
#include "stats/sequential.h"
#include "stats/welch.h"
#include "worlds.h"

namespace tact::calibration {
namespace {

constexpr double kLift = 0.1;

struct Adjusted {
  std::vector<Customer> customers;
  std::int64_t controls = 0, treated = 0;
  double lift = 0.0;
  bool ratio = false;  // outcome / denominator instead of outcome / visitor

  double control_mean() const {
    double outcome = 0.0;
    double denominator = 0.0;
    for (const Customer& customer : customers) {
      outcome += customer.outcome;
      denominator += ratio ? customer.denominator : 1.0;
    }
    return outcome / denominator;
  }
};

stats::CovariateArm draw(Random& random, const Adjusted& world, std::int64_t n, double factor) {
  std::uniform_int_distribution<std::size_t> which(0, world.customers.size() - 1);
  stats::CovariateArm arm;
  stats::SecondSums denominator;
  for (std::int64_t i = 0; i < n; ++i) {
    const Customer& customer = world.customers[which(random)];
    const double outcome = customer.outcome * factor;
    arm.outcome.add(outcome);
    arm.covariate.add(outcome, customer.before);
    if (!world.ratio) continue;
    denominator.add(outcome, customer.denominator);
    arm.denominator_covariate_product_sum += customer.denominator * customer.before;
  }
  if (world.ratio) arm.denominator = denominator;
  return arm;
}

stats::ArmSummary plain(const stats::CovariateArm& arm) {
  return arm.denominator ? stats::summarize_ratio(arm.outcome, *arm.denominator).value()
                         : stats::summarize(arm.outcome, stats::OutcomeKind::kMean).value();
}

Run compare(const std::function<Adjusted()>& make) {
  const Adjusted world = make();
  const double lift = world.lift;
  const double difference = world.control_mean() * lift;
  return [=](Random& random, Tally& tally) {
    const stats::CovariateArm control = draw(random, world, world.controls, 1.0);
    const stats::CovariateArm treatment = draw(random, world, world.treated, 1.0 + lift);
    if (!gate_open(control.outcome, treatment.outcome)) return false;
    const auto adjusted = stats::adjust_by_covariate(treatment, control).value();
    const stats::ArmSummary t = plain(treatment);
    const stats::ArmSummary c = plain(control);
    const auto covers = [difference](const stats::ArmSummary& one, const stats::ArmSummary& other) {
      return stats::welch_difference(one, other).value().interval.contains(difference);
    };
    tally.count(0, covers(t, c));
    tally.count(1, stats::fieller_lift(t, c).value().contains(lift));
    tally.count(2, covers(adjusted.treatment, adjusted.control));
    tally.count(3,
                stats::fieller_lift(adjusted.treatment, adjusted.control).value().contains(lift));
    return true;
  };
}

// 30 looks at the adjusted arms; theta is estimated anew at each.
Run look_daily(const std::function<Adjusted()>& make) {
  const Adjusted world = make();
  const double difference = world.control_mean() * world.lift;
  return [=](Random& random, Tally& tally) {
    constexpr int kLooks = 30;
    stats::CovariateArm control;
    stats::CovariateArm treatment;
    const auto add = [](stats::CovariateArm& all, const stats::CovariateArm& more) {
      all.outcome += more.outcome;
      all.covariate += more.covariate;
    };
    bool covered = true;
    bool opened = false;
    for (int look = 0; look < kLooks; ++look) {
      add(control, draw(random, world, world.controls / kLooks, 1.0));
      add(treatment, draw(random, world, world.treated / kLooks, 1.0 + world.lift));
      if (!gate_open(control.outcome, treatment.outcome)) continue;
      opened = true;
      const auto adjusted = stats::adjust_by_covariate(treatment, control).value();
      covered = covered && stats::sequential_difference(adjusted.treatment, adjusted.control)
                               .value()
                               .interval.contains(difference);
    }
    if (opened) tally.count(0, covered);
    return opened;
  };
}

// Spend, with what was bought in the year before: as good as unrelated.
std::vector<Customer> hillstrom_spend() {
  std::vector<Customer> customers;
  for (const HillstromRow& row : hillstrom()) {
    if (row.arm == 0) customers.push_back({row.spend, 0.0, row.history});
  }
  return customers;
}

// Made up: sessions per visitor 1 + geometric, revenue in some of them, more from who came before.
std::vector<Customer> shop_visitors() {
  Random random(4);
  std::vector<Customer> customers;
  std::geometric_distribution<int> more(0.4);
  std::lognormal_distribution<double> order(3.0, 0.5);
  for (int i = 0; i < 20'000; ++i) {
    Customer one;
    one.denominator = 1 + more(random);
    one.before = order(random) * static_cast<double>(more(random));
    for (int session = 0; session < static_cast<int>(one.denominator); ++session) {
      if (random() % 100 < 30) one.outcome += order(random) + 0.2 * one.before;
    }
    customers.push_back(one);
  }
  return customers;
}

struct Made {
  const char* name;
  bool needs_data;
  std::function<std::vector<Customer>()> customers;
  std::int64_t controls, treated;
  double lift;
  bool ratio;
};

std::vector<Made> made() {
  return {
      {"CDNOW dollars after, by dollars before, 50/50", true, cdnow, 2'000, 2'000, kLift, false},
      {"CDNOW dollars after, by dollars before, 90/10", true, cdnow, 4'500, 40'500, kLift, false},
      {"CDNOW dollars after, by dollars before, 95/5", true, cdnow, 5'000, 95'000, kLift, false},
      {"Hillstrom spend by history, 50/50", true, hillstrom_spend, 15'000, 15'000, 0.0, false},
      {"Hillstrom spend by history, 95/5", true, hillstrom_spend, 15'000, 285'000, 0.0, false},
      {"CDNOW dollars per order, 50/50", true, cdnow, 2'000, 2'000, kLift, true},
      {"CDNOW dollars per order, 90/10", true, cdnow, 4'500, 40'500, kLift, true},
      {"CDNOW dollars per order, 95/5", true, cdnow, 5'000, 95'000, kLift, true},
      {"shop, revenue per visitor, 90/10", false, shop_visitors, 500, 4'500, kLift, false},
      {"shop, revenue per session, 50/50", false, shop_visitors, 500, 500, kLift, true},
      {"shop, revenue per session, 95/5", false, shop_visitors, 500, 9'500, 0.0, true},
  };
}

}  // namespace

void add_adjusted(std::vector<World>& worlds) {
  for (const Made& one : made()) {
    const std::string plain_name = one.ratio ? "ratio, delta method" : "mean";
    const std::string cuped_name = one.ratio ? "CUPED on the ratio" : "CUPED";
    const auto make = [one] {
      return Adjusted{one.customers(), one.controls, one.treated, one.lift, one.ratio};
    };
    worlds.push_back({.name = "fewer visitors: " + std::string(one.name),
                      .methods = {{plain_name + ", difference", covers_95()},
                                  {plain_name + ", lift", covers_95()},
                                  {cuped_name + ", difference", covers_95()},
                                  {cuped_name + ", lift", covers_95()}},
                      .runs_short = one.controls + one.treated > 40'000 ? 20 : 60,
                      .needs_data = one.needs_data,
                      .prepare = [make] { return compare(make); }});
  }
  for (const Made& one : {made()[0], made()[8]}) {
    const auto make = [one] {
      return Adjusted{one.customers(), one.controls, one.treated, one.lift, one.ratio};
    };
    worlds.push_back({.name = "fewer visitors: " + std::string(one.name) + ", 30 looks",
                      .methods = {{"CUPED, always-valid difference", always_covers()}},
                      .runs_short = 40,
                      .needs_data = one.needs_data,
                      .prepare = [make] { return look_daily(make); }});
  }
}

}  // namespace tact::calibration
