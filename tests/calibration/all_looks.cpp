// Looking 60 times, as visitors come in: a miss at any look with the gate open is a miss.
#include <algorithm>

#include "stats/compare.h"
#include "stats/sequential.h"
#include "stats/welch.h"
#include "worlds.h"

namespace tact::calibration {
namespace {

using stats::Alternative;

constexpr int kLooks = 60;
enum Which : std::size_t { kDifference, kLift, kAbove, kBelow, kPeeking, kFifty, kMethods };

// What a gate would let through that asks for 50 with an outcome, and nothing else.
const char* only_fifty(const ArmsWorld& world) {
  if (world.name.starts_with("CDNOW")) return "always-valid difference, gate of 50 buyers";
  const bool frequent = !world.needs_data && world.arms().control.mean() > 0.5;
  return frequent ? "always-valid difference, gate of 50 with the outcome" : nullptr;
}

std::vector<Method> methods(const char* fifty) {
  std::vector<Method> all = {{"always-valid difference", always_covers()},
                             {"always-valid lift by inversion", always_covers()},
                             {"always-valid difference, one-sided >", always_covers()},
                             {"always-valid difference, one-sided <", always_covers()},
                             {"one-look interval at every look", for_comparison()}};
  if (fifty != nullptr) all.push_back({fifty, for_comparison()});
  return all;
}

bool fifty_nonzero(const stats::SampleMoments& a, const stats::SampleMoments& b) {
  return std::min(a.nonzero, b.nonzero) >= stats::kGateNonzeroVisitors;
}

Run look_daily(const TwoArms& arms, bool fifty) {
  return [arms, fifty](Random& random, Tally& tally) {
    const double difference = arms.difference();
    const double lift = arms.lift();
    bool covered[kMethods] = {true, true, true, true, true, true};
    bool opened = false;
    stats::SampleMoments c;
    stats::SampleMoments t;
    for (int look = 0; look < kLooks; ++look) {
      c += arms.control.draw(random, arms.controls / kLooks);
      t += arms.treatment.draw(random, arms.treated / kLooks);
      if (!fifty_nonzero(c, t)) continue;
      const bool open = gate_open(c, t);
      if (!open && !fifty) continue;
      const stats::ArmSummary control = stats::summarize(c, arms.kind).value();
      const stats::ArmSummary treatment = stats::summarize(t, arms.kind).value();
      const auto sequence = [&](Alternative side) {
        return stats::sequential_difference(treatment, control, {.alternative = side})
            .value()
            .interval.contains(difference);
      };
      const bool both_sides = sequence(Alternative::kTwoSided);
      covered[kFifty] = covered[kFifty] && both_sides;
      if (!open) continue;
      opened = true;
      covered[kDifference] = covered[kDifference] && both_sides;
      covered[kLift] =
          covered[kLift] && stats::sequential_lift(treatment, control).value().contains(lift);
      covered[kAbove] = covered[kAbove] && sequence(Alternative::kGreater);
      covered[kBelow] = covered[kBelow] && sequence(Alternative::kLess);
      covered[kPeeking] =
          covered[kPeeking] &&
          stats::welch_difference(treatment, control).value().interval.contains(difference);
    }
    if (!opened) return false;
    for (std::size_t m = 0; m < (fifty ? kMethods : kFifty); ++m) tally.count(m, covered[m]);
    return true;
  };
}

}  // namespace

void add_all_looks(std::vector<World>& worlds) {
  for (const ArmsWorld& world : arms_for_looks()) {
    const char* fifty = only_fifty(world);
    worlds.push_back(
        {.name = "60 looks: " + world.name,
         .methods = methods(fifty),
         .runs = 10'000,
         .runs_short = 60,
         .needs_data = world.needs_data,
         .prepare = [arms = world.arms, fifty] { return look_daily(arms(), fifty != nullptr); }});
  }
}

}  // namespace tact::calibration
