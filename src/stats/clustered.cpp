#include "stats/clustered.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/t_distribution.h"

namespace tact::stats {
namespace {

using Arm = ClusterSums::Arm;

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

void add_to(Arm& arm, const ClusterArm& cluster) {
  if (cluster.visitors == 0) return;
  const auto m = static_cast<double>(cluster.visitors);
  arm.clusters += 1;
  arm.visitors += cluster.visitors;
  arm.sum += cluster.sum;
  arm.size_squares += m * m;
  arm.size_cubes += m * m * m;
  arm.size_fourths += (m * m) * (m * m);
  arm.sum_squares += cluster.sum * cluster.sum;
  arm.product_sum += m * cluster.sum;
  arm.visitor_squares += cluster.sum_squares;
}

void add_to(Arm& arm, const Arm& other) {
  arm.clusters += other.clusters;
  arm.visitors += other.visitors;
  arm.sum += other.sum;
  arm.size_squares += other.size_squares;
  arm.size_cubes += other.size_cubes;
  arm.size_fourths += other.size_fourths;
  arm.sum_squares += other.sum_squares;
  arm.product_sum += other.product_sum;
  arm.visitor_squares += other.visitor_squares;
}

// Slack for sums that were rounded on their way.
constexpr double kRounding = 1e-9;

bool exceeds(double a, double b) { return a > b * (1.0 + kRounding); }

Status check_clusters(const Arm& arm) {
  if (arm.clusters < 0 || arm.visitors < 0) return invalid("a count is negative");
  if (arm.visitors < arm.clusters) return invalid("a cluster without visitors was counted");
  for (const double sum : {arm.sum, arm.size_squares, arm.size_cubes, arm.size_fourths,
                           arm.sum_squares, arm.product_sum, arm.visitor_squares}) {
    if (!std::isfinite(sum)) return invalid("a sum over clusters is not finite");
  }
  const auto clusters = static_cast<double>(arm.clusters);
  const auto visitors = static_cast<double>(arm.visitors);
  if (arm.sum_squares < 0.0 || arm.visitor_squares < 0.0 ||
      (arm.visitor_squares > 0.0 && exceeds(arm.sum * arm.sum, visitors * arm.visitor_squares)) ||
      exceeds(arm.size_squares * arm.size_squares, visitors * arm.size_cubes) ||
      exceeds(visitors * visitors, clusters * arm.size_squares) ||
      exceeds(arm.size_squares * arm.size_squares, clusters * arm.size_fourths) ||
      exceeds(arm.sum * arm.sum, clusters * arm.sum_squares) ||
      exceeds(std::fabs(arm.product_sum),
              std::sqrt(arm.size_squares) * std::sqrt(arm.sum_squares))) {
    return invalid("no clusters have these sums");
  }
  return ok();
}

// What a visitor's outcome varies by on its own, and with the others of the cluster.
struct Components {
  double within = 0.0;
  double between = 1.0;
};

// From the pairs of visitors of one cluster: sum of x_i x_j over them is sum y^2 - sum x^2.
Components components(const Arm& arm) {
  const auto visitors = static_cast<double>(arm.visitors);
  const double pairs = arm.size_squares - visitors;
  if (!(pairs > 0.0)) return {1.0, 0.0};  // clusters of one
  if (arm.visitor_squares == 0.0) return {};
  const double mean = arm.sum / visitors;
  const double together = (arm.sum_squares - arm.visitor_squares) -
                          2.0 * mean * (arm.product_sum - arm.sum) + mean * mean * pairs;
  const double variance = std::max(0.0, arm.visitor_squares / visitors - mean * mean);
  const double between = std::clamp(together / pairs, 0.0, variance);
  if (!(variance > 0.0)) return {};
  return {(variance - between) / variance, between / variance};
}

double effective_clusters(const Arm& arm) {
  if (arm.clusters == 0) return 0.0;
  const auto [within, between] = components(arm);
  const double sum = within * static_cast<double>(arm.visitors) + between * arm.size_squares;
  const double squares = within * within * arm.size_squares +
                         2.0 * within * between * arm.size_cubes +
                         between * between * arm.size_fourths;
  return std::min(static_cast<double>(arm.clusters), sum * (sum / squares));
}

// Sum over the arm's clusters of (y - mean m)^2, times G / (G - 1), over visitors^2: the variance
// of the arm's mean.
double variance_of_mean(const Arm& arm) {
  const auto visitors = static_cast<double>(arm.visitors);
  const auto clusters = static_cast<double>(arm.clusters);
  const double mean = arm.sum / visitors;
  const double most = arm.sum_squares + mean * mean * arm.size_squares;
  double squares = (arm.sum_squares - mean * arm.product_sum) +
                   mean * (mean * arm.size_squares - arm.product_sum);
  // What that many additions may have rounded cannot be told from no variance.
  if (squares <= clusters * std::numeric_limits<double>::epsilon() * most) squares = 0.0;
  return squares / visitors / visitors * (clusters / (clusters - 1.0));
}

// Of the arms' means: sum over clusters in both of (y - mean m)(y' - mean' m') over both counts.
double covariance(const ClusterSums& sums, double treatment_mean, double control_mean) {
  const double product = sums.sum_sum + treatment_mean * control_mean * sums.size_size;
  const double crossed = treatment_mean * sums.size_sum + control_mean * sums.sum_size;
  return (product - crossed) / (static_cast<double>(sums.treatment.visitors) *
                                static_cast<double>(sums.control.visitors));
}

Status check_both(const ClusterSums& sums) {
  TACT_TRY(check_clusters(sums.treatment));
  TACT_TRY(check_clusters(sums.control));
  const auto in_both = static_cast<double>(sums.clusters_in_both);
  if (sums.clusters_in_both < 0 ||
      sums.clusters_in_both > std::min(sums.treatment.clusters, sums.control.clusters)) {
    return invalid("more clusters in both arms than in one of them, or a negative number");
  }
  for (const double product : {sums.size_size, sums.sum_sum, sums.size_sum, sums.sum_size}) {
    if (!std::isfinite(product)) return invalid("a sum over clusters is not finite");
    if (in_both == 0.0 && product != 0.0)
      return invalid("a product without a cluster in both arms");
  }
  return ok();
}

}  // namespace

ClusterArm& ClusterArm::operator+=(const ClusterArm& other) {
  visitors += other.visitors;
  sum += other.sum;
  sum_squares += other.sum_squares;
  return *this;
}

void ClusterSums::add(const ClusterArm& in_treatment, const ClusterArm& in_control) {
  add_to(treatment, in_treatment);
  add_to(control, in_control);
  if (in_treatment.visitors == 0 || in_control.visitors == 0) return;
  const auto m = static_cast<double>(in_treatment.visitors);
  const auto k = static_cast<double>(in_control.visitors);
  clusters_in_both += 1;
  size_size += m * k;
  sum_sum += in_treatment.sum * in_control.sum;
  size_sum += m * in_control.sum;
  sum_size += in_treatment.sum * k;
}

ClusterSums& ClusterSums::operator+=(const ClusterSums& other) {
  add_to(treatment, other.treatment);
  add_to(control, other.control);
  clusters_in_both += other.clusters_in_both;
  size_size += other.size_size;
  sum_sum += other.sum_sum;
  size_sum += other.size_sum;
  sum_size += other.sum_size;
  return *this;
}

Result<ClusteredMeans> clustered_means(const ClusterSums& sums) {
  TACT_TRY(check_both(sums));
  ClusteredMeans means;
  means.effective_treatment = effective_clusters(sums.treatment);
  means.effective_control = effective_clusters(sums.control);
  if (!(means.effective_treatment >= kFewestClusters) ||
      !(means.effective_control >= kFewestClusters)) {
    return invalid(
        "not enough data yet: fewer than 5 clusters, or so unequal in size that they count as "
        "fewer");
  }
  means.treatment = sums.treatment.sum / static_cast<double>(sums.treatment.visitors);
  means.control = sums.control.sum / static_cast<double>(sums.control.visitors);
  means.treatment_variance = variance_of_mean(sums.treatment);
  means.control_variance = variance_of_mean(sums.control);
  means.covariance = covariance(sums, means.treatment, means.control);
  means.clusters = static_cast<double>(sums.treatment.clusters) +
                   static_cast<double>(sums.control.clusters) -
                   static_cast<double>(sums.clusters_in_both);
  return means;
}

Result<Difference> clustered_contrast(const ClusteredMeans& means, double factor) {
  const double a = means.treatment_variance;
  const double b = factor * factor * means.control_variance;
  Difference difference;
  difference.estimate = means.treatment - factor * means.control;
  const double together = (a + b) - 2.0 * (factor * means.covariance);
  if (!std::isfinite(together)) return invalid("the sums are out of a double's range");
  if (!(together > 1e-12 * (a + b)))
    return invalid("clusters do not vary, or none have these sums");
  difference.standard_error = std::sqrt(together);
  // Welch-Satterthwaite with the effective clusters of each arm.
  const double larger = std::max(a, b);
  const double ra = a / larger;
  const double rb = b / larger;
  difference.df =
      (ra + rb) * (ra + rb) /
      (ra * ra / (means.effective_treatment - 1.0) + rb * rb / (means.effective_control - 1.0));
  return difference;
}

Result<ClusteredDifference> clustered_difference(const ClusterSums& sums, double alpha,
                                                 Alternative alternative) {
  TACT_TRY(check_alpha(alpha));
  TACT_ASSIGN(const ClusteredMeans means, clustered_means(sums));
  TACT_ASSIGN(const Difference found, clustered_contrast(means, 1.0));
  ClusteredDifference result{found, means.effective_treatment, means.effective_control};
  Difference& d = result.difference;
  const double tail = alternative == Alternative::kTwoSided ? alpha / 2.0 : alpha;
  d.interval = interval_around(d.estimate, t_critical(tail, d.df) * d.standard_error, alternative);
  d.p = t_p_value(d.estimate / d.standard_error, d.df, alternative);
  return result;
}

Result<SequentialDifference> sequential_clustered(const ClusterSums& sums,
                                                  const SequenceOptions& options) {
  TACT_ASSIGN(const ClusteredMeans means, clustered_means(sums));
  TACT_ASSIGN(const Difference found, clustered_contrast(means, 1.0));
  return sequence_around(found.estimate, found.standard_error, means.clusters, options);
}

}  // namespace tact::stats
