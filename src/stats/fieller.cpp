#include "stats/fieller.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/internal/ratio_set.h"
#include "stats/t_distribution.h"
#include "stats/welch.h"

namespace tact::stats {
namespace internal {

LiftSet solve(const Quadratic& s) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  LiftSet set;
  if (s.a == 0.0) {
    if (s.b == 0.0) return set;
    set.shape = LiftShape::kHalfLine;
    const double end = s.c / (2.0 * s.b);
    if (s.b > 0.0) {
      set.ends = Interval{end, kInfinity};
    } else {
      set.ends = Interval{-kInfinity, end};
    }
    return set;
  }
  if (s.quarter_discriminant < 0.0 || (s.a < 0.0 && s.quarter_discriminant == 0.0)) {
    return set;  // only for a < 0: every ratio is accepted
  }
  // The root of larger modulus first, the other from the product of the roots: no cancellation.
  const double half = s.b + std::copysign(std::sqrt(s.quarter_discriminant), s.b);
  const double first = half / s.a;
  const double second = half == 0.0 ? 0.0 : s.c / half;
  set.shape = s.a > 0.0 ? LiftShape::kBounded : LiftShape::kExclusive;
  set.ends = Interval{std::min(first, second), std::max(first, second)};
  return set;
}

}  // namespace internal

namespace {

using internal::Quadratic;

// With t = T^2 etc. measured in standard errors of their own arm to keep the numbers near 1.
Quadratic fieller_quadratic(const ArmSummary& treatment, const ArmSummary& control, double q) {
  double qt = q * std::sqrt(treatment.variance_of_mean_beside(control));
  double qc = q * std::sqrt(control.variance_of_mean_beside(treatment));
  double mt = treatment.mean;
  double mc = control.mean;
  // Only ratios matter: by a power of two, which changes no digit, so that no square overflows.
  int exponent = 0;
  std::frexp(std::max({qt, qc, std::fabs(mt), std::fabs(mc)}), &exponent);
  for (double* x : {&qt, &qc, &mt, &mc}) *x = std::ldexp(*x, -exponent);
  Quadratic s;
  // Factored differences of squares: no cancellation beyond that of the means themselves.
  s.a = (std::fabs(mc) - qc) * (std::fabs(mc) + qc);
  s.b = mt * mc;
  s.c = (std::fabs(mt) - qt) * (std::fabs(mt) + qt);
  // b^2 - a c = mc^2 qt^2 + qc^2 (mt^2 - qt^2) = mt^2 qc^2 + qt^2 (mc^2 - qc^2); the first form
  // adds two non-negative terms when c >= 0, the second when a >= 0.
  if (s.c >= 0.0) {
    s.quarter_discriminant = mc * mc * qt * qt + qc * qc * s.c;
  } else {
    s.quarter_discriminant = mt * mt * qc * qc + qt * qt * s.a;
  }
  return s;
}

}  // namespace

bool LiftSet::contains(double lift) const {
  switch (shape) {
    case LiftShape::kBounded:
    case LiftShape::kHalfLine:
      return ends.contains(lift);
    case LiftShape::kExclusive:
      return lift <= ends.lower || lift >= ends.upper;
    case LiftShape::kWholeLine:
      return true;
  }
  return true;
}

Result<LiftSet> lift_by_inversion(const ArmSummary& treatment, const ArmSummary& control,
                                  double critical) {
  TACT_ASSIGN(const Difference difference, difference_of_means(treatment, control));
  if (!(critical > 0.0) || !std::isfinite(critical)) {
    return make_error(ErrorCode::kInvalid, "a critical value must be positive and finite");
  }
  if (control.mean == 0.0) return LiftSet{};  // no sign to measure by: honest, if useless
  LiftSet set = internal::solve(fieller_quadratic(treatment, control, critical));
  // lift = sign(control) * (ratio - 1)
  const double baseline = std::fabs(control.mean);
  set.estimate = difference.estimate / baseline;
  set.ends.lower -= 1.0;
  set.ends.upper -= 1.0;
  if (control.mean < 0.0) set.ends = Interval{-set.ends.upper, -set.ends.lower};
  return set;
}

Result<LiftSet> fieller_lift(const ArmSummary& treatment, const ArmSummary& control, double alpha) {
  TACT_TRY(check_alpha(alpha));
  TACT_ASSIGN(const Difference difference, difference_of_means(treatment, control));
  return lift_by_inversion(treatment, control, t_critical(alpha / 2.0, difference.df));
}

}  // namespace tact::stats
