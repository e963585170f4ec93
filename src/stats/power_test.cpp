#include "stats/power.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "stats/test_support.h"
#include "stats/welch.h"

namespace tact::stats {
namespace {

PowerPlan means(double sd) {
  PowerPlan plan;
  plan.standard_deviation = sd;
  return plan;
}

PowerPlan rate(double baseline) {
  PowerPlan plan;
  plan.kind = OutcomeKind::kProportion;
  plan.baseline = baseline;
  return plan;
}

// The two examples of R's power.t.test manual, the second rounded up: 0.8689528 and n = 22.02110.
TEST(Power, MeansAsTabulated) {
  EXPECT_NEAR(power_of(means(1.0), 20, 1.0).value(), 0.8689528, 1e-6);
  EXPECT_EQ(visitors_for(means(1.0), 1.0, 0.9).value(), 23);
}

// By hand: (1.959964 + 0.841621)^2 (0.05 * 0.95 + 0.06 * 0.94) / 0.01^2 = 8154.2 (8,155).
TEST(Power, ProportionsByHand) {
  const double z = 1.959963984540054 + 0.8416212335729143;
  const double n = z * z * (0.05 * 0.95 + 0.06 * 0.94) / (0.01 * 0.01);
  EXPECT_EQ(visitors_for(rate(0.05), 0.01, 0.8).value(), std::llround(std::ceil(n)));
}

TEST(Power, TheThreeQuestionsAgree) {
  for (const auto side : {Alternative::kTwoSided, Alternative::kGreater, Alternative::kLess}) {
    for (PowerPlan plan : {means(3.0), rate(0.1)}) {
      plan.alternative = side;
      plan.arms = 4;
      plan.metrics = 2;
      plan.ratio = 3.0;
      const double effect = detectable_effect(plan, 5000, 0.8).value();
      EXPECT_EQ(effect < 0.0, side == Alternative::kLess);
      EXPECT_NEAR(power_of(plan, 5000, effect).value(), 0.8, 1e-9);
      EXPECT_NEAR(static_cast<double>(visitors_for(plan, effect, 0.8).value()), 5000.0, 1.0);
      EXPECT_GT(power_of(plan, 5000, 1.1 * effect).value(), 0.8);
      EXPECT_FALSE(visitors_for(plan, side == Alternative::kTwoSided ? 0.0 : -effect, 0.8));
    }
  }
}

TEST(Power, NoEffectIsFoundAsOftenAsAlphaSays) {
  EXPECT_NEAR(power_of(means(1.0), 50, 0.0).value(), 0.05, 1e-9);
  EXPECT_NEAR(power_of(rate(0.3), 50, 0.0).value(), 0.05, 1e-9);
}

// What is promised is what the test then does.
TEST(Power, AsSimulated) {
  testing::Random random(7);
  const PowerPlan plan = rate(0.05);
  const double effect = detectable_effect(plan, 4000, 0.8).value();
  testing::Share found;
  for (int i = 0; i < 4000; ++i) {
    const auto c = testing::draw_conversions(random, 4000, 0.05);
    const auto t = testing::draw_conversions(random, 4000, 0.05 + effect);
    found.count(welch_difference(summarize(t, OutcomeKind::kProportion).value(),
                                 summarize(c, OutcomeKind::kProportion).value())
                    ->p.p < 0.05);
  }
  EXPECT_NEAR(found.value(), 0.8, 0.025);
}

// Half a percent at 90/10: without the standard error's own variation the plan finds 77 %.
TEST(Power, UnequalArmsAsSimulated) {
  testing::Random random(8);
  for (const double ratio : {9.0, 1.0 / 9.0}) {
    PowerPlan plan = rate(0.005);
    plan.ratio = ratio;
    const auto controls = visitors_for(plan, 0.002, 0.8).value();
    const auto treated = static_cast<std::int64_t>(static_cast<double>(controls) * ratio);
    std::binomial_distribution<std::int64_t> c(controls, 0.005);
    std::binomial_distribution<std::int64_t> t(treated, 0.007);
    const auto arm = [](std::int64_t n, std::int64_t successes) {
      const auto x = static_cast<double>(successes);
      return summarize({n, x, x, successes}, OutcomeKind::kProportion).value();
    };
    testing::Share found;
    for (int i = 0; i < 20'000; ++i) {
      found.count(welch_difference(arm(treated, t(random)), arm(controls, c(random)))->p.p < 0.05);
    }
    EXPECT_NEAR(found.value(), 0.8, 0.012) << ratio;
  }
}

// A handful of visitors is never promised much, whichever arm is the small one.
TEST(Power, RisesWithVisitors) {
  for (const double ratio : {19.0, 1.0, 1.0 / 19.0}) {
    PowerPlan plan = rate(0.005);
    plan.ratio = ratio;
    double before = 0.0;
    for (double n = 100.0; n < 1e7; n *= 1.5) {
      const double power = power_of(plan, n, 0.002).value();
      EXPECT_GT(power, before - 0.05) << n;
      if (n * std::min(1.0, ratio) < 2'000.0) {
        EXPECT_LT(power, 0.6) << n;
      }
      before = power;
    }
    EXPECT_GT(before, 0.999);
  }
}

TEST(Power, RefusesPlansThatCannotBe) {
  EXPECT_FALSE(power_of(means(0.0), 20, 1.0));
  EXPECT_FALSE(power_of(means(1.0), 1, 1.0));
  EXPECT_FALSE(power_of(means(1.0), 20, std::nan("")));
  EXPECT_FALSE(power_of(rate(0.0), 20, 0.1));
  EXPECT_FALSE(power_of(rate(0.95), 20, 0.1));
  EXPECT_FALSE(visitors_for(rate(0.5), 0.1, 1.0));
  EXPECT_FALSE(detectable_effect(rate(0.5), 3, 0.9999));
  PowerPlan one_arm = means(1.0);
  one_arm.arms = 1;
  EXPECT_FALSE(power_of(one_arm, 20, 1.0));
}

}  // namespace
}  // namespace tact::stats
