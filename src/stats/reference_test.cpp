// Against references that are slow and plainly right: two passes in long double, and every way to
// deal the visitors to the arms. Figures are drawn at random, seeded.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "stats/clustered.h"
#include "stats/cuped.h"
#include "stats/segments.h"
#include "stats/test_support.h"
#include "stats/welch.h"

namespace tact::stats {
namespace {

using testing::Random;

std::vector<double> draw(Random& random, std::size_t n, double shift) {
  std::normal_distribution<double> normal;
  std::vector<double> values(n);
  for (double& x : values) x = std::round(1'000.0 * (shift + normal(random)));
  return values;
}

SampleMoments of(const std::vector<double>& values) {
  SampleMoments moments;
  for (const double x : values) moments.add(x);
  return moments;
}

long double two_pass_variance(const std::vector<double>& values) {
  const auto n = static_cast<long double>(values.size());
  long double mean = 0;
  for (const double x : values) mean += x;
  mean /= n;
  long double squares = 0;
  for (const double x : values) squares += (x - mean) * (x - mean);
  return squares / (n - 1);
}

// Merged from random parts, with a mean up to a thousand times the spread: whole sums below 2^53.
TEST(Reference, VarianceByTwoPasses) {
  Random random(1);
  for (int round = 0; round < 500; ++round) {
    const double shift = std::pow(10.0, round % 4);
    const auto values = draw(random, 2 + random() % 300, shift);
    SampleMoments merged;
    for (std::size_t from = 0; from < values.size();) {
      const std::size_t to = std::min(values.size(), from + 1 + random() % 50);
      merged += of({values.begin() + static_cast<std::ptrdiff_t>(from),
                    values.begin() + static_cast<std::ptrdiff_t>(to)});
      from = to;
    }
    const ArmSummary arm = summarize(merged, OutcomeKind::kMean).value();
    const auto plain = static_cast<double>(two_pass_variance(values));
    EXPECT_NEAR(arm.variance, plain, 1e-12 * plain) << round;
  }
}

// The share of all ways to deal the outcomes to two arms that differ at least as much: the exact
// two-sided p-value of a randomised experiment.
double permutation_p(const std::vector<double>& outcomes, std::size_t treated) {
  const double total = std::accumulate(outcomes.begin(), outcomes.end(), 0.0);
  const auto n = outcomes.size();
  const auto difference = [&](double sum) {
    return std::fabs(sum / static_cast<double>(treated) -
                     (total - sum) / static_cast<double>(n - treated));
  };
  const double seen = difference(std::accumulate(
      outcomes.begin(), outcomes.begin() + static_cast<std::ptrdiff_t>(treated), 0.0));
  std::int64_t ways = 0;
  std::int64_t as_far = 0;
  for (std::uint32_t deal = 0; deal < (1U << n); ++deal) {
    if (static_cast<std::size_t>(__builtin_popcount(deal)) != treated) continue;
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) sum += (deal >> i & 1U) != 0 ? outcomes[i] : 0.0;
    ways += 1;
    as_far += difference(sum) >= seen * (1.0 - 1e-12) ? 1 : 0;
  }
  return static_cast<double>(as_far) / static_cast<double>(ways);
}

// Eight visitors an arm, all 12,870 ways: Welch's p is close, over the whole range.
TEST(Reference, WelchByAllPermutations) {
  Random random(2);
  double worst = 0.0;
  double small = 0.0;
  for (int round = 0; round < 40; ++round) {
    auto outcomes = draw(random, 16, 0.0);
    for (std::size_t i = 0; i < 8; ++i) outcomes[i] += 50.0 * round;
    const double exact = permutation_p(outcomes, 8);
    const Difference d =
        welch_difference(
            summarize(of({outcomes.begin(), outcomes.begin() + 8}), OutcomeKind::kMean).value(),
            summarize(of({outcomes.begin() + 8, outcomes.end()}), OutcomeKind::kMean).value())
            .value();
    worst = std::max(worst, std::fabs(d.p.p - exact));
    small += exact < 0.05 ? 1 : 0;
    EXPECT_NEAR(d.p.p, exact, 0.02 + 0.1 * exact) << round;
  }
  EXPECT_LT(worst, 0.06);
  EXPECT_GT(small, 5);
}

// Whole clusters dealt anew, 2,000 times: their t-test has the same p, the visitors' one is far
// off. Clusters of ten visitors who behave alike.
TEST(Reference, ClustersByPermutation) {
  Random random(3);
  std::normal_distribution<double> normal;
  for (int round = 0; round < 10; ++round) {
    std::vector<ClusterArm> clusters(30);
    for (std::size_t g = 0; g < clusters.size(); ++g) {
      const double level = 2.0 * normal(random) + (g < 15 ? 0.2 * round : 0.0);
      for (int i = 0; i < 10; ++i) {
        const double x = level + normal(random);
        clusters[g] += ClusterArm{1, x, x * x};
      }
    }
    ClusterSums sums;
    for (std::size_t g = 0; g < 30; ++g) {
      sums.add(g < 15 ? clusters[g] : ClusterArm{}, g < 15 ? ClusterArm{} : clusters[g]);
    }
    const auto difference = [&](const std::vector<std::size_t>& order) {
      double sum = 0.0;
      for (std::size_t g = 0; g < 30; ++g) sum += (g < 15 ? 1.0 : -1.0) * clusters[order[g]].sum;
      return std::fabs(sum);
    };
    std::vector<std::size_t> order(30);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const double seen = difference(order);
    int as_far = 0;
    for (int deal = 0; deal < 2'000; ++deal) {
      std::shuffle(order.begin(), order.end(), random);
      as_far += difference(order) >= seen ? 1 : 0;
    }
    EXPECT_NEAR(clustered_difference(sums)->difference.p.p, as_far / 2'000.0, 0.05) << round;
  }
}

// The interaction by dealing arms anew within each segment, 2,000 times, with the effects left in:
// each visitor's outcome less the common effect where treated.
TEST(Reference, InteractionByPermutation) {
  Random random(4);
  for (int round = 0; round < 6; ++round) {
    std::vector<std::vector<double>> control;
    std::vector<std::vector<double>> treated;
    for (int s = 0; s < 3; ++s) {
      control.push_back(draw(random, 60, 0.0));
      treated.push_back(draw(random, 60, s == 2 ? 0.06 * round : 0.0));
    }
    const auto q_of = [&](const auto& t, const auto& c) {
      std::vector<SegmentArms> segments;
      for (std::size_t s = 0; s < 3; ++s) {
        segments.push_back({summarize(of(t[s]), OutcomeKind::kMean).value(),
                            summarize(of(c[s]), OutcomeKind::kMean).value()});
      }
      return *segment_effects(segments)->interaction;
    };
    const Interaction seen = q_of(treated, control);
    int as_far = 0;
    for (int deal = 0; deal < 1'000; ++deal) {
      auto t = treated;
      auto c = control;
      for (std::size_t s = 0; s < 3; ++s) {
        std::vector<double> all = t[s];
        all.insert(all.end(), c[s].begin(), c[s].end());
        std::shuffle(all.begin(), all.end(), random);
        std::copy(all.begin(), all.begin() + 60, t[s].begin());
        std::copy(all.begin() + 60, all.end(), c[s].begin());
      }
      as_far += q_of(t, c).q >= seen.q ? 1 : 0;
    }
    EXPECT_NEAR(seen.p.p, as_far / 1'000.0, 0.06) << round;
  }
}

// CUPED in two passes over the visitors, in long double.
TEST(Reference, CupedByTwoPasses) {
  Random random(5);
  std::normal_distribution<double> normal;
  for (int round = 0; round < 100; ++round) {
    std::vector<double> y[2];
    std::vector<double> x[2];
    CovariateArm arms[2];
    for (int a = 0; a < 2; ++a) {
      for (int i = 0; i < 50 + round; ++i) {
        x[a].push_back(std::round(100.0 * normal(random)));
        y[a].push_back(std::round(0.7 * x[a].back() + 50.0 * normal(random) + 10.0 * a));
        arms[a].outcome.add(y[a].back());
        arms[a].covariate.add(y[a].back(), x[a].back());
      }
    }
    const auto mean = [](const std::vector<double>& v) {
      return std::accumulate(v.begin(), v.end(), 0.0L) / static_cast<long double>(v.size());
    };
    long double xy = 0;
    long double xx = 0;
    for (int a = 0; a < 2; ++a) {
      for (std::size_t i = 0; i < x[a].size(); ++i) {
        xy += (x[a][i] - mean(x[a])) * (y[a][i] - mean(y[a]));
        xx += (x[a][i] - mean(x[a])) * (x[a][i] - mean(x[a]));
      }
    }
    const long double theta = xy / xx;
    const CupedArms adjusted = adjust_by_covariate(arms[1], arms[0]).value();
    EXPECT_NEAR(adjusted.theta, static_cast<double>(theta), 1e-10);
    const ArmSummary* found[] = {&adjusted.control, &adjusted.treatment};
    for (int a = 0; a < 2; ++a) {
      std::vector<double> left;
      for (std::size_t i = 0; i < x[a].size(); ++i) {
        left.push_back(y[a][i] - static_cast<double>(theta) * x[a][i]);
      }
      const auto plain = static_cast<double>(two_pass_variance(left));
      EXPECT_NEAR(found[a]->variance, plain, 1e-8 * plain);
    }
  }
}

}  // namespace
}  // namespace tact::stats
