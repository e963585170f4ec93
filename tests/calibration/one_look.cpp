// One look at a time fixed before: the difference, the lift, and both on one side.
#include "stats/compare.h"
#include "worlds.h"

namespace tact::calibration {
namespace {

using stats::Alternative;

enum Which : std::size_t {
  kDifference,
  kDifferenceAbove,
  kDifferenceBelow,
  kLiftFieller,
  kLiftAbove,
  kLiftBelow,
  kLiftDelta
};

std::vector<Method> methods(bool proportion) {
  const std::string difference = proportion ? "difference of shares" : "difference, Welch";
  return {{difference, covers_95()},
          {difference + ", one-sided >", covers_95()},
          {difference + ", one-sided <", covers_95()},
          {"lift, Fieller", covers_95()},
          {"lift by inversion, one-sided >", covers_95()},
          {"lift by inversion, one-sided <", covers_95()},
          {"lift, delta method", for_comparison()}};
}

Run look_once(const TwoArms& arms) {
  return [arms](Random& random, Tally& tally) {
    const stats::SampleMoments c = arms.control.draw(random, arms.controls);
    const stats::SampleMoments t = arms.treatment.draw(random, arms.treated);
    if (!gate_open(c, t)) return false;
    const stats::ArmSummary control = stats::summarize(c, arms.kind).value();
    const stats::ArmSummary treatment = stats::summarize(t, arms.kind).value();
    const auto look = [&](Alternative side) {
      return stats::compare(treatment, control,
                            {.alternative = side, .tuning_visitors = std::nullopt})
          .value();
    };
    const stats::Comparison both = look(Alternative::kTwoSided);
    const stats::Comparison above = look(Alternative::kGreater);
    const stats::Comparison below = look(Alternative::kLess);
    const double difference = arms.difference();
    const double lift = arms.lift();
    tally.count(kDifference, both.difference.interval.contains(difference));
    tally.count(kDifferenceAbove, above.difference.interval.contains(difference));
    tally.count(kDifferenceBelow, below.difference.interval.contains(difference));
    tally.count(kLiftFieller, both.lift.contains(lift));
    tally.count(kLiftAbove, above.lift.contains(lift));
    tally.count(kLiftBelow, below.lift.contains(lift));
    tally.count(kLiftDelta, both.delta->interval.contains(lift));
    return true;
  };
}

}  // namespace

void add_one_look(std::vector<World>& worlds) {
  for (const ArmsWorld& world : arms_for_one_look()) {
    worlds.push_back({.name = "one look: " + world.name,
                      .methods = methods(!world.money),
                      .runs = 20'000,
                      .runs_short = 400,
                      .needs_data = world.needs_data,
                      .prepare = [arms = world.arms] { return look_once(arms()); }});
  }
}

}  // namespace tact::calibration
