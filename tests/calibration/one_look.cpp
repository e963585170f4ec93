// One look at a time fixed before: the difference, the lift, and both on one side.
#include "stats/compare.h"
#include "worlds.h"

namespace tact::calibration {
namespace {

using stats::Alternative;

// The one-sided ones last: they have a gate of their own, and money's worlds may be too small.
enum Which : std::size_t {
  kDifference,
  kLiftFieller,
  kLiftDelta,
  kDifferenceAbove,
  kDifferenceBelow,
  kLiftAbove,
  kLiftBelow
};

std::vector<Method> methods(const ArmsWorld& world) {
  const std::string difference = world.money ? "difference, Welch" : "difference of shares";
  std::vector<Method> all = {{difference, covers_95()},
                             {"lift, Fieller", covers_95()},
                             {"lift, delta method", for_comparison()}};
  if (!world.one_sided) return all;
  all.push_back({difference + ", one-sided >", covers_95()});
  all.push_back({difference + ", one-sided <", covers_95()});
  all.push_back({"lift by inversion, one-sided >", covers_95()});
  all.push_back({"lift by inversion, one-sided <", covers_95()});
  return all;
}

struct Drawn {
  stats::SampleMoments control, treatment;
};
Drawn draw(Random& random, const TwoArms& arms) {
  const stats::SampleMoments control = arms.control.draw(random, arms.controls);
  return {control, arms.treatment.draw(random, arms.treated)};
}

stats::Comparison look(const TwoArms& arms, const Drawn& drawn, Alternative side) {
  return stats::compare(stats::summarize(drawn.treatment, arms.kind).value(),
                        stats::summarize(drawn.control, arms.kind).value(),
                        {.alternative = side, .tuning_visitors = std::nullopt})
      .value();
}

Run look_once(const TwoArms& arms, bool one_sided) {
  return [=](Random& random, Tally& tally) {
    const Drawn drawn = draw(random, arms);
    if (!gate_open(drawn.control, drawn.treatment)) return false;
    const double difference = arms.difference();
    const double lift = arms.lift();
    const stats::Comparison both = look(arms, drawn, Alternative::kTwoSided);
    tally.count(kDifference, both.difference.interval.contains(difference));
    tally.count(kLiftFieller, both.lift.contains(lift));
    tally.count(kLiftDelta, both.delta->interval.contains(lift));
    if (!one_sided || !gate_open(drawn.control, drawn.treatment, stats::kGateSkewnessOneSided)) {
      return true;
    }
    const stats::Comparison above = look(arms, drawn, Alternative::kGreater);
    const stats::Comparison below = look(arms, drawn, Alternative::kLess);
    tally.count(kDifferenceAbove, above.difference.interval.contains(difference));
    tally.count(kDifferenceBelow, below.difference.interval.contains(difference));
    tally.count(kLiftAbove, above.lift.contains(lift));
    tally.count(kLiftBelow, below.lift.contains(lift));
    return true;
  };
}

// How often the gate lets through what it should keep, and what it would be worth.
Run wait(const TwoArms& arms) {
  return [=](Random& random, Tally& tally) {
    const Drawn drawn = draw(random, arms);
    tally.count(0, gate_open(drawn.control, drawn.treatment));
    tally.count(
        1,
        look(arms, drawn, Alternative::kTwoSided).difference.interval.contains(arms.difference()));
    return true;
  };
}

}  // namespace

void add_one_look(std::vector<World>& worlds) {
  for (const ArmsWorld& world : arms_for_one_look()) {
    worlds.push_back({.name = "one look: " + world.name,
                      .methods = methods(world),
                      .runs = 20'000,
                      .runs_short = world.one_sided && world.money ? 40 : 200,
                      .needs_data = world.needs_data,
                      .prepare = [arms = world.arms, one_sided = world.one_sided] {
                        return look_once(arms(), one_sided);
                      }});
  }
  for (const ArmsWorld& world : arms_that_wait()) {
    worlds.push_back({.name = "one look: " + world.name,
                      .methods = {{"shown: the gate is open", at_most(0.01)},
                                  {"difference, Welch, whatever the gate", for_comparison()}},
                      .runs = 20'000,
                      .runs_short = 200,
                      .needs_data = world.needs_data,
                      .prepare = [arms = world.arms] { return wait(arms()); }});
  }
}

}  // namespace tact::calibration
