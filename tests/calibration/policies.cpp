// Off-policy evaluation: another policy's value from the log of the one that ran. Logs are drawn
// from Hillstrom's customers (action: the e-mail; context: bought women's goods before), and from a
// made-up shop with 20 actions and clicks in 0.5 to 5 %.
#include <array>

#include "stats/ope.h"
#include "worlds.h"

namespace tact::calibration {
namespace {

enum Which : std::size_t { kIps, kSnips, kDr, kDrModel, kMeanWeight };

// By context and action: what the log's policy and the other one do, what comes of it, and what an
// imperfect model predicts.
struct Cell {
  double logged = 0.0, target = 0.0, model = 0.0, mean = 0.0;
  std::vector<double> rewards;  // drawn from; empty: 1 with probability `mean`
};

struct Bandit {
  std::vector<double> contexts;  // their shares
  std::vector<std::vector<Cell>> cells;
  int rows = 0;

  double value() const {
    double value = 0.0;
    for (std::size_t x = 0; x < contexts.size(); ++x) {
      for (const Cell& cell : cells[x]) value += contexts[x] * cell.target * cell.mean;
    }
    return value;
  }
};

// Immutable; draws rows of the log.
class Log {
 public:
  explicit Log(Bandit bandit) : bandit_(std::move(bandit)) {
    context_ =
        std::discrete_distribution<std::size_t>(bandit_.contexts.begin(), bandit_.contexts.end());
    for (const std::vector<Cell>& cells : bandit_.cells) {
      std::vector<double> logged;
      double predicted = 0.0;
      for (const Cell& cell : cells) {
        logged.push_back(cell.logged);
        predicted += cell.target * cell.model;
      }
      actions_.emplace_back(logged.begin(), logged.end());
      predicted_target_.push_back(predicted);
    }
  }

  stats::LoggedDecision draw(Random& random) const {
    auto context = context_;
    const std::size_t x = context(random);
    auto action = actions_[x];
    const Cell& cell = bandit_.cells[x][action(random)];
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    const double reward = cell.rewards.empty()
                              ? static_cast<double>(unit(random) < cell.mean)
                              : cell.rewards[std::uniform_int_distribution<std::size_t>(
                                    0, cell.rewards.size() - 1)(random)];
    return {reward, cell.logged, cell.target, cell.model, predicted_target_[x]};
  }
  const Bandit& bandit() const { return bandit_; }

 private:
  Bandit bandit_;
  std::discrete_distribution<std::size_t> context_;
  std::vector<std::discrete_distribution<std::size_t>> actions_;
  std::vector<double> predicted_target_;
};

Bandit hillstrom_bandit(double HillstromRow::* outcome, int rows) {
  constexpr std::array<std::array<double, 3>, 2> kLogged = {{{0.5, 0.3, 0.2}, {0.4, 0.2, 0.4}}};
  constexpr std::array<std::array<double, 3>, 2> kTarget = {{{0.2, 0.7, 0.1}, {0.1, 0.2, 0.7}}};
  Bandit bandit;
  bandit.rows = rows;
  bandit.contexts = {0.0, 0.0};
  bandit.cells.assign(2, std::vector<Cell>(3));
  for (const HillstromRow& row : hillstrom()) {
    const std::size_t x = row.bought_womens ? 1 : 0;
    bandit.contexts[x] += 1.0 / static_cast<double>(hillstrom().size());
    Cell& cell = bandit.cells[x][static_cast<std::size_t>(row.arm)];
    cell.rewards.push_back(row.*outcome);
    cell.mean += row.*outcome;
  }
  for (std::size_t x = 0; x < 2; ++x) {
    for (std::size_t a = 0; a < 3; ++a) {
      Cell& cell = bandit.cells[x][a];
      cell.mean /= static_cast<double>(cell.rewards.size());
      cell.logged = kLogged[x][a];
      cell.target = kTarget[x][a];
      cell.model = cell.mean * (a == 0 ? 0.8 : 1.3);  // wrong, but not by much
    }
  }
  return bandit;
}

Bandit click_bandit() {
  constexpr int kActions = 20;
  Bandit bandit;
  bandit.rows = 20'000;
  bandit.contexts = {1.0};
  bandit.cells.emplace_back();
  double logged = 0.0;
  double target = 0.0;
  for (int a = 0; a < kActions; ++a) {
    Cell cell;
    cell.mean = 0.005 + 0.045 * a / (kActions - 1);
    cell.logged = 1.0 + (a * 7) % kActions;
    cell.target = 1.0 + (a * 11) % kActions;
    cell.model = 0.02;
    logged += cell.logged;
    target += cell.target;
    bandit.cells[0].push_back(cell);
  }
  for (Cell& cell : bandit.cells[0]) {
    cell.logged /= logged;
    cell.target /= target;
  }
  return bandit;
}

Run evaluate_once(const Bandit& bandit) {
  return [log = Log(bandit), truth = bandit.value()](Random& random, Tally& tally) {
    stats::OffPolicySums plain;
    stats::OffPolicySums modelled;
    for (int i = 0; i < log.bandit().rows; ++i) {
      const stats::LoggedDecision row = log.draw(random);
      if (!plain.add(row, false).has_value() || !modelled.add(row, true).has_value()) return false;
    }
    const stats::OffPolicyReport report = stats::evaluate_policy(plain).value();
    const stats::OffPolicyReport with_model = stats::evaluate_policy(modelled).value();
    if (!report.estimable || !with_model.estimable) return false;
    tally.count(kIps, report.ips->interval.contains(truth));
    tally.count(kSnips, report.snips->interval.contains(truth));
    tally.count(kDr, report.dr->interval.contains(truth));
    tally.count(kDrModel, with_model.dr->interval.contains(truth));
    tally.count(kMeanWeight, report.mean_weight_interval.contains(1.0));
    return true;
  };
}

Run evaluate_daily(const Bandit& bandit) {
  return [log = Log(bandit), truth = bandit.value()](Random& random, Tally& tally) {
    constexpr int kLooks = 60;
    stats::OffPolicySums sums;
    bool covered = true;
    bool opened = false;
    for (int look = 0; look < kLooks; ++look) {
      for (int i = 0; i < log.bandit().rows / kLooks; ++i) {
        if (!sums.add(log.draw(random), false).has_value()) return false;
      }
      const stats::OffPolicyReport report = stats::evaluate_policy(sums).value();
      if (!report.estimable) continue;
      opened = true;
      covered = covered && report.always_valid->contains(truth);
    }
    if (opened) tally.count(0, covered);
    return opened;
  };
}

struct Made {
  const char* name;
  bool needs_data;
  std::function<Bandit()> bandit;
};

}  // namespace

void add_policies(std::vector<World>& worlds) {
  const Made made[] = {
      {"clicks, 20 actions", false, click_bandit},
      {"Hillstrom visits, 3 actions", true,
       [] { return hillstrom_bandit(&HillstromRow::visit, 3'000); }},
      {"Hillstrom spend, 3 actions", true,
       [] { return hillstrom_bandit(&HillstromRow::spend, 30'000); }},
  };
  for (const Made& one : made) {
    const std::string name = "other policies: " + std::string(one.name);
    worlds.push_back({.name = name,
                      .methods = {{"IPS", covers_95()},
                                  {"SNIPS", covers_95()},
                                  {"DR, mean reward as model", covers_95()},
                                  {"DR, imperfect model", covers_95()},
                                  {"mean weight", covers_95()}},
                      .runs_short = 40,
                      .needs_data = one.needs_data,
                      .prepare = [make = one.bandit] { return evaluate_once(make()); }});
    worlds.push_back({.name = name + ", 60 looks",
                      .methods = {{"IPS, always valid", always_covers()}},
                      .runs_short = 40,
                      .needs_data = one.needs_data,
                      .prepare = [make = one.bandit] { return evaluate_daily(make()); }});
  }
}

}  // namespace tact::calibration
