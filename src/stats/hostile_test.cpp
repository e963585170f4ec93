// What no careful caller would pass on, through every public function: each answers with a clear
// error or with numbers, never NaN, never a p-value outside 0 to 1, never an interval upside down.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "stats/adjust.h"
#include "stats/clustered.h"
#include "stats/compare.h"
#include "stats/cuped.h"
#include "stats/curves.h"
#include "stats/gate.h"
#include "stats/non_inferiority.h"
#include "stats/novelty.h"
#include "stats/ope.h"
#include "stats/planner.h"
#include "stats/sample_ratio.h"
#include "stats/segments.h"
#include "stats/shrinkage.h"
#include "stats/uplift.h"
#include "stats/value/forecast.h"
#include "stats/value/incremental.h"
#include "stats/winsor.h"

namespace tact::stats {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

// ---- whether an answer is one ---------------------------------------------------------------

struct Answer {
  static bool clean(double x) { return !std::isnan(x); }
  static bool clean(const Interval& i) {
    return clean(i.lower) && clean(i.upper) && i.lower <= i.upper;
  }
  static bool clean(const PValue& p) { return p.p >= 0.0 && p.p <= 1.0 && p.log10_p <= 0.0; }
  static bool clean(const Estimate& e) { return std::isfinite(e.value) && clean(e.interval); }
  static bool clean(const PolicyValue& v) {
    return std::isfinite(v.estimate) && clean(v.standard_error) && clean(v.interval);
  }
  static bool clean(const Area& a) { return std::isfinite(a.estimate) && clean(a.interval); }

  template <typename T>
  static bool clean(const std::optional<T>& maybe) {
    return !maybe || clean(*maybe);
  }
  template <typename T>
  static bool clean(const std::vector<T>& all) {
    return std::all_of(all.begin(), all.end(), [](const T& one) { return clean(one); });
  }

  static bool clean(const Difference& d) {
    return std::isfinite(d.estimate) && d.standard_error > 0.0 && d.df > 0.0 && clean(d.interval) &&
           clean(d.p);
  }
  static bool clean(const SequentialDifference& d) {
    return std::isfinite(d.estimate) && d.standard_error > 0.0 && clean(d.interval) && clean(d.p);
  }
  static bool clean(const LiftSet& set) { return clean(set.estimate) && clean(set.ends); }
  static bool clean(const DeltaLift& d) {
    return std::isfinite(d.estimate) && clean(d.interval) && clean(d.p) && clean(d.df);
  }
  static bool clean(const Comparison& c) {
    return clean(c.difference) && clean(c.lift) && clean(c.delta) && clean(c.sequence) &&
           clean(c.sequence_lift);
  }
  static bool clean(const Interaction& i) {
    return clean(i.q) && i.q >= 0.0 && clean(i.z) && clean(i.p);
  }
  static bool clean(const SegmentEffects& s) { return clean(s.interaction) && clean(s.effects); }
  static bool clean(const SequentialSegments& s) {
    return clean(s.interaction) && clean(s.effects);
  }
  static bool clean(const Room& r) {
    return clean(r.interval) && clean(r.p_not_worse) && clean(r.p_worse);
  }
  static bool clean(const NonInferiority& n) {
    return std::isfinite(n.estimate) && clean(n.at_this_look) && clean(n.at_every_look);
  }
  static bool clean(const EffectChange& c) {
    return std::isfinite(c.estimate) && clean(c.interval) && clean(c.p) && std::isfinite(c.early) &&
           std::isfinite(c.late);
  }
  static bool clean(const ArmSummary& a) {
    return std::isfinite(a.mean) && std::isfinite(a.variance) && a.variance >= 0.0;
  }
  static bool clean(const CupedArms& c) {
    return clean(c.treatment) && clean(c.control) && clean(c.theta) && clean(c.variance_reduction);
  }
  static bool clean(const IncrementalReturn& r) {
    return clean(r.value) && clean(r.cost) && clean(r.profit) && clean(r.total) && clean(r.roi);
  }
  static bool clean(const Winsorised& w) { return std::isfinite(w.cap) && w.capped >= 0; }
  static bool clean(const OutcomeHistory& h) {
    return clean(h.mean) && clean(h.standard_deviation);
  }
  static bool clean(const DaysNeeded& d) {
    return d.gate.value_or(1) > 0 && d.fixed.value_or(1) > 0 && d.always_valid.value_or(1) > 0;
  }
  static bool clean(const DetectableEffect& d) { return clean(d.fixed) && clean(d.always_valid); }
  static bool clean(const SurvivalPoint& p) {
    return p.survival >= 0.0 && p.survival <= 1.0 && clean(p.standard_error) && clean(p.interval);
  }
  static bool clean(const RestrictedMean& m) {
    return std::isfinite(m.days) && clean(m.standard_error) && clean(m.interval);
  }
  static bool clean(const ChiSquaredRatio& r) { return clean(r.statistic) && clean(r.p); }
  static bool clean(const SequentialRatio& r) { return clean(r.log_evidence) && clean(r.p); }
  static bool clean(const RatioFamily& f) {
    return clean(f.groups) && clean(f.log10_p_adjusted) && f.log10_p <= 0.0;
  }
  static bool clean(const ClusteredDifference& c) {
    return clean(c.difference) && c.effective_clusters_control >= kFewestClusters;
  }
  static bool clean(const OffPolicyReport& r) {
    return clean(r.ips) && clean(r.snips) && clean(r.dr) && clean(r.always_valid) && clean(r.ess) &&
           clean(r.mean_weight) && clean(r.mean_weight_interval) && clean(r.unsupported_mass);
  }
  static bool clean(const UpliftReport& r) {
    return clean(r.qini) && clean(r.auuc) && clean(r.effect);
  }
  static bool clean(const Fit<4>& f) {
    bool all = clean(f.log_likelihood) || !f.converged;
    for (const double p : f.parameters) all = all && (p > 0.0 || !f.converged);
    return all;
  }

  static bool clean(const ShrunkRate& r) { return clean(r.rate) && clean(r.interval); }
};

// An answer, or an error that says what is wrong.
template <typename T>
bool sound(const Result<T>& result) {
  if (result) return Answer::clean(*result);
  return result.error().code == ErrorCode::kInvalid && result.error().message.size() > 8;
}

// ---- the tables -----------------------------------------------------------------------------

const ArmSummary kArms[] = {
    {1'000, 0.1, 0.09},        // as it should be
    {0, 0.0, 0.0},             // nobody
    {1, 5.0, 0.0},             // one visitor
    {-5, 1.0, 1.0},            // a negative count
    {100, kNan, 1.0},          //
    {100, 1.0, kNan},          //
    {100, kInfinity, 1.0},     //
    {100, 1.0, kInfinity},     //
    {100, 1.0, -1.0},          // a negative variance
    {100, 0.0, 0.0},           // nothing varies
    {100, 1e12, 1e20},         // 10^12
    {1'000'000, 500.0, 1.0},   // p far below 1e-300
    {100, 1e300, 1e300},       // near the end of a double's range
    {100, -1.7e308, 1.7e308},  //
    {100, 1e-300, 1e-300},     //
    {2, 1.0, 5e-324},          // the smallest variance there is
    {kMost, 1.0, 1.0},         //
};

SampleMoments repeated(std::int64_t n, double x) {
  const auto count = static_cast<double>(n);
  return {n, count * x, count * x * x, x == 0.0 ? 0 : n};
}

const SampleMoments kMoments[] = {
    {1'000, 100, 100, 100},
    {},
    repeated(1, 5.0),
    repeated(100, 0.0),
    repeated(100, 1.0),
    {-5, 1.0, 1.0, 1},
    {100, 1.0, 1.0, -1},
    {10, 20.0, 40.0, 20},  // more with an outcome than visitors
    {100, kNan, 1.0, 1},
    {100, 1.0, kNan, 1},
    {100, kInfinity, kInfinity, 1},
    {100, 50.0, 1.0, 50},              // sum^2 > nonzero * sum of squares
    {1'000'000, 5e17, 5e29, 500'000},  // half of them 10^12
    {100, 1e200, kInfinity, 50},
    {100, 1e150, 1e300, 50},
    {100, 1e-160, 1e-320, 50},
    {kMost, 1.0, 1.0, 1},
    {1'000, 0.1 + 1e9 * 1'000, 1e18 * 1'000, 1'000},  // hardly varies about 10^9
};

const double kNumbers[] = {0.0, -1.0, 1.0, 0.5, kNan, kInfinity, -kInfinity, 1e12, 1e308, 1e-308};

TEST(Hostile, ComparisonsOfTwoArms) {
  for (std::size_t i = 0; i < std::size(kArms); ++i) {
    for (std::size_t k = 0; k < std::size(kArms); ++k) {
      const ArmSummary& t = kArms[i];
      const ArmSummary& c = kArms[k];
      const std::string at = std::to_string(i) + " against " + std::to_string(k);
      EXPECT_TRUE(sound(fieller_lift(t, c))) << at;
      EXPECT_TRUE(sound(sequential_lift(t, c))) << at;
      EXPECT_TRUE(sound(check_non_inferiority(t, c, {0.1}))) << at;
      EXPECT_TRUE(sound(check_non_inferiority(t, c, {0.1, true, false}))) << at;
      for (const auto side : {Alternative::kTwoSided, Alternative::kGreater, Alternative::kLess}) {
        EXPECT_TRUE(sound(welch_difference(t, c, 0.05, side))) << at;
        EXPECT_TRUE(sound(sequential_difference(t, c, {0.05, 5000.0, side}))) << at;
        EXPECT_TRUE(sound(compare(t, c, {0.05, side}))) << at;
      }
      // With a second segment, or a second week.
      const SegmentArms segments[] = {{t, c}, {kArms[0], {1'100, 0.09, 0.08}}};
      EXPECT_TRUE(sound(segment_effects(segments))) << at;
      EXPECT_TRUE(sound(sequential_segments(segments, {}, 7))) << at;
      const PeriodArms weeks[] = {{0.0, t, c}, {1.0, kArms[0], {1'100, 0.09, 0.08}}, {2.0, t, c}};
      EXPECT_TRUE(sound(effect_by_calendar(weeks))) << at;
    }
  }
}

TEST(Hostile, Sums) {
  for (std::size_t i = 0; i < std::size(kMoments); ++i) {
    const SampleMoments& m = kMoments[i];
    for (const auto kind : {OutcomeKind::kMean, OutcomeKind::kProportion}) {
      EXPECT_TRUE(sound(summarize(m, kind))) << i;
      EXPECT_TRUE(sound(history_of(m, kind))) << i;
    }
    for (std::size_t k = 0; k < std::size(kMoments); ++k) {
      // The other row's sums as a second quantity of the same visitors.
      const SampleMoments& other = kMoments[k];
      const std::string at = std::to_string(i) + " with " + std::to_string(k);
      for (const double product : {0.0, m.sum, other.sum * 0.01, kNan, -1e300}) {
        const SecondSums second{other.sum, other.sum_squares, product};
        EXPECT_TRUE(sound(summarize_ratio(m, second))) << at;
        CovariateArm covariate;
        covariate.outcome = m;
        covariate.covariate = second;
        CovariateArm good;
        good.outcome = kMoments[0];
        good.covariate = {100, 100, 50};
        EXPECT_TRUE(sound(adjust_by_covariate(covariate, good))) << at;
        EXPECT_TRUE(sound(effect_since_exposure({m, second}, {kMoments[0], {100, 100, 50}}))) << at;
        for (const double fixed : {0.0, 1e12, kNan}) {
          EXPECT_TRUE(
              sound(incremental_return({m, second}, {kMoments[0], {10, 10, 5}}, {0.4, fixed})))
              << at;
          EXPECT_TRUE(
              sound(incremental_return({kMoments[0], {10, 10, 5}}, {m, second}, {0.4, fixed})))
              << at;
        }
      }
    }
  }
}

TEST(Hostile, CountsWeightsAndArmsThatAppearMidway) {
  const std::vector<std::vector<std::int64_t>> counts = {
      {}, {5}, {0, 0}, {100, 0}, {-1, 5}, {kMost, kMost}, {1'000'000'000'000, 1}, {100, 100, 0}};
  const std::vector<std::vector<double>> weights = {
      {},          {1.0},       {0.5, 0.5},     {0.7, 0.7},    {0.0, 0.0},       {1.0, 0.0},
      {kNan, 1.0}, {-1.0, 2.0}, {1e308, 1e308}, {1e-308, 1.0}, {kInfinity, 1.0}, {0.4, 0.4, 0.2}};
  for (const auto& c : counts) {
    EXPECT_EQ(check_gate(c, 10.0).has_value(), !c.empty() && c[0] >= 0);
    for (const auto& w : weights) {
      EXPECT_TRUE(sound(chi_squared_sample_ratio(c, w)));
      const std::vector<RatioGroup> groups{{c, w}, {{90, 10}, {0.9, 0.1}}};
      EXPECT_TRUE(sound(sample_ratio_family(groups)));
      for (const double so_far : {0.0, -400.0, kNan, 1.0}) {
        EXPECT_TRUE(sound(sequential_sample_ratio(c, w, so_far)));
      }
    }
  }
  for (const double x : kNumbers) {
    const double ps[] = {x, -3.0};
    EXPECT_EQ(holm(ps).has_value(), x <= 0.0) << x;
    EXPECT_EQ(benjamini_hochberg(ps).has_value(), x <= 0.0) << x;
    EXPECT_EQ(bonferroni(ps).has_value(), x <= 0.0) << x;
    EXPECT_FALSE(check_gate(std::vector<std::int64_t>{60}, -1.0).has_value());
  }
}

TEST(Hostile, OutcomesOneByOne) {
  for (const double x : kNumbers) {
    for (const double y : kNumbers) {
      TailSums tail;
      for (const double one : {1.0, x, y, 2.0, 0.0}) tail.add(one);
      const TailSums arms[] = {tail, TailSums{}};
      EXPECT_TRUE(sound(winsorise(arms))) << x << " " << y;
      EXPECT_TRUE(sound(winsorise(arms, x))) << x;

      std::vector<ScoredOutcome> rows(20, ScoredOutcome{0.3, false, 1.0});
      for (std::size_t i = 0; i < 10; ++i) rows[i].treated = true;
      rows[0] = {x, true, y};
      UpliftOptions options;
      options.resamples = 100;
      EXPECT_TRUE(sound(evaluate_uplift(rows, options))) << x << " " << y;

      OffPolicySums policy;
      for (int i = 0; i < 60; ++i) EXPECT_TRUE(policy.add({1.0, 0.5, 0.5}, false));
      static_cast<void>(policy.add({x, 0.5, y}, false));
      static_cast<void>(policy.add({1.0, x, y}, false));
      EXPECT_TRUE(sound(evaluate_policy(policy))) << x << " " << y;

      ClusterSums clusters;
      for (int g = 0; g < 40; ++g) {
        const ClusterArm arm{3, 1.0 + g % 5, 4.0};
        clusters.add(g % 2 == 0 ? arm : ClusterArm{}, g % 2 == 1 ? arm : ClusterArm{});
      }
      clusters.add({2, x, 1.0}, {1, y, 1.0});
      EXPECT_TRUE(sound(clustered_difference(clusters))) << x << " " << y;
      EXPECT_TRUE(sound(sequential_clustered(clusters, {0.05, 100.0}))) << x << " " << y;

      const std::vector<PurchaseHistory> customers{{x, y, 30.0, 5.0}, {1, 5, 30, x}, {3, 9, y, 1}};
      EXPECT_TRUE(sound(fit_bg_nbd(customers))) << x << " " << y;
      EXPECT_TRUE(sound(fit_pareto_nbd(customers))) << x << " " << y;
    }
  }
}

TEST(Hostile, Curves) {
  const std::vector<std::vector<std::int64_t>> days = {
      {}, {0}, {5}, {-1}, {kMost}, {kMost, kMost}, {0, 0, 7}, {1'000'000'000'000, 3}, {1, 2, 3, 4}};
  for (const auto& events : days) {
    for (const auto& censored : days) {
      const SurvivalCounts counts{events, censored};
      const SurvivalCounts other{{1, 2, 3}, {0, 5, 9}};
      EXPECT_TRUE(sound(kaplan_meier(counts)));
      for (const int day : {-1, 0, 1, 2, 40'000}) {
        EXPECT_TRUE(sound(survival_difference(counts, other, day)));
        EXPECT_TRUE(sound(restricted_mean(counts, day)));
        EXPECT_TRUE(sound(restricted_mean_difference(other, counts, day)));
      }
    }
  }
}

TEST(Hostile, Options) {
  const ArmSummary t{1'000, 0.12, 0.1};
  const ArmSummary c{1'000, 0.1, 0.09};
  const SegmentArms segments[] = {{t, c}, {c, t}};
  const OutcomeHistory history{OutcomeKind::kMean, 1.0, 2.0, 0.1};
  for (const double x : kNumbers) {
    EXPECT_TRUE(sound(welch_difference(t, c, x))) << x;
    EXPECT_TRUE(sound(sequential_difference(t, c, {x, 5000.0}))) << x;
    EXPECT_TRUE(sound(sequential_difference(t, c, {0.05, x}))) << x;
    EXPECT_TRUE(sound(sequence_around(x, x, x, {}))) << x;
    EXPECT_TRUE(sound(sequence_around(1.0, 1.0, x, {}))) << x;
    EXPECT_TRUE(sound(lift_by_inversion(t, c, x))) << x;
    EXPECT_TRUE(sound(segment_effects(segments, x))) << x;
    EXPECT_TRUE(sound(sequential_segments(segments, {0.05, x}))) << x;
    EXPECT_TRUE(sound(check_non_inferiority(t, c, {x}))) << x;
    EXPECT_TRUE(sound(check_non_inferiority(t, c, {x, true}))) << x;
    EXPECT_TRUE(sound(check_non_inferiority(t, c, {0.1, false, true, x}))) << x;
    EXPECT_TRUE(sound(shrink(10, 5, {x, 3.0}))) << x;
    EXPECT_TRUE(sound(shrink(10, 5, {0.5, x}))) << x;
    ExperimentPlan plan;
    plan.daily_exposures = {1'000};
    plan.shares = {x, 1.0 - x};
    EXPECT_TRUE(sound(days_needed(plan, history, 0.1))) << x;
    plan.shares = {0.5, 0.5};
    EXPECT_TRUE(sound(days_needed(plan, history, x))) << x;
    EXPECT_TRUE(sound(days_needed(plan, {OutcomeKind::kMean, x, x, x}, 0.1))) << x;
    EXPECT_TRUE(sound(detectable_on_day(plan, {OutcomeKind::kProportion, x, x, x}, 30))) << x;
    plan.window_days = x;
    EXPECT_TRUE(sound(days_needed(plan, history, 0.1))) << x;
    EXPECT_TRUE(sound(detectable_on_day(plan, history, 30))) << x;
    plan.window_days = 0.0;
    plan.power = x;
    EXPECT_TRUE(sound(days_needed(plan, history, 0.1))) << x;
    plan.power = 0.8;
    plan.daily_exposures = {kMost, kMost};
    EXPECT_TRUE(sound(detectable_on_day(plan, history, 30))) << x;
    PowerPlan power;
    power.standard_deviation = 1.0;
    EXPECT_TRUE(sound(power_of(power, x, 0.1))) << x;
    EXPECT_TRUE(sound(power_of(power, 100, x))) << x;
    EXPECT_TRUE(sound(detectable_effect(power, x, 0.8))) << x;
    power.ratio = x;
    EXPECT_TRUE(sound(power_of(power, 100, 0.1))) << x;
  }
}

// What is far from chance keeps its exponent everywhere.
TEST(Hostile, PValuesBelowADoublesRangeStayFiniteInTheLogarithm) {
  const ArmSummary t{1'000'000, 500.0, 1.0};
  const ArmSummary c{1'000'000, 0.0, 1.0};
  const SegmentArms segments[] = {{t, c}, {c, t}};
  const double log10_ps[] = {
      welch_difference(t, c)->p.log10_p,
      sequential_difference(t, c)->p.log10_p,
      segment_effects(segments)->effects[0]->p.log10_p,
      segment_effects(segments)->interaction->p.log10_p,
      sequential_segments(segments)->effects[0]->p.log10_p,
      sequential_segments(segments)->interaction->p.log10_p,
      check_non_inferiority(t, c, {0.1})->at_every_look.p_not_worse.log10_p,
  };
  for (const double log10_p : log10_ps) {
    EXPECT_LT(log10_p, -1'000.0);
    EXPECT_TRUE(std::isfinite(log10_p));
  }
}

}  // namespace
}  // namespace tact::stats
