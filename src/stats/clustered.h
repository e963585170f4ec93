// Visitors who are not independent of each other: colleagues of one account, customers of one
// store. The cluster is the unit, whether the draw was by visitor (a cluster may be in both arms)
// or by cluster.
// Sources: Liang & Zeger (1986) for the variance, which assumes nothing of how clusters hang
// together; Satterthwaite (1946) and Carter, Schnepel & Steigerwald (2017) for clusters of unequal
// size, which count as fewer; Karlin, Cameron & Williams (1981) for the intra-class correlation.
#pragma once

#include <cstdint>

#include "stats/sequential.h"
#include "stats/welch.h"

namespace tact::stats {

// One cluster in one arm: all its visitors, from all partitions added up *before* it goes into
// ClusterSums.
struct ClusterArm {
  std::int64_t visitors = 0;
  double sum = 0.0;          // of the outcome
  double sum_squares = 0.0;  // of its squares, visitor by visitor; 0 where unknown: then clusters
                             // count as fewest
  ClusterArm& operator+=(const ClusterArm& other);
};

// Sums over clusters. Merging is + of each member; the parts must have no cluster in common.
// Bit for bit associative for whole sums below 2^53.
struct ClusterSums {
  struct Arm {
    std::int64_t clusters = 0;  // with a visitor in this arm
    std::int64_t visitors = 0;
    double sum = 0.0;              // of y, the cluster's outcomes in this arm
    double size_squares = 0.0;     // of m^2, m the cluster's visitors in this arm
    double size_cubes = 0.0;       // of m^3
    double size_fourths = 0.0;     // of m^4
    double sum_squares = 0.0;      // of y^2
    double product_sum = 0.0;      // of m y
    double visitor_squares = 0.0;  // ClusterArm::sum_squares
    friend bool operator==(const Arm&, const Arm&) = default;
  };
  Arm treatment;
  Arm control;
  std::int64_t clusters_in_both = 0;
  // Over clusters in both arms, products of treatment's with control's.
  double size_size = 0.0;  // m m'
  double sum_sum = 0.0;    // y y'
  double size_sum = 0.0;   // m (treatment) y (control)
  double sum_size = 0.0;   // y (treatment) m (control)

  // One cluster; without a visitor in either arm it is not counted. Sums must be finite. O(1).
  void add(const ClusterArm& in_treatment, const ClusterArm& in_control);
  ClusterSums& operator+=(const ClusterSums& other);
  friend bool operator==(const ClusterSums&, const ClusterSums&) = default;
};

// Fewer effective clusters than that in an arm, and there is no result.
inline constexpr double kFewestClusters = 5.0;

// What the sums say before any distribution enters: both arms' means per visitor, and how they vary
// together over clusters.
struct ClusteredMeans {
  double treatment = 0.0, control = 0.0;
  double treatment_variance = 0.0, control_variance = 0.0;  // of the means
  double covariance = 0.0;  // of the two means, from clusters in both arms
  double effective_treatment = 0.0, effective_control = 0.0;  // clusters, as below
  double clusters = 0.0;                                      // different ones, both arms
};

// kInvalid: fewer than kFewestClusters effective clusters in an arm ("not enough data yet"), or
// sums that no clusters can have. O(1).
Result<ClusteredMeans> clustered_means(const ClusterSums& sums);

// treatment - factor * control: estimate, standard error, and Welch-Satterthwaite's df with the
// effective clusters of each arm; interval and p are left open. kInvalid: the difference does not
// vary between clusters, or is out of range.
Result<Difference> clustered_contrast(const ClusteredMeans& means, double factor);

struct ClusteredDifference {
  Difference difference;  // of outcomes per visitor; df from the clusters
  // As many clusters of equal size would say as much of the variance: (sum c)^2 / sum c^2, where a
  // cluster of m visitors contributes c = within * m + between * m^2. At most the number there is.
  double effective_clusters_treatment = 0.0;
  double effective_clusters_control = 0.0;
};

// At one fixed time. Swapping the arms (and kGreater with kLess) flips signs bit for bit.
// kInvalid: fewer than kFewestClusters effective clusters in an arm ("not enough data yet"),
// alpha outside (0, 0.5), sums that no clusters can have, or no variance between clusters. O(1).
Result<ClusteredDifference> clustered_difference(const ClusterSums& sums, double alpha = 0.05,
                                                 Alternative alternative = Alternative::kTwoSided);

// For looking every day. Time is counted in clusters: options.tuning_visitors is a number of
// clusters of both arms together. Asymptotic in clusters, so keep to 50 and more in each arm.
// Errors as above.
Result<SequentialDifference> sequential_clustered(const ClusterSums& sums,
                                                  const SequenceOptions& options);

}  // namespace tact::stats
