#include "stats/ratio.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/internal/centered.h"

namespace tact::stats {
namespace {

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

}  // namespace

void SecondSums::add(double y, double z) {
  sum += z;
  sum_squares += z * z;
  product_sum += y * z;
}

SecondSums& SecondSums::operator+=(const SecondSums& other) {
  sum += other.sum;
  sum_squares += other.sum_squares;
  product_sum += other.product_sum;
  return *this;
}

Result<CenteredSums> centered_sums(const SampleMoments& y, const SecondSums& z) {
  TACT_ASSIGN(const ArmSummary first, summarize(y, OutcomeKind::kMean));
  if (!std::isfinite(z.product_sum)) return invalid("a sum of products is not finite");
  const std::int64_t nonzero = z.sum == 0.0 && z.sum_squares == 0.0 ? 0 : y.n;
  TACT_ASSIGN(const ArmSummary second,
              summarize({y.n, z.sum, z.sum_squares, nonzero}, OutcomeKind::kMean));
  const auto n = static_cast<double>(y.n);
  const double scale = std::sqrt(y.sum_squares) * std::sqrt(z.sum_squares);
  CenteredSums sums{first.variance * (n - 1.0), second.variance * (n - 1.0),
                    internal::centered_product(n, z.product_sum, y.sum, z.sum, scale)};
  const double most = std::sqrt(sums.yy) * std::sqrt(sums.zz);
  const double slack = 1e-9 * most + 4.0 * n * std::numeric_limits<double>::epsilon() * scale;
  if (!(std::fabs(sums.yz) <= most + slack)) {
    return invalid("the sum of products is larger than any sample with these squares has");
  }
  sums.yz = std::clamp(sums.yz, -most, most);
  return sums;
}

Result<ArmSummary> summarize_ratio(const SampleMoments& numerator, const SecondSums& denominator) {
  TACT_ASSIGN(const CenteredSums sums, centered_sums(numerator, denominator));
  if (!(denominator.sum > 0.0)) return invalid("the sum of the denominators must be positive");
  const auto n = static_cast<double>(numerator.n);
  const double ratio = numerator.sum / denominator.sum;
  const double per_visitor = denominator.sum / n;
  // Of y - R z. Never below 0 by Cauchy-Schwarz, but for rounding.
  const double whole = sums.yy + ratio * ratio * sums.zz;
  double spread = (sums.yy - ratio * sums.yz) + ratio * (ratio * sums.zz - sums.yz);
  if (spread <= 8.0 * std::numeric_limits<double>::epsilon() * whole) spread = 0.0;
  ArmSummary arm{numerator.n, ratio, spread / (n - 1.0) / per_visitor / per_visitor};
  TACT_TRY(check_arm(arm));
  return arm;
}

}  // namespace tact::stats
