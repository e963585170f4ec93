#include "stats/clustered.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "stats/test_support.h"

namespace tact::stats {
namespace {

using testing::Random;
using testing::Share;

struct Cluster {
  ClusterArm treatment;
  ClusterArm control;
};

ClusterSums sums_of(const std::vector<Cluster>& clusters) {
  ClusterSums sums;
  for (const Cluster& c : clusters) sums.add(c.treatment, c.control);
  return sums;
}

// Accounts of very unequal size; a visitor's outcome is the account's level and its own, with an
// intra-class correlation of `icc`.
std::vector<Cluster> draw(Random& random, int count, double icc, bool by_cluster, double effect) {
  std::normal_distribution<double> normal;
  std::geometric_distribution<int> further(0.1);
  std::vector<Cluster> clusters;
  for (int g = 0; g < count; ++g) {
    Cluster cluster;
    const double level = std::sqrt(icc) * normal(random);
    const bool treated_cluster = g % 2 == 0;  // of clusters in random order
    const int size = 1 + further(random);
    for (int i = 0; i < size; ++i) {
      const bool treated = by_cluster ? treated_cluster : std::bernoulli_distribution(0.5)(random);
      const double y = 5.0 + level + std::sqrt(1.0 - icc) * normal(random) + (treated ? effect : 0);
      ClusterArm& arm = treated ? cluster.treatment : cluster.control;
      arm.visitors += 1;
      arm.sum += y;
      arm.sum_squares += y * y;
    }
    clusters.push_back(cluster);
  }
  return clusters;
}

// Plainly: residual sums of every cluster over both arms, squared and added up.
long double plain_variance(const std::vector<Cluster>& clusters, bool by_cluster) {
  long double n[2] = {0, 0};
  long double y[2] = {0, 0};
  long double count[2] = {0, 0};
  for (const Cluster& c : clusters) {
    const ClusterArm* arms[] = {&c.control, &c.treatment};
    for (int a = 0; a < 2; ++a) {
      n[a] += arms[a]->visitors;
      y[a] += arms[a]->sum;
      count[a] += arms[a]->visitors > 0 ? 1 : 0;
    }
  }
  long double own[2] = {0, 0};
  long double cross = 0;
  for (const Cluster& c : clusters) {
    const ClusterArm* arms[] = {&c.control, &c.treatment};
    long double score[2];
    for (int a = 0; a < 2; ++a) {
      score[a] = (arms[a]->sum - y[a] / n[a] * arms[a]->visitors) / n[a];
      own[a] += score[a] * score[a];
    }
    cross += score[0] * score[1];
  }
  EXPECT_TRUE(!by_cluster || cross == 0.0L);
  return own[0] * count[0] / (count[0] - 1) + own[1] * count[1] / (count[1] - 1) - 2 * cross;
}

TEST(Clustered, TheVarianceIsThatOfTheClustersResiduals) {
  Random random(1);
  for (int round = 0; round < 200; ++round) {
    const bool by_cluster = round % 2 == 0;
    const auto clusters = draw(random, 150 + round, 0.3, by_cluster, 0.5);
    const Difference d = clustered_difference(sums_of(clusters))->difference;
    const double plain = std::sqrt(static_cast<double>(plain_variance(clusters, by_cluster)));
    EXPECT_NEAR(d.standard_error / plain, 1.0, 1e-9) << round;
  }
}

// Clusters of one visitor each are visitors.
TEST(Clustered, ClustersOfOneAreWelchsTest) {
  Random random(2);
  std::normal_distribution<double> normal;
  ClusterSums sums;
  SampleMoments arms[2];
  for (int i = 0; i < 500; ++i) {
    const double y = normal(random);
    arms[i % 2].add(y);
    sums.add(i % 2 == 1 ? ClusterArm{1, y, y * y} : ClusterArm{},
             i % 2 == 0 ? ClusterArm{1, y, y * y} : ClusterArm{});
  }
  const auto found = clustered_difference(sums).value();
  const Difference welch = welch_difference(summarize(arms[1], OutcomeKind::kMean).value(),
                                            summarize(arms[0], OutcomeKind::kMean).value())
                               .value();
  EXPECT_NEAR(found.difference.estimate, welch.estimate, 1e-12);
  EXPECT_NEAR(found.difference.standard_error, welch.standard_error, 1e-12);
  EXPECT_NEAR(found.difference.df, welch.df, 1e-6);
  EXPECT_NEAR(found.difference.interval.upper, welch.interval.upper, 1e-10);
  EXPECT_EQ(found.effective_clusters_control, 250.0);
}

TEST(Clustered, MergingPartsIsAddingAllClusters) {
  Random random(3);
  auto clusters = draw(random, 60, 0.3, false, 0.5);
  for (Cluster& c : clusters) {  // whole sums: exact
    c.treatment.sum = std::round(100 * c.treatment.sum);
    c.control.sum = std::round(100 * c.control.sum);
    c.treatment.sum_squares = std::round(10'000 * c.treatment.sum_squares);
    c.control.sum_squares = std::round(10'000 * c.control.sum_squares);
  }
  ClusterSums parts[3];
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    parts[i % 3].add(clusters[i].treatment, clusters[i].control);
  }
  ClusterSums merged = parts[2];
  merged += parts[0];
  merged += parts[1];
  EXPECT_EQ(merged, sums_of(clusters));
}

TEST(Clustered, SwappingTheArmsFlipsSignsBitForBit) {
  Random random(4);
  for (int round = 0; round < 50; ++round) {
    auto clusters = draw(random, 140, 0.3, round % 2 == 0, 0.5);
    const auto a = clustered_difference(sums_of(clusters), 0.05, Alternative::kGreater).value();
    for (Cluster& c : clusters) std::swap(c.treatment, c.control);
    const auto b = clustered_difference(sums_of(clusters), 0.05, Alternative::kLess).value();
    EXPECT_EQ(a.difference.estimate, -b.difference.estimate);
    EXPECT_EQ(a.difference.interval.lower, -b.difference.interval.upper);
    EXPECT_EQ(a.difference.p.log10_p, b.difference.p.log10_p);
    EXPECT_EQ(a.difference.df, b.difference.df);
  }
}

struct Coverage {
  Share clustered;
  Share visitors;  // as if all were independent
};

Coverage cover(std::uint64_t seed, int worlds, int count, double icc, bool by_cluster) {
  Random random(seed);
  Coverage coverage;
  while (coverage.visitors.runs < worlds) {
    const auto clusters = draw(random, count, icc, by_cluster, 0.5);
    // Independent visitors of the same spread: variance 1 each, as drawn.
    double n[2] = {0, 0};
    double y[2] = {0, 0};
    for (const Cluster& c : clusters) {
      n[0] += static_cast<double>(c.control.visitors);
      n[1] += static_cast<double>(c.treatment.visitors);
      y[0] += c.control.sum;
      y[1] += c.treatment.sum;
    }
    if (n[0] == 0 || n[1] == 0) continue;
    const double off = y[1] / n[1] - y[0] / n[0] - 0.5;
    coverage.visitors.count(std::fabs(off) <= 1.96 * std::sqrt(1 / n[0] + 1 / n[1]));
    const auto found = clustered_difference(sums_of(clusters));
    if (found) coverage.clustered.count(found->difference.interval.contains(0.5));
  }
  return coverage;
}

// A store trial: whole clusters are drawn. Treating visitors as independent is wrong by far; the
// cluster's interval covers also with few clusters, where it is wide.
TEST(Clustered, CoversWhenClustersAreDrawn) {
  for (const int count : {30, 60, 200}) {
    const Coverage c = cover(5, 2'000, count, 0.3, true);
    EXPECT_GE(c.clustered.value(), 0.935) << count;
    EXPECT_LE(c.clustered.value(), 0.985) << count;
    EXPECT_LE(c.visitors.at_most(), 0.85) << count << " " << c.visitors.value();
    RecordProperty("clusters_" + std::to_string(count), std::to_string(c.clustered.value()));
  }
}

// Visitors are drawn: then colleagues are in both arms and independent enough for either way; the
// cluster's interval is not the wrong one.
TEST(Clustered, CoversWhenVisitorsAreDrawn) {
  const Coverage c = cover(6, 2'000, 100, 0.5, false);
  EXPECT_GE(c.clustered.runs, 1'990);  // the others have too few effective clusters
  EXPECT_GE(c.clustered.value(), 0.935);
  EXPECT_LE(c.clustered.value(), 0.975);
  EXPECT_GE(c.visitors.value(), 0.935);
}

TEST(Clustered, FewClustersAreRefusedOneGiantCountsAsOne) {
  Random random(7);
  EXPECT_NE(clustered_difference(sums_of(draw(random, 6, 0.1, true, 0.0)))
                .error()
                .message.find("not enough data yet"),
            std::string::npos);
  auto clusters = draw(random, 160, 0.1, true, 0.0);
  clusters[0].treatment.visitors *= 100'000;
  clusters[0].treatment.sum *= 100'000;
  clusters[0].treatment.sum_squares *= 100'000;
  EXPECT_FALSE(clustered_difference(sums_of(clusters)));
  EXPECT_FALSE(clustered_difference(ClusterSums{}));
}

TEST(Clustered, RefusesSumsNoClustersHave) {
  Random random(8);
  const ClusterSums good = sums_of(draw(random, 160, 0.1, false, 0.0));
  ASSERT_TRUE(clustered_difference(good));
  const auto refused = [&](auto change) {
    ClusterSums bad = good;
    change(bad);
    return !clustered_difference(bad).has_value();
  };
  EXPECT_TRUE(refused([](ClusterSums& s) { s.treatment.visitors = -1; }));
  EXPECT_TRUE(refused([](ClusterSums& s) { s.treatment.sum = std::nan(""); }));
  EXPECT_TRUE(refused([](ClusterSums& s) { s.control.sum_squares = 0.0; }));
  EXPECT_TRUE(refused([](ClusterSums& s) { s.control.size_fourths = 1.0; }));
  EXPECT_TRUE(refused([](ClusterSums& s) { s.clusters_in_both = 161; }));
  EXPECT_TRUE(refused([](ClusterSums& s) { s.sum_sum = 1e12; }));
  EXPECT_TRUE(refused([](ClusterSums& s) { s.size_sum = HUGE_VAL; }));
}

// New clusters of 5 visitors each look, 40 looks, no effect.
TEST(Clustered, TheSequenceHoldsOverAllLooks) {
  Random random(9);
  Share alarms;
  for (int world = 0; world < 500; ++world) {
    ClusterSums sums;
    bool alarm = false;
    for (int look = 0; look < 40; ++look) {
      for (const Cluster& c : draw(random, 20, 0.4, true, 0.0)) sums.add(c.treatment, c.control);
      if (look < 4) continue;  // 50 clusters in each arm
      const auto found = sequential_clustered(sums, {0.05, 200.0});
      alarm = alarm || (found && !found->interval.contains(0.0));
    }
    alarms.count(alarm);
  }
  EXPECT_LE(alarms.at_most(), 0.06) << alarms.value();
  EXPECT_LE(alarms.value(), 0.05);
}

}  // namespace
}  // namespace tact::stats
