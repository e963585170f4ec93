#include "stats/moments.h"

#include <cmath>
#include <limits>

namespace tact::stats {
namespace {

constexpr double kExactBelow = 9007199254740992.0;  // 2^53: whole doubles below it have no gaps

bool is_exact(double sum) { return std::fabs(sum) < kExactBelow && std::trunc(sum) == sum; }

// a * b - c * c, with the rounding errors of both products recovered by fma (Dekker, Kahan).
double product_minus_square(double a, double b, double c) {
  const double p = a * b;
  const double q = c * c;
  return (p - q) + (std::fma(a, b, -p) - std::fma(c, c, -q));
}

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

// The rounding that n additions may have left in n * sum_squares or sum^2.
double rounding_of(const SampleMoments& m) {
  if (is_exact(m.sum) && is_exact(m.sum_squares)) return 0.0;
  const auto n = static_cast<double>(m.n);
  return n * std::numeric_limits<double>::epsilon() * n * m.sum_squares;
}

Status check_moments(const SampleMoments& m) {
  if (m.n < 0 || m.nonzero < 0) return invalid("a count is negative");
  if (m.nonzero > m.n) return invalid("more visitors with an outcome than visitors");
  if (!std::isfinite(m.sum) || !std::isfinite(m.sum_squares)) {
    return invalid("a sum is not finite");
  }
  if (m.sum_squares < 0.0) return invalid("the sum of squares is negative");
  if (m.nonzero == 0 && (m.sum != 0.0 || m.sum_squares != 0.0)) {
    return invalid("a sum without a visitor who has a non-zero outcome");
  }
  if (m.nonzero > 0 && m.sum_squares == 0.0) {
    return invalid("non-zero outcomes whose squares add up to zero");
  }
  const double slack = product_minus_square(static_cast<double>(m.nonzero), m.sum_squares, m.sum);
  if (!std::isfinite(slack)) return invalid("the sums overflow when squared");
  if (slack < -rounding_of(m)) {
    return invalid("sum^2 exceeds nonzero * sum_squares: no sample has these sums");
  }
  return ok();
}

}  // namespace

void SampleMoments::add(double x) {
  n += 1;
  sum += x;
  sum_squares += x * x;
  nonzero += x != 0.0 ? 1 : 0;
}

SampleMoments& SampleMoments::operator+=(const SampleMoments& other) {
  n += other.n;
  sum += other.sum;
  sum_squares += other.sum_squares;
  nonzero += other.nonzero;
  return *this;
}

Result<ArmSummary> summarize(const SampleMoments& moments, OutcomeKind kind) {
  TACT_TRY(check_moments(moments));
  if (moments.n < 2) return invalid("fewer than two visitors have no variance");
  const auto n = static_cast<double>(moments.n);
  if (kind == OutcomeKind::kProportion) {
    const auto hits = static_cast<double>(moments.nonzero);
    if (moments.sum != hits || moments.sum_squares != hits) {
      return invalid("a proportion needs outcomes of 0 or 1");
    }
    const double misses = n - hits;
    return ArmSummary{moments.n, hits / n, (hits / n) * (misses / n)};
  }
  const double spread = product_minus_square(n, moments.sum_squares, moments.sum);
  const double rounding = rounding_of(moments);
  const bool seen = spread > rounding;
  const double variance = (seen ? spread : rounding) / n / (n - 1.0);
  return ArmSummary{moments.n, moments.sum / n, seen ? variance : 0.0, seen ? 0.0 : variance};
}

Status check_arm(const ArmSummary& arm) {
  if (arm.n < 2) return invalid("an arm needs at least two visitors");
  if (!std::isfinite(arm.mean) || !std::isfinite(arm.variance) || arm.variance < 0.0) {
    return invalid("an arm's mean or variance is not a finite number, or the variance is negative");
  }
  return ok();
}

}  // namespace tact::stats
