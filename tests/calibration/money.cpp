// Money: winsorised beside raw, and what a treatment earned after its cost. Customers of CDNOW and
// Hillstrom, drawn with replacement.
#include <algorithm>
#include <array>

#include "stats/sequential.h"
#include "stats/value/incremental.h"
#include "stats/welch.h"
#include "stats/winsor.h"
#include "worlds.h"

namespace tact::calibration {
namespace {

// Sorted outcomes with sums, for the mean at any cap.
class Spending {
 public:
  explicit Spending(std::vector<double> values) : values_(std::move(values)) {
    std::sort(values_.begin(), values_.end());
    double sum = 0.0;
    for (const double value : values_) below_.push_back(sum += value);
  }
  double capped_mean(double cap, double factor) const {
    const auto above = std::upper_bound(values_.begin(), values_.end(), cap / factor);
    const auto k = static_cast<std::size_t>(above - values_.begin());
    const double low = k == 0 ? 0.0 : below_[k - 1] * factor;
    return (low + cap * static_cast<double>(values_.size() - k)) /
           static_cast<double>(values_.size());
  }
  double draw(Random& random) const {
    return values_[std::uniform_int_distribution<std::size_t>(0, values_.size() - 1)(random)];
  }

 private:
  std::vector<double> values_, below_;
};

std::vector<double> cdnow_dollars() {
  std::vector<double> values;
  for (const Customer& customer : cdnow()) values.push_back(customer.outcome);
  return values;
}

std::vector<double> hillstrom_dollars() {
  std::vector<double> values;
  for (const HillstromRow& row : hillstrom()) {
    if (row.arm == 0) values.push_back(row.spend);
  }
  return values;
}

struct Winsored {
  std::function<std::vector<double>()> values;
  std::int64_t controls = 0, treated = 0;
  double lift = 0.0;
  int looks = 1;
};

// The truth is the difference of the means at the cap that the data chose.
Run winsorise_drawn(const Winsored& world) {
  const Spending spending(world.values());
  return [=](Random& random, Tally& tally) {
    stats::TailSums arms[2];
    bool opened = false;
    bool covered = true;
    for (int look = 0; look < world.looks; ++look) {
      for (std::int64_t i = 0; i < world.controls / world.looks; ++i)
        arms[0].add(spending.draw(random));
      for (std::int64_t i = 0; i < world.treated / world.looks; ++i)
        arms[1].add(spending.draw(random) * (1 + world.lift));
      const stats::Winsorised capped = stats::winsorise(arms).value();
      if (!gate_open(capped.arms[0], capped.arms[1])) continue;
      opened = true;
      const double truth =
          spending.capped_mean(capped.cap, 1 + world.lift) - spending.capped_mean(capped.cap, 1.0);
      const auto control = stats::summarize(capped.arms[0], stats::OutcomeKind::kMean).value();
      const auto treatment = stats::summarize(capped.arms[1], stats::OutcomeKind::kMean).value();
      const stats::Interval interval =
          world.looks == 1 ? stats::welch_difference(treatment, control).value().interval
                           : stats::sequential_difference(treatment, control).value().interval;
      covered = covered && interval.contains(truth);
    }
    if (opened) tally.count(0, covered);
    return opened;
  };
}

// A voucher: buyers of the treated arm spend 10 % more and get 4 % back, and each mailing costs.
struct Voucher {
  std::int64_t controls = 0, treated = 0;
  int looks = 1;
};
constexpr double kLift = 0.1, kBack = 0.04, kMailing = 0.05, kMargin = 0.6, kFixed = 100.0;

constexpr std::size_t kFigures = 5;

// Adds so many to the arms.
void send(Random& random, const std::vector<double>& dollars, std::int64_t controls,
          std::int64_t treated, stats::ValueAndCost& control, stats::ValueAndCost& treatment) {
  std::uniform_int_distribution<std::size_t> which(0, dollars.size() - 1);
  for (std::int64_t i = 0; i < controls; ++i) control.add(dollars[which(random)], 0.0);
  for (std::int64_t i = 0; i < treated; ++i) {
    const double spent = dollars[which(random)] * (1 + kLift);
    treatment.add(spent, spent * kBack + kMailing);
  }
}

// Which of the figures the truth is in.
std::array<bool, kFigures> holds(const stats::IncrementalReturn& said, double mean,
                                 double treated) {
  const double value = mean * kLift;
  const double cost = mean * (1 + kLift) * kBack + kMailing;
  const double profit = kMargin * value - cost;
  const double total = profit * treated - kFixed;
  return {said.value.interval.contains(value), said.cost.interval.contains(cost),
          said.profit.interval.contains(profit), said.total.interval.contains(total),
          said.roi.contains(total / (cost * treated + kFixed))};
}

Run earn(const Voucher& world) {
  const std::vector<double> dollars = cdnow_dollars();
  double mean = 0.0;
  for (const double value : dollars) mean += value / static_cast<double>(dollars.size());
  return [=](Random& random, Tally& tally) {
    stats::ValueAndCost control;
    stats::ValueAndCost treatment;
    stats::ReturnOptions options{.margin = kMargin, .fixed_cost = kFixed};
    if (world.looks > 1) options.tuning_visitors = 5'000.0;
    std::array<bool, kFigures> covered;
    covered.fill(true);
    bool opened = false;
    for (int look = 0; look < world.looks; ++look) {
      send(random, dollars, world.controls / world.looks, world.treated / world.looks, control,
           treatment);
      if (!gate_open(control.value, treatment.value)) continue;
      opened = true;
      const auto said = stats::incremental_return(treatment, control, options).value();
      const auto now = holds(said, mean, static_cast<double>(treatment.value.n));
      for (std::size_t i = 0; i < kFigures; ++i) covered[i] = covered[i] && now[i];
    }
    for (std::size_t i = 0; i < kFigures && opened; ++i) tally.count(i, covered[i]);
    return opened;
  };
}

}  // namespace

void add_money(std::vector<World>& worlds) {
  const std::pair<const char*, Winsored> winsored[] = {
      {"CDNOW dollars, 50/50", {cdnow_dollars, 2'000, 2'000, 0.1}},
      {"CDNOW dollars, 90/10, 1,000 controls", {cdnow_dollars, 1'000, 9'000, 0.1}},
      {"CDNOW dollars, 95/5, 1,000 controls", {cdnow_dollars, 1'000, 19'000, 0.1}},
      {"Hillstrom spend, 50/50", {hillstrom_dollars, 15'000, 15'000, 0.3}},
      {"CDNOW dollars, 90/10, 30 looks", {cdnow_dollars, 1'800, 16'200, 0.1, 30}},
      {"CDNOW dollars, 95/5, no effect, 30 looks", {cdnow_dollars, 1'800, 34'200, 0.0, 30}},
  };
  for (const auto& [name, world] : winsored) {
    const bool once = world.looks == 1;
    const char* method =
        once ? "difference of capped means, Welch" : "always-valid difference of capped means";
    worlds.push_back({.name = "winsorised money: " + std::string(name),
                      .methods = {{method, once ? covers_95() : always_covers()}},
                      .runs_short = 40,
                      .needs_data = true,
                      .prepare = [world = world] { return winsorise_drawn(world); }});
  }
  const std::pair<const char*, Voucher> earned[] = {
      {"CDNOW dollars, 50/50", {4'000, 4'000}},
      {"CDNOW dollars, 90/10", {4'400, 39'600}},
      {"CDNOW dollars, 90/10, 30 looks", {4'800, 43'200, 30}},
  };
  for (const auto& [name, world] : earned) {
    const Target target = world.looks == 1 ? covers_95() : always_covers();
    worlds.push_back({.name = "value less cost: " + std::string(name),
                      .methods = {{"value", target},
                                  {"cost", target},
                                  {"profit per visitor", target},
                                  {"profit in all", target},
                                  {"return on cost", target}},
                      .runs_short = 40,
                      .needs_data = true,
                      .prepare = [world = world] { return earn(world); }});
  }
}

}  // namespace tact::calibration
