#include "stats/fieller.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "stats/test_support.h"
#include "stats/welch.h"

namespace tact::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

ArmSummary mean_of(const SampleMoments& m) { return summarize(m, OutcomeKind::kMean).value(); }
ArmSummary share_of(std::int64_t n, std::int64_t hits) {
  const auto sum = static_cast<double>(hits);
  return summarize({n, sum, sum, hits}, OutcomeKind::kProportion).value();
}
// A mean with the given standard error, of an arm so large that t is normal.
ArmSummary arm(double mean, double error) { return {100'000'000, mean, error * error * 1e8}; }

TEST(Fieller, SmallSamples) {
  // mpmath: both roots of the quadratic by polyroots in 40 digits.
  const LiftSet set =
      fieller_lift(mean_of({12, 300, 7840, 12}), mean_of({9, 171, 3333, 9})).value();
  EXPECT_EQ(set.shape, LiftShape::kBounded);
  EXPECT_NEAR(set.estimate.value(), 6.0 / 19.0, 1e-15);
  EXPECT_NEAR(set.ends.lower, 0.0954111926724066593, 1e-13);
  EXPECT_NEAR(set.ends.upper, 0.574215105268110879, 1e-13);
}

TEST(Fieller, ProportionsAtAFivePercentHoldout) {
  const LiftSet set = fieller_lift(share_of(95'000, 665), share_of(5'000, 20)).value();
  EXPECT_EQ(set.shape, LiftShape::kBounded);
  EXPECT_NEAR(set.estimate.value(), 0.75, 1e-15);
  EXPECT_NEAR(set.ends.lower, 0.206005348571086886, 1e-12);
  EXPECT_NEAR(set.ends.upper, 2.12236949390096084, 1e-12);
}

TEST(Fieller, BaselineNotSignificantButTreatmentIsGivesEverythingButAGap) {
  const LiftSet set = fieller_lift({100, 1.0, 1.0}, {100, 0.1, 1.0}).value();
  EXPECT_EQ(set.shape, LiftShape::kExclusive);
  EXPECT_NEAR(set.ends.lower, -11.188557396125355, 1e-11);
  EXPECT_NEAR(set.ends.upper, 2.26539430523761471, 1e-12);
  EXPECT_TRUE(set.contains(*set.estimate));  // +900 %
  EXPECT_TRUE(set.contains(-12.0));
  EXPECT_FALSE(set.contains(0.0));
  EXPECT_TRUE(set.contains(1e9));
}

TEST(Fieller, NothingSignificantGivesTheWholeLine) {
  const LiftSet set = fieller_lift({100, 0.1, 1.0}, {100, 0.1, 1.0}).value();
  EXPECT_EQ(set.shape, LiftShape::kWholeLine);
  EXPECT_EQ(set.ends.lower, -kInfinity);
  EXPECT_EQ(set.ends.upper, kInfinity);
  EXPECT_TRUE(set.contains(-1e9));
  EXPECT_NEAR(set.estimate.value(), 0.0, 1e-15);
}

TEST(Fieller, BaselineExactlyAtTheCriticalValueGivesAHalfLine) {
  // control 2 with standard error 1 at critical value 2: 0 is just not excluded.
  const LiftSet up = lift_by_inversion({100, 6, 100}, {100, 2, 100}, 2.0).value();
  EXPECT_EQ(up.shape, LiftShape::kHalfLine);
  EXPECT_DOUBLE_EQ(up.ends.lower, (36.0 - 4.0) / 24.0 - 1.0);
  EXPECT_EQ(up.ends.upper, kInfinity);
  EXPECT_FALSE(up.contains(0.2));
  const LiftSet down = lift_by_inversion({100, -6, 100}, {100, 2, 100}, 2.0).value();
  EXPECT_EQ(down.shape, LiftShape::kHalfLine);
  EXPECT_EQ(down.ends.lower, -kInfinity);
  EXPECT_DOUBLE_EQ(down.ends.upper, -(36.0 - 4.0) / 24.0 - 1.0);
  EXPECT_EQ(lift_by_inversion({100, 0, 100}, {100, 2, 100}, 2.0)->shape, LiftShape::kWholeLine);
}

TEST(Fieller, ZeroBaselineHasNoEstimate) {
  const LiftSet set = fieller_lift(share_of(1'000, 60), share_of(1'000, 0)).value();
  EXPECT_FALSE(set.estimate.has_value());
  EXPECT_EQ(set.shape, LiftShape::kWholeLine);
}

TEST(Fieller, LiftIsByTheBaselinesSize) {
  // A loss of 10 per visitor that becomes a loss of 8 is +20 %, not -20 %.
  const LiftSet set = fieller_lift(arm(-8, 0.1), arm(-10, 0.1)).value();
  EXPECT_NEAR(set.estimate.value(), 0.2, 1e-15);
  EXPECT_GT(set.ends.lower, 0.15);
  EXPECT_LT(set.ends.upper, 0.25);
  const LiftSet mirrored = fieller_lift(arm(8, 0.1), arm(10, 0.1)).value();
  EXPECT_EQ(set.ends.lower, -mirrored.ends.upper);
  EXPECT_EQ(set.ends.upper, -mirrored.ends.lower);
}

TEST(Fieller, APreciseBaselineGivesThePlainInterval) {
  const LiftSet set = lift_by_inversion(arm(12, 0.5), arm(10, 1e-9), 2.0).value();
  EXPECT_NEAR(set.ends.lower, 0.1, 1e-9);
  EXPECT_NEAR(set.ends.upper, 0.3, 1e-9);
}

// The definition itself, decided for a ratio directly: |T - r C| <= q se.
bool accepted(const ArmSummary& t, const ArmSummary& c, double ratio, double q) {
  const double spread = t.variance_of_mean() + ratio * ratio * c.variance_of_mean();
  return std::fabs(t.mean - ratio * c.mean) <= q * std::sqrt(spread);
}

TEST(Fieller, SetIsTheInversionOfTheTestForAllShapes) {
  testing::Random random(21);
  std::normal_distribution<double> normal;
  int shapes[4] = {0, 0, 0, 0};
  for (int run = 0; run < 5'000; ++run) {
    const ArmSummary t = arm(3 * normal(random), 1.0);
    const ArmSummary c = arm(3 * normal(random), 1.0);
    const double q = 1.0 + run % 3;
    const LiftSet set = lift_by_inversion(t, c, q).value();
    shapes[static_cast<int>(set.shape)] += 1;
    const double sign = c.mean < 0 ? -1.0 : 1.0;
    EXPECT_TRUE(set.contains(*set.estimate));
    for (int probe = 0; probe < 20; ++probe) {
      const double ratio = 20 * normal(random) * normal(random);
      const double lift = sign * (ratio - 1.0);
      const bool at_edge = std::fabs(lift - set.ends.lower) < 1e-9 * (1 + std::fabs(lift)) ||
                           std::fabs(lift - set.ends.upper) < 1e-9 * (1 + std::fabs(lift));
      if (at_edge) continue;
      EXPECT_EQ(set.contains(lift), accepted(t, c, ratio, q)) << ratio;
    }
  }
  EXPECT_GT(shapes[static_cast<int>(LiftShape::kBounded)], 500);
  EXPECT_GT(shapes[static_cast<int>(LiftShape::kExclusive)], 300);
  EXPECT_GT(shapes[static_cast<int>(LiftShape::kWholeLine)], 300);
}

TEST(Fieller, SwappingTheArmsInvertsTheRatio) {
  const ArmSummary a = share_of(20'000, 800);
  const ArmSummary b = share_of(5'000, 150);
  const LiftSet forth = fieller_lift(a, b).value();
  const LiftSet back = fieller_lift(b, a).value();
  EXPECT_NEAR((1 + forth.ends.lower) * (1 + back.ends.upper), 1.0, 1e-13);
  EXPECT_NEAR((1 + forth.ends.upper) * (1 + back.ends.lower), 1.0, 1e-13);
}

TEST(Fieller, AgreesWithWelchAboutNoEffect) {
  testing::Random random(22);
  int excluded = 0;
  for (int run = 0; run < 3'000; ++run) {
    const ArmSummary a = mean_of(testing::draw_spend(random, 4'000, 0.03));
    const ArmSummary b = mean_of(testing::draw_spend(random, 2'000, 0.025));
    const bool welch = welch_difference(a, b)->interval.contains(0.0);
    EXPECT_EQ(fieller_lift(a, b)->contains(0.0), welch);
    excluded += welch ? 0 : 1;
  }
  EXPECT_GT(excluded, 200);
}

TEST(Fieller, Refuses) {
  const ArmSummary good{100, 0.1, 0.09};
  EXPECT_EQ(fieller_lift(good, {1, 0.1, 0.1}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(fieller_lift(good, good, 0.0).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(fieller_lift({9, 1, 0}, {9, 1, 0}).error().code, ErrorCode::kInvalid);
  for (const double critical : {0.0, -1.0, kInfinity, std::nan("")}) {
    EXPECT_EQ(lift_by_inversion(good, good, critical).error().code, ErrorCode::kInvalid);
  }
}

}  // namespace
}  // namespace tact::stats
