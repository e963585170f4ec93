// Every world, by what is tried in it.
#pragma once

#include <vector>

#include "harness.h"
#include "population.h"
#include "stats/gate.h"
#include "stats/moments.h"

namespace tact::calibration {

// Two arms and what is true of them.
struct TwoArms {
  stats::OutcomeKind kind = stats::OutcomeKind::kProportion;
  std::int64_t controls = 0, treated = 0;  // at one look, or after all looks
  Outcomes control, treatment;

  double difference() const { return treatment.mean() - control.mean(); }
  double lift() const { return difference() / control.mean(); }
};

struct ArmsWorld {
  std::string name;
  bool needs_data = false;
  bool money = false;      // else conversions
  bool one_sided = false;  // one-sided intervals, too
  std::function<TwoArms()> arms;
};
// Conversion at 5 and 0.5 %, Hillstrom's visits and spend, CDNOW's spend, at 50/50, 90/10 and 95/5;
// with `looks`, sizes for 60 looks, and both without and with an effect.
std::vector<ArmsWorld> arms_for_one_look();
std::vector<ArmsWorld> arms_for_looks();
std::vector<ArmsWorld> arms_that_wait();

// The gate of stats/gate.h, for two-sided intervals and everything always-valid or for one-sided
// ones.
bool gate_open(const stats::SampleMoments& control, const stats::SampleMoments& treatment,
               double skewness = stats::kGateSkewness);

void add_one_look(std::vector<World>& worlds);    // difference, lift, one-sided; what waits
void add_all_looks(std::vector<World>& worlds);   // always-valid difference and lift, one-sided
void add_adjusted(std::vector<World>& worlds);    // CUPED, ratio metrics, CUPED on ratios
void add_policies(std::vector<World>& worlds);    // IPS, SNIPS, DR, anytime-valid
void add_uplift(std::vector<World>& worlds);      // Qini, AUUC, curve
void add_value(std::vector<World>& worlds);       // BG/NBD, Pareto/NBD, Gamma-Gamma
void add_people(std::vector<World>& worlds);      // shrinkage
void add_splits(std::vector<World>& worlds);      // sample ratio
void add_many_tests(std::vector<World>& worlds);  // Holm, Benjamini-Hochberg, planned power

void add_groups(std::vector<World>& worlds);     // segments; accounts, their lift and guardrail
void add_money(std::vector<World>& worlds);      // winsorised, value less cost
void add_over_time(std::vector<World>& worlds);  // guardrails, novelty, curves
void add_lifetime(std::vector<World>& worlds);   // value within a year, by arm

std::vector<World> all_worlds();

}  // namespace tact::calibration
