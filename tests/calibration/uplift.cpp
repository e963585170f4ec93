// Whom does it persuade? Qini, AUUC, the effect and a point of the curve, by bootstrap. Scores are
// ties of two (bought women's goods before), or continuous (history), or chance.
#include "stats/uplift.h"
#include "worlds.h"

namespace tact::calibration {
namespace {

using Rows = std::vector<stats::ScoredOutcome>;

constexpr double kFraction = 0.3;  // of the curve

struct Truth {
  double qini = 0.0, auuc = 0.0, effect = 0.0, gain = 0.0;
};

double gain_at(const stats::UpliftReport& report, double fraction) {
  for (const stats::UpliftPoint& point : report.curve) {
    if (point.fraction >= fraction - 1e-9) return point.gain;
  }
  return report.curve.back().gain;
}

// What an endless sample of these customers would say.
Truth truth_of(const Rows& population) {
  const auto report = stats::evaluate_uplift(population, {.resamples = 100}).value();
  return {report.qini.estimate, report.auuc.estimate, report.effect.estimate,
          gain_at(report, kFraction)};
}

struct People {
  Rows treated, control;
  int each = 0;  // drawn of either
  int resamples = 400;
  Truth truth;
  bool ties = false;
};

Run evaluate_drawn(const People& people) {
  return [people](Random& random, Tally& tally) {
    Rows rows;
    for (const Rows* from : {&people.treated, &people.control}) {
      std::uniform_int_distribution<std::size_t> which(0, from->size() - 1);
      for (int i = 0; i < people.each; ++i) rows.push_back((*from)[which(random)]);
    }
    const auto report =
        stats::evaluate_uplift(rows, {.resamples = people.resamples, .seed = random()}).value();
    if (!report.enough) return false;
    tally.count(0, report.qini.interval.contains(people.truth.qini));
    tally.count(1, report.auuc.interval.contains(people.truth.auuc));
    tally.count(2, report.effect.interval.contains(people.truth.effect));
    if (people.ties) return true;
    for (const stats::UpliftPoint& point : report.curve) {
      if (point.fraction < kFraction - 1e-9) continue;
      tally.count(3, point.interval.contains(people.truth.gain));
      break;
    }
    return true;
  };
}

// Women's e-mail against none.
People hillstrom_people(double HillstromRow::* outcome, bool ties, int each) {
  People people;
  people.each = each;
  if (each > 10'000) people.resamples = 200;
  people.ties = ties;
  Random random(5);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (const HillstromRow& row : hillstrom()) {
    if (row.arm == 1) continue;
    const double score = row.bought_womens ? 1.0 : 0.0;
    Rows& arm = row.arm == 2 ? people.treated : people.control;
    arm.push_back({ties ? score : score + 2.0 * unit(random), row.arm == 2, row.*outcome});
  }
  Rows all = people.treated;
  all.insert(all.end(), people.control.begin(), people.control.end());
  people.truth = truth_of(all);
  return people;
}

// Effect 0.1 + s (score - 1/2) on a rate of 0.2, uniform scores: Qini s / 12, AUUC 0.05 + s / 12,
// gain at f 0.1 f + s (f - f^2) / 2.
Run evaluate_made_up(double strength) {
  return [strength](Random& random, Tally& tally) {
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    Rows rows;
    for (int i = 0; i < 2'000; ++i) {
      const double score = unit(random);
      const bool treated = unit(random) < 0.5;
      const double rate = 0.2 + (treated ? 0.1 + strength * (score - 0.5) : 0.0);
      rows.push_back({score, treated, unit(random) < rate ? 1.0 : 0.0});
    }
    const auto report = stats::evaluate_uplift(rows, {.resamples = 400, .seed = random()}).value();
    if (!report.enough) return false;
    tally.count(0, report.qini.interval.contains(strength / 12));
    tally.count(1, report.auuc.interval.contains(0.05 + strength / 12));
    tally.count(2, report.effect.interval.contains(0.1));
    const double f = kFraction;
    for (const stats::UpliftPoint& point : report.curve) {
      if (point.fraction < f - 1e-9) continue;
      tally.count(3, point.interval.contains(0.1 * f + strength * (f - f * f) / 2));
      break;
    }
    return true;
  };
}

std::vector<Method> methods(bool ties) {
  std::vector<Method> all = {{"Qini, bootstrap", covers_95()},
                             {"AUUC, bootstrap", covers_95()},
                             {"effect, bootstrap", covers_95()}};
  if (!ties) all.push_back({"gain of the best 30 %, bootstrap", covers_95()});
  return all;
}

}  // namespace

void add_uplift(std::vector<World>& worlds) {
  for (const auto& [name, strength] : {std::pair("made up, a score that says nothing", 0.0),
                                       std::pair("made up, a score that finds them", 0.18)}) {
    worlds.push_back({.name = "uplift: " + std::string(name),
                      .methods = methods(false),
                      .runs_short = 40,
                      .prepare = [strength = strength] { return evaluate_made_up(strength); }});
  }
  struct Made {
    const char* name;
    double HillstromRow::* outcome;
    bool ties;
    int each;
  };
  for (const Made& one :
       {Made{"Hillstrom visits, two scores", &HillstromRow::visit, true, 2'000},
        Made{"Hillstrom visits, scores all different", &HillstromRow::visit, false, 2'000},
        Made{"Hillstrom spend, two scores", &HillstromRow::spend, true, 12'000}}) {
    worlds.push_back({.name = "uplift: " + std::string(one.name),
                      .methods = methods(one.ties),
                      .runs_short = one.each > 10'000 ? 20 : 40,
                      .needs_data = true,
                      .prepare = [one] {
                        return evaluate_drawn(hillstrom_people(one.outcome, one.ties, one.each));
                      }});
  }
}

}  // namespace tact::calibration
