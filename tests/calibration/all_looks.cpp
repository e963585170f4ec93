// Looking 60 times, as visitors come in: a miss at any look with the gate open is a miss.
#include "stats/compare.h"
#include "stats/sequential.h"
#include "stats/welch.h"
#include "worlds.h"

namespace tact::calibration {
namespace {

using stats::Alternative;

constexpr int kLooks = 60;
// As many equal buyers as would vary like these, (sum x)^2 / sum x^2, in each arm.
constexpr std::int64_t kEffectiveBuyers = 100;

enum Which : std::size_t { kDifference, kLift, kAbove, kBelow, kPeeking, kLaterGate, kMethods };

std::vector<Method> methods(bool later_gate) {
  std::vector<Method> all = {{"always-valid difference", always_covers()},
                             {"always-valid lift by inversion", always_covers()},
                             {"always-valid difference, one-sided >", always_covers()},
                             {"always-valid difference, one-sided <", always_covers()},
                             {"one-look interval at every look", for_comparison()}};
  if (later_gate)
    all.push_back({"always-valid difference, gate of 100 effective buyers", for_comparison()});
  return all;
}

bool later_gate_open(const stats::SampleMoments& a, const stats::SampleMoments& b) {
  return stats::nonzero_at_least(a.sum, a.sum_squares) >= kEffectiveBuyers &&
         stats::nonzero_at_least(b.sum, b.sum_squares) >= kEffectiveBuyers;
}

Run look_daily(const TwoArms& arms, bool later_gate) {
  return [arms, later_gate](Random& random, Tally& tally) {
    const double difference = arms.difference();
    const double lift = arms.lift();
    bool covered[kMethods] = {true, true, true, true, true, true};
    bool opened = false;
    bool opened_later = false;
    stats::SampleMoments c;
    stats::SampleMoments t;
    for (int look = 0; look < kLooks; ++look) {
      c += arms.control.draw(random, arms.controls / kLooks);
      t += arms.treatment.draw(random, arms.treated / kLooks);
      if (!gate_open(c, t)) continue;
      opened = true;
      const stats::ArmSummary control = stats::summarize(c, arms.kind).value();
      const stats::ArmSummary treatment = stats::summarize(t, arms.kind).value();
      const auto sequence = [&](Alternative side) {
        return stats::sequential_difference(treatment, control, {.alternative = side})
            .value()
            .interval.contains(difference);
      };
      const bool both_sides = sequence(Alternative::kTwoSided);
      covered[kDifference] = covered[kDifference] && both_sides;
      if (later_gate && later_gate_open(c, t)) {
        opened_later = true;
        covered[kLaterGate] = covered[kLaterGate] && both_sides;
      }
      covered[kLift] =
          covered[kLift] && stats::sequential_lift(treatment, control).value().contains(lift);
      covered[kAbove] = covered[kAbove] && sequence(Alternative::kGreater);
      covered[kBelow] = covered[kBelow] && sequence(Alternative::kLess);
      covered[kPeeking] =
          covered[kPeeking] &&
          stats::welch_difference(treatment, control).value().interval.contains(difference);
    }
    if (!opened) return false;
    for (std::size_t m = 0; m < kLaterGate; ++m) tally.count(m, covered[m]);
    if (opened_later) tally.count(kLaterGate, covered[kLaterGate]);
    return true;
  };
}

}  // namespace

void add_all_looks(std::vector<World>& worlds) {
  for (const ArmsWorld& world : arms_for_looks()) {
    const bool later_gate = world.name.starts_with("CDNOW");
    worlds.push_back(
        {.name = "60 looks: " + world.name,
         .methods = methods(later_gate),
         .runs = 10'000,
         .runs_short = 60,
         .needs_data = world.needs_data,
         .prepare = [arms = world.arms, later_gate] { return look_daily(arms(), later_gate); }});
  }
}

}  // namespace tact::calibration
