#include "stats/compare.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>
#include <vector>

#include "stats/cuped.h"
#include "stats/ratio.h"
#include "stats/test_support.h"

namespace tact::stats {
namespace {

struct Visitor {
  double y = 0.0;  // outcome
  double d = 0.0;  // denominator
  double x = 0.0;  // before exposure
};

std::vector<Visitor> draw(testing::Random& random, int n, double effect) {
  std::normal_distribution<double> noise;
  std::vector<Visitor> visitors;
  for (int i = 0; i < n; ++i) {
    const double x = 5.0 + noise(random);
    const double d = 1.0 + std::poisson_distribution<int>(2.0)(random);
    visitors.push_back({d * (2.0 + effect) + 0.8 * x + noise(random), d, x});
  }
  return visitors;
}

CovariateArm sums_of(const std::vector<Visitor>& visitors, bool ratio) {
  CovariateArm arm;
  if (ratio) arm.denominator.emplace();
  for (const Visitor& v : visitors) {
    arm.outcome.add(v.y);
    arm.covariate.add(v.y, v.x);
    if (!ratio) continue;
    arm.denominator->add(v.y, v.d);
    arm.denominator_covariate_product_sum += v.d * v.x;
  }
  return arm;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

// Plainly: of each visitor y - R d over mean d, then two passes.
struct Plain {
  double mean = 0.0;
  std::vector<double> values;  // linearised
  std::vector<double> x;
};
Plain plain_arm(const std::vector<Visitor>& visitors, bool ratio) {
  Plain plain;
  double y = 0.0;
  double d = 0.0;
  for (const Visitor& v : visitors) {
    y += v.y;
    d += ratio ? v.d : 1.0;
  }
  plain.mean = y / d;
  const double per_visitor = d / static_cast<double>(visitors.size());
  for (const Visitor& v : visitors) {
    plain.values.push_back((v.y - plain.mean * (ratio ? v.d : 1.0)) / per_visitor);
    plain.x.push_back(v.x);
  }
  return plain;
}
double plain_product(const std::vector<double>& a, const std::vector<double>& b) {
  const double ma = mean_of(a);
  const double mb = mean_of(b);
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - ma) * (b[i] - mb);
  return sum;
}

TEST(Ratio, AsVisitorByVisitor) {
  testing::Random random(1);
  for (int round = 0; round < 200; ++round) {
    const auto visitors = draw(random, 5 + round, 0.0);
    const CovariateArm arm = sums_of(visitors, true);
    const Plain plain = plain_arm(visitors, true);
    const ArmSummary got = summarize_ratio(arm.outcome, *arm.denominator).value();
    EXPECT_NEAR(got.mean, plain.mean, 1e-12 * std::fabs(plain.mean));
    const double variance =
        plain_product(plain.values, plain.values) / static_cast<double>(visitors.size() - 1);
    EXPECT_NEAR(got.variance, variance, 1e-9 * variance);
  }
}

TEST(Cuped, AsVisitorByVisitor) {
  testing::Random random(2);
  for (int round = 0; round < 200; ++round) {
    const bool ratio = round % 2 == 0;
    const auto a = draw(random, 10 + round, 0.3);
    const auto b = draw(random, 20 + round, 0.0);
    const CupedArms got = adjust_by_covariate(sums_of(a, ratio), sums_of(b, ratio)).value();
    const Plain t = plain_arm(a, ratio);
    const Plain c = plain_arm(b, ratio);
    const double theta = (plain_product(t.values, t.x) + plain_product(c.values, c.x)) /
                         (plain_product(t.x, t.x) + plain_product(c.x, c.x));
    EXPECT_NEAR(got.theta, theta, 1e-9);
    EXPECT_NEAR(got.treatment.mean - got.control.mean,
                t.mean - c.mean - theta * (mean_of(t.x) - mean_of(c.x)), 1e-10);
    std::vector<double> adjusted;
    adjusted.reserve(t.x.size());
    for (std::size_t i = 0; i < t.x.size(); ++i) adjusted.push_back(t.values[i] - theta * t.x[i]);
    const double variance =
        plain_product(adjusted, adjusted) / static_cast<double>(adjusted.size() - 1);
    EXPECT_NEAR(got.treatment.variance, variance, 1e-8 * variance);
    EXPECT_GT(got.variance_reduction, 0.0);
  }
}

TEST(Cuped, CoversAsOftenAsItSaysWithSmallerErrors) {
  testing::Random random(3);
  testing::Share covered;
  for (int round = 0; round < 4000; ++round) {
    const auto arms = adjust_by_covariate(sums_of(draw(random, 100, 0.1), true),
                                          sums_of(draw(random, 60, 0.0), true));
    const auto difference = welch_difference(arms->treatment, arms->control).value();
    covered.count(difference.interval.contains(0.1));
  }
  EXPECT_GE(covered.value(), 0.935);
  EXPECT_LE(covered.value(), 0.965);
}

TEST(Cuped, ACovariateThatDoesNotVaryChangesNothing) {
  testing::Random random(4);
  auto a = draw(random, 50, 0.0);
  auto b = draw(random, 50, 0.0);
  for (auto* arm : {&a, &b}) {
    for (Visitor& v : *arm) v.x = 3.0;
  }
  const CupedArms got = adjust_by_covariate(sums_of(a, false), sums_of(b, false)).value();
  EXPECT_EQ(got.theta, 0.0);
  EXPECT_EQ(got.treatment.mean, summarize(sums_of(a, false).outcome, OutcomeKind::kMean)->mean);
}

TEST(Cuped, RefusesSumsNoSampleHas) {
  testing::Random random(5);
  const CovariateArm good = sums_of(draw(random, 50, 0.0), true);
  CovariateArm bad = good;
  bad.covariate.product_sum *= 10.0;
  EXPECT_FALSE(adjust_by_covariate(bad, good));
  bad = good;
  bad.denominator_covariate_product_sum *= 10.0;
  EXPECT_FALSE(adjust_by_covariate(good, bad));
  bad = good;
  bad.denominator.reset();
  EXPECT_FALSE(adjust_by_covariate(good, bad));
  bad = good;
  bad.covariate.sum_squares = std::nan("");
  EXPECT_FALSE(adjust_by_covariate(good, bad));
  bad = good;
  bad.denominator->sum = 0.0;
  EXPECT_FALSE(summarize_ratio(bad.outcome, *bad.denominator));
}

void expect_mirrored(const Interval& a, const Interval& b) {
  EXPECT_EQ(std::bit_cast<std::uint64_t>(a.lower), std::bit_cast<std::uint64_t>(-b.upper));
  EXPECT_EQ(std::bit_cast<std::uint64_t>(a.upper), std::bit_cast<std::uint64_t>(-b.lower));
}

TEST(Compare, SwappingTheArmsFlipsSignsBitForBit) {
  testing::Random random(6);
  const std::pair<Alternative, Alternative> sides[] = {
      {Alternative::kTwoSided, Alternative::kTwoSided},
      {Alternative::kGreater, Alternative::kLess}};
  for (int round = 0; round < 300; ++round) {
    const bool ratio = round % 2 == 0;
    const CovariateArm a = sums_of(draw(random, 10 + round, 0.2), ratio);
    const CovariateArm b = sums_of(draw(random, 20, 0.0), ratio);
    const CupedArms one = adjust_by_covariate(a, b).value();
    const CupedArms two = adjust_by_covariate(b, a).value();
    for (const auto& [side, other] : sides) {
      const auto x = compare(one.treatment, one.control, {0.05, side, 5000.0}).value();
      const auto y = compare(two.treatment, two.control, {0.05, other, 5000.0}).value();
      EXPECT_EQ(x.difference.estimate, -y.difference.estimate);
      EXPECT_EQ(x.difference.p.log10_p, y.difference.p.log10_p);
      EXPECT_EQ(x.sequence->p.log10_p, y.sequence->p.log10_p);
      expect_mirrored(x.difference.interval, y.difference.interval);
      expect_mirrored(x.sequence->interval, y.sequence->interval);
    }
  }
}

// One arm varies by a little less than rounding could, the other by a little more: the first is not
// taken for constant.
TEST(Compare, AnArmWhoseVarianceRoundingHidesIsNotCertain) {
  const auto arm = [](double spread) {
    SampleMoments moments;
    for (int i = 0; i < 2'000; ++i) moments.add(1e9 + 0.1 + (i % 2 == 0 ? spread : -spread));
    return summarize(moments, OutcomeKind::kMean).value();
  };
  const ArmSummary control = arm(500.0);
  const ArmSummary treatment = arm(900.0);
  ASSERT_EQ(control.variance, 0.0);
  ASSERT_GT(treatment.variance, 0.0);
  const double error = std::sqrt((500.0 * 500.0 + 900.0 * 900.0) / 1'999.0);
  const Difference difference = welch_difference(treatment, control).value();
  EXPECT_GE(difference.standard_error, error);
  EXPECT_LE(difference.standard_error, 1.5 * error);
  const Difference swapped = welch_difference(control, treatment).value();
  EXPECT_EQ(swapped.standard_error, difference.standard_error);
  EXPECT_EQ(swapped.df, difference.df);
  EXPECT_NEAR(delta_lift(treatment, control)->standard_error * 1e9, difference.standard_error,
              1e-4);
  const LiftSet lift = fieller_lift(treatment, control).value();
  const double width = difference.interval.upper - difference.interval.lower;
  EXPECT_NEAR((lift.ends.upper - lift.ends.lower) * 1e9, width, 1e-4 * width);
  // Where rounding hides both, nothing is known to vary.
  EXPECT_FALSE(welch_difference(control, control));
}

TEST(Compare, OneSidedLiftsAgreeWithTheDifference) {
  testing::Random random(7);
  for (int round = 0; round < 500; ++round) {
    const auto t =
        summarize(testing::draw_conversions(random, 5000, 0.055), OutcomeKind::kProportion);
    const auto c =
        summarize(testing::draw_conversions(random, 5000, 0.05), OutcomeKind::kProportion);
    for (const auto side : {Alternative::kGreater, Alternative::kLess}) {
      const Comparison got = compare(*t, *c, {0.05, side, 5000.0}).value();
      EXPECT_EQ(got.lift.contains(0.0), got.difference.interval.contains(0.0));
      EXPECT_EQ(got.sequence_lift->contains(0.0), got.sequence->interval.contains(0.0));
      EXPECT_EQ(got.difference.interval.contains(0.0), got.difference.p.p >= 0.05);
    }
  }
}

TEST(Compare, TheDeltaMethodByHand) {
  const ArmSummary t{400, 1.5, 4.0};
  const ArmSummary c{100, 1.0, 2.0};
  const DeltaLift lift = delta_lift(t, c).value();
  EXPECT_DOUBLE_EQ(lift.estimate, 0.5);
  EXPECT_DOUBLE_EQ(lift.standard_error, std::sqrt(4.0 / 400 + 1.5 * 1.5 * 2.0 / 100));
  EXPECT_EQ(lift.df, difference_of_means(t, c)->df);
  EXPECT_FALSE(delta_lift(t, {100, 0.0, 2.0}));
  EXPECT_FALSE(compare(t, {100, 0.0, 2.0})->delta.has_value());
  EXPECT_FALSE(compare(t, {100, 0.0, 2.0}, {0.05, Alternative::kTwoSided, {}})->sequence);
}

TEST(Compare, FarTailsAndLargeNumbersStayFinite) {
  const ArmSummary t{1'000'000'000'000, 1e12, 1e20};
  const ArmSummary c{1'000'000'000'000, 1e12 - 1e7, 1e20};
  const Comparison got = compare(t, c).value();
  EXPECT_EQ(got.difference.p.p, 0.0);
  EXPECT_LT(got.difference.p.log10_p, -300.0);
  for (const double value : {got.difference.p.log10_p, got.delta->p.log10_p,
                             got.sequence->p.log10_p, got.lift.ends.lower, got.lift.ends.upper}) {
    EXPECT_TRUE(std::isfinite(value));
  }
  EXPECT_FALSE(compare({100, 1.0, 0.0}, {100, 2.0, 0.0}));
}

TEST(Compare, VisitorsWithAnOutcomeAreBoundedFromBelow) {
  EXPECT_EQ(nonzero_at_least(0.0, 0.0), 0);
  EXPECT_EQ(nonzero_at_least(7.0, 7.0), 7);
  EXPECT_EQ(nonzero_at_least(10.0, 60.0), 2);  // 100 / 60
  testing::Random random(8);
  for (int round = 0; round < 200; ++round) {
    const SampleMoments spend = testing::draw_spend(random, 1000, 0.05);
    EXPECT_LE(nonzero_at_least(spend.sum, spend.sum_squares), spend.nonzero);
  }
}

}  // namespace
}  // namespace tact::stats
