#include "stats/clustered_lift.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "stats/segments.h"
#include "stats/test_support.h"

namespace tact::stats {
namespace {

using testing::Random;
using testing::Share;

// Both views of the same visitors: as clusters, and as if they were independent.
struct Arms {
  ClusterSums clusters;
  SampleMoments treatment, control;
};

// Accounts of unequal size; a visitor's outcome is 2, the account's level, his own, and the effect.
// By cluster: whole accounts are drawn. Else visitors are, and the effect is the account's own, so
// that neither the level cancels nor the arms are independent.
struct World {
  int accounts = 100;
  double icc = 0.3;
  bool by_cluster = true;
  double lift = 0.2;
  double treated = 0.5;  // of visitors
};

void put(double y, ClusterArm& arm, SampleMoments& sums) {
  arm.visitors += 1;
  arm.sum += y;
  arm.sum_squares += y * y;
  sums.add(y);
}

void draw(Random& random, const World& world, Arms& arms) {
  std::normal_distribution<double> normal;
  std::geometric_distribution<int> further(0.1);
  for (int g = 0; g < world.accounts; ++g) {
    const double level = std::sqrt(world.icc) * normal(random);
    const double effect = world.by_cluster ? 0.0 : 0.7 * normal(random);
    const int size = 1 + further(random);
    ClusterArm treatment, control;
    for (int i = 0; i < size; ++i) {
      const bool treated =
          world.by_cluster ? g % 2 == 0 : std::bernoulli_distribution(world.treated)(random);
      const double own = std::sqrt(1.0 - world.icc) * normal(random);
      const double y = 2.0 + level + own + (treated ? 2.0 * world.lift + effect : 0.0);
      if (treated) {
        put(y, treatment, arms.treatment);
      } else {
        put(y, control, arms.control);
      }
    }
    arms.clusters.add(treatment, control);
  }
}

ArmSummary summary(const SampleMoments& sums) { return *summarize(sums, OutcomeKind::kMean); }

struct Coverage {
  Share clustered, visitors;
};

Coverage cover_lift(std::uint64_t seed, int runs, const World& world) {
  Random random(seed);
  Coverage out;
  for (int run = 0; run < runs; ++run) {
    Arms arms;
    draw(random, world, arms);
    const auto set = fieller_clustered(arms.clusters);
    if (!set.has_value()) continue;  // sizes so unequal that they count as fewer than five
    out.clustered.count(set->contains(world.lift));
    out.visitors.count(
        fieller_lift(summary(arms.treatment), summary(arms.control))->contains(world.lift));
  }
  return out;
}

// Nominal is 95 %.
TEST(ClusteredLift, CoversWhereTheIndependentOneFails) {
  const Coverage drawn = cover_lift(1, 2'000, {.accounts = 100});
  EXPECT_GE(drawn.clustered.runs, 1'900);
  EXPECT_GE(drawn.clustered.value(), 0.935);
  EXPECT_LE(drawn.clustered.value(), 0.975);
  EXPECT_LE(drawn.visitors.at_most(), 0.85) << drawn.visitors.value();
  RecordProperty("by_cluster", std::to_string(drawn.clustered.value()));
  // Effects that differ by account, visitors drawn: the covariance between the arms counts.
  const Coverage mixed = cover_lift(2, 2'000, {.accounts = 120, .icc = 0.5, .by_cluster = false});
  EXPECT_GE(mixed.clustered.value(), 0.935);
  EXPECT_LE(mixed.clustered.value(), 0.975);
  RecordProperty("by_visitor", std::to_string(mixed.clustered.value()));
}

ClusterSums swapped(const ClusterSums& sums) {
  ClusterSums out = sums;
  std::swap(out.treatment, out.control);
  std::swap(out.size_sum, out.sum_size);
  return out;
}

// As fieller_test.cpp: the ratio is inverted. That no effect is excluded is the same to the last
// bit.
TEST(ClusteredLift, SwappingTheArmsInvertsTheRatio) {
  Random random(7);
  int excluded = 0;
  for (int round = 0; round < 60; ++round) {
    Arms arms;
    draw(random, {.accounts = 200, .by_cluster = round % 2 == 0, .lift = 0.01 * round}, arms);
    const ClusterSums back = swapped(arms.clusters);
    for (const bool always : {false, true}) {
      const auto set = [&](const ClusterSums& sums) {
        return always ? sequential_clustered_lift(sums, {0.05, 200.0}).value()
                      : fieller_clustered(sums).value();
      };
      const LiftSet a = set(arms.clusters), b = set(back);
      ASSERT_EQ(a.shape, LiftShape::kBounded);
      ASSERT_EQ(b.shape, LiftShape::kBounded);
      EXPECT_NEAR((1 + a.ends.lower) * (1 + b.ends.upper), 1.0, 1e-11);
      EXPECT_NEAR((1 + a.ends.upper) * (1 + b.ends.lower), 1.0, 1e-11);
      EXPECT_NEAR((1 + *a.estimate) * (1 + *b.estimate), 1.0, 1e-12);
      EXPECT_EQ(a.contains(0.0), b.contains(0.0));
      excluded += a.contains(0.0) ? 0 : 1;
    }
    // Worse by an absolute margin one way is better by it the other way.
    const Guardrail more{.margin = 0.1};
    const Guardrail fewer{.margin = 0.1, .more_is_better = false};
    const auto there = check_clustered_non_inferiority(arms.clusters, more).value();
    const auto again = check_clustered_non_inferiority(back, fewer).value();
    EXPECT_EQ(there.estimate, again.estimate);
    EXPECT_EQ(there.standard_error, again.standard_error);
    EXPECT_EQ(there.at_every_look.interval.lower, again.at_every_look.interval.lower);
    EXPECT_EQ(there.at_this_look.p_worse.log10_p, again.at_this_look.p_worse.log10_p);
  }
  EXPECT_GT(excluded, 20);
}

// 40 looks, 20 new accounts at each: covers at all of them together.
TEST(ClusteredLift, TheSequenceHoldsOverAllLooks) {
  Random random(3);
  Share missed;
  for (int world = 0; world < 400; ++world) {
    Arms arms;
    bool miss = false;
    for (int look = 0; look < 40; ++look) {
      draw(random, {.accounts = 20}, arms);
      if (look < 5) continue;  // 50 accounts in each arm
      const auto set = sequential_clustered_lift(arms.clusters, {0.05, 200.0});
      miss = miss || (set.has_value() && !set->contains(0.2));
    }
    missed.count(miss);
  }
  EXPECT_LE(missed.value(), 0.05);
}

// By definition: a lift is in the set exactly when treatment - (1 + lift) control is not rejected.
TEST(ClusteredLift, IsTheSetOfContrastsThatAreNotRejected) {
  Random random(4);
  for (int world = 0; world < 50; ++world) {
    Arms arms;
    draw(random, {.accounts = 150 + world, .by_cluster = world % 2 == 0, .treated = 0.7}, arms);
    const auto means = clustered_means(arms.clusters);
    const auto set = sequential_clustered_lift(arms.clusters, {0.05, 200.0});
    ASSERT_TRUE(means.has_value() && set.has_value());
    const double critical = *sequence_critical(means->clusters, {0.05, 200.0});
    for (double lift = -1.5; lift < 2.5; lift += 0.0371) {
      const auto contrast = clustered_contrast(*means, 1.0 + lift);
      ASSERT_TRUE(contrast.has_value());
      const double z = std::fabs(contrast->estimate) / contrast->standard_error;
      if (std::fabs(z - critical) < 1e-6) continue;
      EXPECT_EQ(set->contains(lift), z < critical) << lift;
    }
    EXPECT_NEAR(*set->estimate, (means->treatment - means->control) / means->control, 1e-12);
  }
}

TEST(ClusteredLift, AgreesWithTheDifferenceAndWithClustersOfOne) {
  Random random(5);
  for (int world = 0; world < 100; ++world) {
    Arms arms;
    draw(random, {.accounts = 60, .lift = 0.01 * world}, arms);
    const auto plain = clustered_difference(arms.clusters);
    const auto set = fieller_clustered(arms.clusters);
    if (!plain.has_value()) continue;
    EXPECT_EQ(set->contains(0.0), plain->difference.interval.contains(0.0));
  }
  Arms ones;
  std::normal_distribution<double> normal;
  for (int i = 0; i < 400; ++i) {
    ClusterArm treatment, control;
    put(2.0 + normal(random), i % 2 == 0 ? treatment : control,
        i % 2 == 0 ? ones.treatment : ones.control);
    ones.clusters.add(treatment, control);
  }
  const auto clustered = fieller_clustered(ones.clusters);
  const auto plain = fieller_lift(summary(ones.treatment), summary(ones.control));
  EXPECT_NEAR(clustered->ends.lower, plain->ends.lower, 1e-9);
  EXPECT_NEAR(clustered->ends.upper, plain->ends.upper, 1e-9);
  const Guardrail rail{.margin = 0.1, .relative = true};
  const auto guarded = check_clustered_non_inferiority(ones.clusters, rail);
  const auto alone = check_non_inferiority(summary(ones.treatment), summary(ones.control), rail);
  EXPECT_NEAR(guarded->at_every_look.interval.lower, alone->at_every_look.interval.lower, 1e-9);
  EXPECT_NEAR(guarded->at_this_look.p_worse.log10_p, alone->at_this_look.p_worse.log10_p, 1e-7);
}

// Worse by exactly the margin: "not worse" is then wrong, and said in 5 % at the most; as if
// visitors were independent it is said far more often.
TEST(ClusteredGuardrail, ErrsNoMoreThanItSaysWhereTheIndependentOneDoes) {
  Random random(6);
  Coverage wrong;
  Share every_look;
  for (int world = 0; world < 2'000; ++world) {
    Arms arms;
    draw(random, {.accounts = 100, .lift = -0.1}, arms);
    const Guardrail rail{.margin = 0.1, .relative = true};
    const auto found = check_clustered_non_inferiority(arms.clusters, rail);
    if (!found.has_value()) continue;
    const auto said = [](const Room& room) { return room.verdict == GuardrailVerdict::kNotWorse; };
    wrong.clustered.count(said(found->at_this_look));
    every_look.count(said(found->at_every_look));
    wrong.visitors.count(said(
        check_non_inferiority(summary(arms.treatment), summary(arms.control), rail)->at_this_look));
  }
  EXPECT_LE(wrong.clustered.value(), 0.065);
  EXPECT_GE(wrong.clustered.value(), 0.035);
  EXPECT_LE(every_look.value(), 0.05);
  EXPECT_GE(wrong.visitors.at_least(), 0.12) << wrong.visitors.value();
}

TEST(ClusteredGuardrail, TurnedOutcomesGiveTheSameBits) {
  Random random(7);
  Arms arms;
  draw(random, {.accounts = 80, .by_cluster = false}, arms);
  ClusterSums turned = arms.clusters;
  for (ClusterSums::Arm* arm : {&turned.treatment, &turned.control}) {
    arm->sum = -arm->sum;
    arm->product_sum = -arm->product_sum;
  }
  turned.size_sum = -turned.size_sum;
  turned.sum_size = -turned.sum_size;
  const auto one = check_clustered_non_inferiority(arms.clusters, {0.1, true, true});
  const auto other = check_clustered_non_inferiority(turned, {0.1, true, false});
  EXPECT_EQ(one->estimate, other->estimate);
  EXPECT_EQ(one->at_every_look.interval.lower, other->at_every_look.interval.lower);
  EXPECT_FALSE(check_clustered_non_inferiority(arms.clusters, {0.0, true, true}).has_value());
  EXPECT_FALSE(check_clustered_non_inferiority(arms.clusters, {1.0, true, true}).has_value());
  EXPECT_FALSE(check_clustered_non_inferiority({}, {0.1, true, true}).has_value());
}

// Four segments of accounts, the same effect in all.
TEST(ClusteredSegments, HoldTogetherWhereTheIndependentOnesFail) {
  Random random(8);
  Coverage together, alarm;
  Share every_look;
  for (int world = 0; world < 1'000; ++world) {
    std::array<Arms, 4> segments;
    std::array<ClusterSums, 4> clusters;
    std::array<SegmentArms, 4> visitors;
    for (std::size_t i = 0; i < 4; ++i) {
      draw(random, {.accounts = 200}, segments[i]);
      clusters[i] = segments[i].clusters;
      visitors[i] = {summary(segments[i].treatment), summary(segments[i].control)};
    }
    const auto covered = [](const auto& found) {
      return std::all_of(found.effects.begin(), found.effects.end(),
                         [](const auto& e) { return !e || e->interval.contains(0.4); });
    };
    const auto found = clustered_segment_effects(clusters, false);
    const auto plain = segment_effects(visitors);
    together.clustered.count(covered(*found));
    together.visitors.count(covered(*plain));
    alarm.clustered.count(found->interaction->p.p < 0.05);
    alarm.visitors.count(plain->interaction->p.p < 0.05);
    const auto always = sequential_clustered_segments(clusters, false, {0.05, 200.0});
    every_look.count(always->interaction->p.p < 0.05);
  }
  EXPECT_GE(together.clustered.value(), 0.93);
  EXPECT_LE(together.clustered.value(), 0.98);
  EXPECT_LE(together.visitors.at_most(), 0.75) << together.visitors.value();
  EXPECT_LE(alarm.clustered.value(), 0.075) << alarm.clustered.value();
  EXPECT_GE(alarm.visitors.at_least(), 0.2) << alarm.visitors.value();
  EXPECT_LE(every_look.value(), 0.05);
}

// Accounts with visitors in several segments: intervals, still simultaneous, and no test.
TEST(ClusteredSegments, SharedClustersHaveNoInteraction) {
  Random random(9);
  Share together;
  for (int world = 0; world < 1'000; ++world) {
    std::array<ClusterSums, 3> segments;
    std::normal_distribution<double> normal;
    for (int g = 0; g < 120; ++g) {
      const double level = normal(random);
      for (ClusterSums& segment : segments) {
        ClusterArm arm;
        for (int i = 0; i < 5; ++i) {
          arm.visitors += 1;
          arm.sum += level + normal(random);
        }
        segment.add(g % 2 == 0 ? arm : ClusterArm{}, g % 2 == 0 ? ClusterArm{} : arm);
      }
    }
    const auto found = clustered_segment_effects(segments, true);
    EXPECT_FALSE(found->interaction.has_value());
    EXPECT_FALSE(sequential_clustered_segments(segments, true)->interaction.has_value());
    together.count(std::all_of(found->effects.begin(), found->effects.end(),
                               [](const auto& e) { return e && e->interval.contains(0.0); }));
  }
  EXPECT_GE(together.value(), 0.94);
}

TEST(ClusteredSegments, TooFewClustersAreNotMeasured) {
  Random random(10);
  std::array<Arms, 2> segments;
  draw(random, {.accounts = 6}, segments[0]);
  draw(random, {.accounts = 100}, segments[1]);
  const std::array<ClusterSums, 2> clusters = {segments[0].clusters, segments[1].clusters};
  const auto found = clustered_segment_effects(clusters, false);
  EXPECT_FALSE(found->effects[0].has_value());
  EXPECT_TRUE(found->effects[1].has_value());
  EXPECT_FALSE(found->interaction.has_value());
  EXPECT_FALSE(clustered_segment_effects({}, false).has_value());
}

}  // namespace
}  // namespace tact::stats
