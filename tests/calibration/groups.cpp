// Visitors in groups: segments that are asked about one by one, and accounts whose people go
// together.
#include <algorithm>
#include <array>

#include "stats/clustered_lift.h"
#include "stats/segments.h"
#include "worlds.h"

namespace tact::calibration {
namespace {

constexpr std::size_t kSegments = 4;
using ByArm = std::array<stats::SampleMoments, kSegments>;

// Conversion in four segments of different size and rate, one control to nine treated; the effect
// of a segment is `effect`, and `more` in the last.
struct Segmented {
  double effect = 0.0, more = 0.0;
  double effect_of(std::size_t segment) const { return segment + 1 == kSegments ? more : effect; }
};
constexpr std::array<double, kSegments> kRates = {0.05, 0.03, 0.10, 0.06};
constexpr std::array<std::int64_t, kSegments> kControls = {3'000, 4'000, 1'500, 2'400};

bool draw_segments(Random& random, const Segmented& world, int parts, ByArm& control,
                   ByArm& treatment) {
  bool open = true;
  for (std::size_t s = 0; s < kSegments; ++s) {
    const std::int64_t n = kControls[s] / parts;
    control[s] += Outcomes::conversions(kRates[s]).draw(random, n);
    treatment[s] += Outcomes::conversions(kRates[s] + world.effect_of(s)).draw(random, 9 * n);
    open = open && gate_open(control[s], treatment[s]);
  }
  return open;
}

std::vector<stats::SegmentArms> summarized(const ByArm& treatment, const ByArm& control) {
  std::vector<stats::SegmentArms> segments;
  for (std::size_t s = 0; s < kSegments; ++s) {
    segments.push_back({stats::summarize(treatment[s], stats::OutcomeKind::kProportion).value(),
                        stats::summarize(control[s], stats::OutcomeKind::kProportion).value()});
  }
  return segments;
}

template <typename Effects>
bool covers_all(const Effects& effects, const Segmented& world) {
  for (std::size_t s = 0; s < kSegments; ++s) {
    if (!effects[s]->interval.contains(world.effect_of(s))) return false;
  }
  return true;
}

Run look_once(const Segmented& world) {
  return [world](Random& random, Tally& tally) {
    ByArm control{};
    ByArm treatment{};
    if (!draw_segments(random, world, 1, control, treatment)) return false;
    const auto segments = summarized(treatment, control);
    const stats::SegmentEffects said = stats::segment_effects(segments).value();
    tally.count(0, covers_all(said.effects, world));
    if (world.effect == world.more) tally.count(1, said.interaction->p.p < 0.05);
    return true;
  };
}

Run look_daily(const Segmented& world) {
  return [world](Random& random, Tally& tally) {
    constexpr int kLooks = 30;
    ByArm control{};
    ByArm treatment{};
    bool opened = false;
    bool covered = true;
    bool alarm = false;
    for (int look = 0; look < kLooks; ++look) {
      if (!draw_segments(random, world, kLooks, control, treatment)) continue;
      opened = true;
      const auto segments = summarized(treatment, control);
      const stats::SequentialSegments said = stats::sequential_segments(segments).value();
      covered = covered && covers_all(said.effects, world);
      alarm = alarm || said.interaction->p.p < 0.05;
    }
    if (!opened) return false;
    tally.count(0, covered);
    if (world.effect == world.more) tally.count(1, alarm);
    return true;
  };
}

// Accounts of 1 to about 20 people who convert alike: in every second account 25 % of them, in the
// others 2 %.
constexpr double kFewBuy = 0.02, kManyBuy = 0.25, kAllBuy = (kFewBuy + kManyBuy) / 2;
struct Accounts {
  int clusters = 0;
  double effect = 0.0;
  bool by_visitor = false;  // drawn by visitor: an account may be in both arms

  double lift() const { return effect / kAllBuy; }
};

stats::ClusterArm draw_people(Random& random, std::int64_t n, double rate) {
  return {n, static_cast<double>(std::binomial_distribution<std::int64_t>(n, rate)(random))};
}

void add_account(Random& random, const Accounts& world, stats::ClusterSums& sums) {
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  const std::int64_t people = 1 + std::geometric_distribution<std::int64_t>(0.2)(random);
  const double rate = unit(random) < 0.5 ? kFewBuy : kManyBuy;
  std::int64_t treated = unit(random) < 0.5 ? people : 0;
  if (world.by_visitor) treated = std::binomial_distribution<std::int64_t>(people, 0.5)(random);
  sums.add(draw_people(random, treated, rate + world.effect),
           draw_people(random, people - treated, rate));
}

stats::ArmSummary as_if_independent(const stats::ClusterSums::Arm& arm) {
  const auto successes = static_cast<std::int64_t>(arm.sum);
  return stats::summarize({arm.visitors, arm.sum, arm.sum, successes},
                          stats::OutcomeKind::kProportion)
      .value();
}

bool gate(const stats::ClusterSums& sums) {
  return std::min(sums.control.sum, sums.treatment.sum) >= 50;
}

Run accounts_once(const Accounts& world) {
  return [world](Random& random, Tally& tally) {
    stats::ClusterSums sums;
    for (int i = 0; i < world.clusters; ++i) add_account(random, world, sums);
    const auto clustered = stats::clustered_difference(sums);
    if (!gate(sums) || !clustered.has_value()) return false;
    tally.count(0, clustered->difference.interval.contains(world.effect));
    tally.count(1, stats::welch_difference(as_if_independent(sums.treatment),
                                           as_if_independent(sums.control))
                       ->interval.contains(world.effect));
    tally.count(2, stats::fieller_clustered(sums)->contains(world.lift()));
    return true;
  };
}

Run accounts_daily(const Accounts& world) {
  return [world](Random& random, Tally& tally) {
    constexpr int kLooks = 30;
    stats::ClusterSums sums;
    bool opened = false;
    bool covered = true;
    bool lift_covered = true;
    for (int look = 0; look < kLooks; ++look) {
      for (int i = 0; i < world.clusters / kLooks; ++i) add_account(random, world, sums);
      // Refused where too few accounts count, however many visitors have an outcome.
      const auto said = stats::sequential_clustered(sums, {.tuning_visitors = 500});
      if (!gate(sums) || !said.has_value()) continue;
      opened = true;
      covered = covered && said->interval.contains(world.effect);
      const auto lift = stats::sequential_clustered_lift(sums, {.tuning_visitors = 500});
      lift_covered = lift_covered && lift->contains(world.lift());
    }
    if (opened) tally.count(0, covered);
    if (opened) tally.count(1, lift_covered);
    return opened;
  };
}

// Worse by just the margin, a fifth of control: both verdicts are wrong as often as they are told.
constexpr double kMargin = 0.2;
Run guarded_daily(const Accounts& world) {
  return [world](Random& random, Tally& tally) {
    constexpr int kLooks = 30;
    using stats::GuardrailVerdict;
    stats::Guardrail rail{.margin = kMargin, .relative = true, .more_is_better = false};
    rail.tuning_visitors = 500;
    stats::ClusterSums sums;
    bool opened = false, not_worse = false, worse = false;
    stats::NonInferiority last;
    for (int look = 0; look < kLooks; ++look) {
      for (int i = 0; i < world.clusters / kLooks; ++i) add_account(random, world, sums);
      const auto said = stats::check_clustered_non_inferiority(sums, rail);
      if (!gate(sums) || !said.has_value()) continue;
      opened = true;
      last = *said;
      not_worse = not_worse || said->at_every_look.verdict == GuardrailVerdict::kNotWorse;
      worse = worse || said->at_every_look.verdict == GuardrailVerdict::kWorse;
    }
    if (!opened) return false;
    tally.count(0, last.at_this_look.verdict == GuardrailVerdict::kNotWorse);
    tally.count(1, not_worse);
    tally.count(2, worse);
    return true;
  };
}

void add_segments(std::vector<World>& worlds) {
  for (const auto& [name, world] : {std::pair("the same effect in all", Segmented{0.01, 0.01}),
                                    std::pair("no effect", Segmented{0.0, 0.0}),
                                    std::pair("another effect in one", Segmented{0.01, 0.05})}) {
    std::vector<Method> once = {{"all effects at once", covers_95()}};
    std::vector<Method> daily = {{"all effects at once, always valid", always_covers()}};
    if (world.effect == world.more) {
      once.push_back({"interaction, false alarms", about_5()});
      daily.push_back({"interaction, false alarms at any look", at_most(0.05)});
    }
    const std::string full = "four segments, 90/10: " + std::string(name);
    worlds.push_back(
        {.name = full, .methods = once, .prepare = [world = world] { return look_once(world); }});
    worlds.push_back({.name = full + ", 30 looks",
                      .methods = daily,
                      .runs_short = 60,
                      .prepare = [world = world] { return look_daily(world); }});
  }
}

}  // namespace

void add_groups(std::vector<World>& worlds) {
  add_segments(worlds);
  const std::pair<const char*, Accounts> made[] = {
      {"400 accounts, drawn by account", {400, 0.0, false}},
      {"400 accounts, drawn by account, effect", {400, 0.04, false}},
      {"400 accounts, drawn by visitor, effect", {400, 0.04, true}},
      {"2,000 accounts, drawn by account", {2'000, 0.0, false}},
  };
  for (const auto& [name, world] : made) {
    worlds.push_back({.name = "accounts: " + std::string(name),
                      .methods = {{"clustered difference", covers_95()},
                                  {"as if visitors were independent", for_comparison()},
                                  {"clustered lift, Fieller", covers_95()}},
                      .prepare = [world = world] { return accounts_once(world); }});
    worlds.push_back({.name = "accounts: " + std::string(name) + ", 30 looks",
                      .methods = {{"clustered difference, always valid", always_covers()},
                                  {"clustered lift, always valid", always_covers()}},
                      .runs_short = 60,
                      .prepare = [world = world] { return accounts_daily(world); }});
  }
  for (const bool by_visitor : {false, true}) {
    const Accounts world{1'500, kMargin * kAllBuy, by_visitor};
    worlds.push_back({.name = std::string("accounts: 1,500 accounts, drawn by ") +
                              (by_visitor ? "visitor" : "account") +
                              ", worse by the margin, 30 looks",
                      .methods = {{"guardrail: “not worse” at the end, one look", about_5()},
                                  {"guardrail: “not worse” at any look", at_most(0.05)},
                                  {"guardrail: “worse” at any look", at_most(0.05)}},
                      .runs_short = 60,
                      .prepare = [world] { return guarded_daily(world); }});
  }
}

}  // namespace tact::calibration
