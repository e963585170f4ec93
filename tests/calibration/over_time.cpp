// Effects over time: guardrails, novelty, and curves of who is still there.
#include <cmath>

#include "stats/curves.h"
#include "stats/non_inferiority.h"
#include "stats/novelty.h"
#include "worlds.h"

namespace tact::calibration {
namespace {

stats::ArmSummary summary(const stats::SampleMoments& moments) {
  return stats::summarize(moments, stats::OutcomeKind::kProportion).value();
}

// ---- guardrails: the treatment is worse by just the margin, so that either verdict is wrong

struct Margin {
  double rate = 0.0;
  stats::Guardrail guardrail;
  std::int64_t controls = 0, treated = 0;
};

Run stay_at_the_margin(const Margin& world) {
  const double sign = world.guardrail.more_is_better ? -1.0 : 1.0;
  const double worse =
      world.guardrail.relative ? world.rate * world.guardrail.margin : world.guardrail.margin;
  return [=](Random& random, Tally& tally) {
    constexpr int kLooks = 60;
    const Outcomes control = Outcomes::conversions(world.rate);
    const Outcomes treatment = Outcomes::conversions(world.rate + sign * worse);
    stats::SampleMoments c;
    stats::SampleMoments t;
    bool ever_not_worse = false;
    bool ever_worse = false;
    bool last = false;
    for (int look = 0; look < kLooks; ++look) {
      c += control.draw(random, world.controls / kLooks);
      t += treatment.draw(random, world.treated / kLooks);
      if (!gate_open(c, t)) continue;
      const auto said =
          stats::check_non_inferiority(summary(t), summary(c), world.guardrail).value();
      last = said.at_this_look.verdict == stats::GuardrailVerdict::kNotWorse;
      const stats::GuardrailVerdict now = said.at_every_look.verdict;
      ever_not_worse = ever_not_worse || now == stats::GuardrailVerdict::kNotWorse;
      ever_worse = ever_worse || now == stats::GuardrailVerdict::kWorse;
    }
    if (!gate_open(c, t)) return false;
    tally.count(0, last);
    tally.count(1, ever_not_worse);
    tally.count(2, ever_worse);
    return true;
  };
}

// ---- novelty

// Six weeks of exposures; the effect of a week is `first` and changes by `change` a week.
Run by_calendar(double first, double change) {
  return [=](Random& random, Tally& tally) {
    std::vector<stats::PeriodArms> weeks;
    for (int week = 0; week < 6; ++week) {
      const auto c = Outcomes::conversions(0.10).draw(random, 800);
      const auto t = Outcomes::conversions(0.10 + first + change * week).draw(random, 7'200);
      if (!gate_open(c, t)) return false;
      weeks.push_back({static_cast<double>(week), summary(t), summary(c)});
    }
    const auto said = stats::effect_by_calendar(weeks).value();
    tally.count(0, said.interval.contains(change));
    return true;
  };
}

// Early and late outcomes of the same visitors hang together: some buy more than others.
stats::EarlyLate draw_both(Random& random, int n, double early, double late) {
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  stats::EarlyLate sums;
  for (int i = 0; i < n; ++i) {
    const double lean = 2.0 * unit(random);
    const double first = unit(random) < lean * early ? 1.0 : 0.0;
    sums.add(first, unit(random) < lean * late ? 1.0 : 0.0);
  }
  return sums;
}

Run since_exposure(double early_effect, double late_effect) {
  return [=](Random& random, Tally& tally) {
    const stats::EarlyLate control = draw_both(random, 1'000, 0.08, 0.08);
    const stats::EarlyLate treatment =
        draw_both(random, 9'000, 0.08 + early_effect, 0.08 + late_effect);
    if (!gate_open(control.early, treatment.early)) return false;
    const auto said = stats::effect_since_exposure(treatment, control).value();
    tally.count(0, said.interval.contains(late_effect - early_effect));
    return true;
  };
}

// ---- curves: the event comes each day with the same chance; visitors are observed 20 to 100 days

struct Chances {
  double control = 0.0, treatment = 0.0;
  std::int64_t controls = 0, treated = 0;
};
constexpr int kDay = 30, kHorizon = 60;

stats::SurvivalCounts draw_counts(Random& random, std::int64_t n, double chance) {
  stats::SurvivalCounts counts;
  for (std::int64_t i = 0; i < n; ++i) {
    const int observed = 20 + static_cast<int>(random() % 81);
    const int event = std::geometric_distribution<int>(chance)(random);
    counts.add(std::min(event, observed), event <= observed);
  }
  return counts;
}

std::int64_t events_of(const stats::SurvivalCounts& counts) {
  std::int64_t all = 0;
  for (const std::int64_t events : counts.events) all += events;
  return all;
}

double survives(double chance, int day) { return std::pow(1 - chance, day + 1); }

double mean_days(double chance) {  // E min(day of the event, horizon)
  double days = 0.0;
  for (int day = 0; day < kHorizon; ++day) days += survives(chance, day);
  return days;
}

Run follow(const Chances& world) {
  return [=](Random& random, Tally& tally) {
    const auto control = draw_counts(random, world.controls, world.control);
    const auto treatment = draw_counts(random, world.treated, world.treatment);
    if (std::min(events_of(control), events_of(treatment)) < 50) return false;
    const auto curve = stats::kaplan_meier(control).value();
    tally.count(0, curve[kDay].interval.contains(survives(world.control, kDay)));
    tally.count(1, stats::survival_difference(treatment, control, kDay)
                       ->interval.contains(survives(world.treatment, kDay) -
                                           survives(world.control, kDay)));
    tally.count(
        2, stats::restricted_mean(control, kHorizon)->interval.contains(mean_days(world.control)));
    tally.count(3, stats::restricted_mean_difference(treatment, control, kHorizon)
                       ->interval.contains(mean_days(world.treatment) - mean_days(world.control)));
    return true;
  };
}

void add_guardrails(std::vector<World>& worlds) {
  const std::pair<const char*, Margin> made[] = {
      {"5 %, worse by 0.5 points, 50/50", {0.05, {.margin = 0.005}, 30'000, 30'000}},
      {"1 % of complaints, worse by a fifth, 90/10",
       {0.01, {.margin = 0.2, .relative = true, .more_is_better = false}, 24'000, 216'000}},
      {"0.5 %, worse by a fifth, 95/5",
       {0.005, {.margin = 0.2, .relative = true}, 24'000, 456'000}},
  };
  for (const auto& [name, world] : made) {
    worlds.push_back({.name = "guardrail, at the margin: " + std::string(name) + ", 60 looks",
                      .methods = {{"“not worse” at the end, one look", about_5()},
                                  {"“not worse” at any look, always valid", at_most(0.05)},
                                  {"“worse” at any look, always valid", at_most(0.05)}},
                      .runs_short = 60,
                      .prepare = [world = world] { return stay_at_the_margin(world); }});
  }
}

void add_novelty(std::vector<World>& worlds) {
  for (const auto& [name, change] :
       {std::pair("the effect stays", 0.0), std::pair("the effect fades", -0.005)}) {
    worlds.push_back({.name = "novelty: by week, 90/10, " + std::string(name),
                      .methods = {{"change of the effect", covers_95()}},
                      .prepare = [change = change] { return by_calendar(0.03, change); }});
    worlds.push_back(
        {.name = "novelty: since exposure, 90/10, " + std::string(name),
         .methods = {{"change of the effect", covers_95()}},
         .runs_short = 60,
         .prepare = [change = change] { return since_exposure(0.03, 0.03 + 4 * change); }});
  }
}

}  // namespace

void add_over_time(std::vector<World>& worlds) {
  add_guardrails(worlds);
  add_novelty(worlds);
  const std::pair<const char*, Chances> made[] = {
      {"an event in 1 % of days, 50/50", {0.010, 0.013, 500, 500}},
      {"an event in 1 % of days, 90/10, no effect", {0.010, 0.010, 200, 1'800}},
      {"an event in 0.1 % of days, 90/10", {0.001, 0.002, 2'000, 18'000}},
  };
  for (const auto& [name, world] : made) {
    worlds.push_back({.name = "curves: " + std::string(name),
                      .methods = {{"share left after 30 days", covers_95()},
                                  {"its difference", covers_95()},
                                  {"mean days of 60", covers_95()},
                                  {"their difference", covers_95()}},
                      .runs_short = 60,
                      .prepare = [world = world] { return follow(world); }});
  }
}

}  // namespace tact::calibration
