// Several arms at once, and planned power: how often something is found that is not there, and what
// is there.
#include <algorithm>
#include <cmath>

#include "stats/adjust.h"
#include "stats/power.h"
#include "stats/welch.h"
#include "worlds.h"

namespace tact::calibration {
namespace {

constexpr int kArms = 10;

stats::ArmSummary draw(Random& random, std::int64_t n, double rate) {
  return stats::summarize(Outcomes::conversions(rate).draw(random, n),
                          stats::OutcomeKind::kProportion)
      .value();
}

// Ten arms against one control; the first `real` of them lift 5 % to 7 %.
Run compare_arms(int real) {
  return [real](Random& random, Tally& tally) {
    const stats::ArmSummary control = draw(random, 3'000, 0.05);
    std::vector<double> log10_p;
    for (int arm = 0; arm < kArms; ++arm) {
      const stats::ArmSummary treatment = draw(random, 3'000, arm < real ? 0.07 : 0.05);
      log10_p.push_back(stats::welch_difference(treatment, control)->p.log10_p);
    }
    const auto found = [real](const std::vector<double>& adjusted, bool truly) {
      const auto begin = adjusted.begin() + (truly ? 0 : real);
      const auto end = truly ? adjusted.begin() + real : adjusted.end();
      return static_cast<double>(
          std::count_if(begin, end, [](double p) { return p < std::log10(0.05); }));
    };
    const std::vector<double> holm = stats::holm(log10_p).value();
    const std::vector<double> bonferroni = stats::bonferroni(log10_p).value();
    const std::vector<double> bh = stats::benjamini_hochberg(log10_p).value();
    tally.count(0, found(holm, false) > 0);
    tally.count(1, found(bonferroni, false) > 0);
    const double wrong = found(bh, false);
    tally.count(2, wrong > 0 ? wrong / (wrong + found(bh, true)) : 0.0);
    tally.count(3, found(log10_p, false) > 0);
    return true;
  };
}

// Planned for 80 %.
Run find_planned(double rate, double effect, double ratio) {
  stats::PowerPlan plan;
  plan.kind = stats::OutcomeKind::kProportion;
  plan.baseline = rate;
  plan.ratio = ratio;
  const std::int64_t controls = stats::visitors_for(plan, effect, 0.8).value();
  return [=](Random& random, Tally& tally) {
    const auto treated = static_cast<std::int64_t>(static_cast<double>(controls) * ratio);
    const stats::ArmSummary control = draw(random, controls, rate);
    const stats::ArmSummary treatment = draw(random, treated, rate + effect);
    tally.count(0, stats::welch_difference(treatment, control)->p.p < 0.05);
    return true;
  };
}

}  // namespace

void add_many_tests(std::vector<World>& worlds) {
  for (const int real : {0, 3}) {
    const std::string name = real == 0 ? "none of them works" : "three of them work";
    worlds.push_back({.name = "ten arms against one control: " + name,
                      .methods = {{"Holm: any false finding", at_most(0.05)},
                                  {"Bonferroni: any false finding", at_most(0.05)},
                                  {"Benjamini-Hochberg: false share of findings", at_most(0.05)},
                                  {"unadjusted: any false finding", for_comparison()}},
                      .runs_short = 200,
                      .prepare = [real] { return compare_arms(real); }});
  }
  const Target planned{0.785, 0.815, "78.5–81.5 %"};
  struct Planned {
    const char* name;
    double rate, effect, ratio;
  };
  for (const Planned& one : {Planned{"conversion 5 % to 6 %, 50/50", 0.05, 0.01, 1.0},
                             Planned{"conversion 0.5 % to 0.7 %, 90/10", 0.005, 0.002, 9.0},
                             Planned{"conversion 0.5 % to 0.7 %, 95/5", 0.005, 0.002, 19.0},
                             Planned{"conversion 0.5 % to 0.3 %, 90/10", 0.005, -0.002, 9.0},
                             Planned{"conversion 0.5 % to 0.7 %, 10/90", 0.005, 0.002, 1.0 / 9}}) {
    worlds.push_back({.name = "planned power of 80 %: " + std::string(one.name),
                      .methods = {{"found", planned}},
                      .runs_short = 400,
                      .prepare = [one] { return find_planned(one.rate, one.effect, one.ratio); }});
  }
}

}  // namespace tact::calibration
