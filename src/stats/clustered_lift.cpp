#include "stats/clustered_lift.h"

#include <algorithm>
#include <cmath>

#include "stats/internal/rooms.h"
#include "stats/t_distribution.h"

namespace tact::stats {
namespace {

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

// With u = treatment - b control, b its regression on control, u and control are uncorrelated, and
// treatment - r control = u - (r - b) control: the lift of u, moved by b.
Result<LiftSet> invert(const ClusteredMeans& means, double critical) {
  if (means.control == 0.0) return LiftSet{};
  const double slope =
      means.control_variance > 0.0 ? means.covariance / means.control_variance : 0.0;
  const double rest = means.treatment_variance - slope * means.covariance;
  // As arms of two, whose mean varies by half of what one varies by.
  const ArmSummary free{2, means.treatment - slope * means.control, 2.0 * std::max(0.0, rest)};
  const ArmSummary control{2, means.control, 2.0 * means.control_variance};
  TACT_ASSIGN(LiftSet set, lift_by_inversion(free, control, critical));
  const double moved = means.control > 0.0 ? slope : -slope;
  set.estimate = (means.treatment - means.control) / std::fabs(means.control);
  set.ends.lower += moved;
  set.ends.upper += moved;
  return set;
}

Status check_guardrail(const Guardrail& guardrail, const ClusteredMeans& means) {
  TACT_TRY(check_alpha(guardrail.alpha));
  if (!(guardrail.margin > 0.0) || !std::isfinite(guardrail.margin)) {
    return invalid("a margin must be positive");
  }
  if (!guardrail.relative) return ok();
  if (guardrail.margin >= 1.0) return invalid("a relative margin must be below 1");
  if (means.control == 0.0) return invalid("a relative margin needs a control whose mean is not 0");
  return ok();
}

ClusteredMeans turned(ClusteredMeans means, bool more_is_better) {
  if (more_is_better) return means;
  means.treatment = -means.treatment;
  means.control = -means.control;
  return means;
}

}  // namespace

Result<LiftSet> fieller_clustered(const ClusterSums& sums, double alpha) {
  TACT_TRY(check_alpha(alpha));
  TACT_ASSIGN(const ClusteredMeans means, clustered_means(sums));
  TACT_ASSIGN(const Difference plain, clustered_contrast(means, 1.0));
  return invert(means, t_critical(alpha / 2.0, plain.df));
}

Result<LiftSet> sequential_clustered_lift(const ClusterSums& sums, const SequenceOptions& options) {
  if (options.alternative != Alternative::kTwoSided) {
    return invalid("the lift's sequence is two-sided");
  }
  TACT_ASSIGN(const ClusteredMeans means, clustered_means(sums));
  const auto plain = clustered_contrast(means, 1.0);
  if (!plain.has_value()) return plain.error();
  TACT_ASSIGN(const double critical, sequence_critical(means.clusters, options));
  return invert(means, critical);
}

Result<NonInferiority> check_clustered_non_inferiority(const ClusterSums& sums,
                                                       const Guardrail& guardrail) {
  TACT_ASSIGN(const ClusteredMeans found, clustered_means(sums));
  TACT_TRY(check_guardrail(guardrail, found));
  const ClusteredMeans means = turned(found, guardrail.more_is_better);
  const double lost = means.control > 0.0 ? -guardrail.margin : guardrail.margin;
  TACT_ASSIGN(const Difference room,
              clustered_contrast(means, guardrail.relative ? 1.0 + lost : 1.0));
  return internal::rooms_of(room, means.clusters, guardrail);
}

}  // namespace tact::stats
