#include "stats/non_inferiority.h"

#include <cmath>

#include "stats/internal/rooms.h"
#include "stats/sequential.h"
#include "stats/t_distribution.h"

namespace tact::stats {
namespace {

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

Status check_guardrail(const Guardrail& guardrail, const ArmSummary& control) {
  TACT_TRY(check_alpha(guardrail.alpha));
  if (!(guardrail.margin > 0.0) || !std::isfinite(guardrail.margin)) {
    return invalid("a margin must be positive");
  }
  if (!guardrail.relative) return ok();
  if (guardrail.margin >= 1.0) return invalid("a relative margin must be below 1");
  if (control.mean == 0.0) return invalid("a relative margin needs a control whose mean is not 0");
  return ok();
}

// Two arms whose difference is the room, an absolute margin aside: turned so that more is better,
// and control less what a relative margin lets it lose.
struct Shifted {
  ArmSummary treatment;
  ArmSummary control;
};

Shifted shift(const ArmSummary& treatment, const ArmSummary& control, const Guardrail& guardrail) {
  Shifted arms{treatment, control};
  if (!guardrail.more_is_better) {
    arms.treatment.mean = -arms.treatment.mean;
    arms.control.mean = -arms.control.mean;
  }
  if (guardrail.relative) {
    const double kept = arms.control.mean > 0.0 ? 1.0 - guardrail.margin : 1.0 + guardrail.margin;
    arms.control.mean *= kept;
    arms.control.variance *= kept * kept;
    arms.control.hidden *= kept * kept;
  }
  return arms;
}

Room room_of(const Interval& interval, const PValue& not_worse, const PValue& worse) {
  Room room;
  room.interval = interval;
  room.p_not_worse = not_worse;
  room.p_worse = worse;
  if (interval.lower > 0.0) room.verdict = GuardrailVerdict::kNotWorse;
  if (interval.upper < 0.0) room.verdict = GuardrailVerdict::kWorse;
  return room;
}

}  // namespace

std::string_view to_string(GuardrailVerdict verdict) {
  switch (verdict) {
    case GuardrailVerdict::kNotWorse:
      return "not worse";
    case GuardrailVerdict::kWorse:
      return "worse";
    case GuardrailVerdict::kCannotTell:
      break;
  }
  return "cannot tell yet";
}

namespace internal {

Result<NonInferiority> rooms_of(const Difference& difference, double units,
                                const Guardrail& guardrail) {
  NonInferiority result;
  result.estimate = difference.estimate + (guardrail.relative ? 0.0 : guardrail.margin);
  result.standard_error = difference.standard_error;
  const double width = t_critical(guardrail.alpha, difference.df) * difference.standard_error;
  const double t = result.estimate / difference.standard_error;
  result.at_this_look = room_of({result.estimate - width, result.estimate + width},
                                t_p_value(t, difference.df, Alternative::kGreater),
                                t_p_value(t, difference.df, Alternative::kLess));
  SequenceOptions options{guardrail.alpha, guardrail.tuning_visitors, Alternative::kGreater};
  TACT_ASSIGN(const auto above,
              sequence_around(result.estimate, result.standard_error, units, options));
  options.alternative = Alternative::kLess;
  TACT_ASSIGN(const auto below,
              sequence_around(result.estimate, result.standard_error, units, options));
  result.at_every_look = room_of({above.interval.lower, below.interval.upper}, above.p, below.p);
  return result;
}

}  // namespace internal

Result<NonInferiority> check_non_inferiority(const ArmSummary& treatment, const ArmSummary& control,
                                             const Guardrail& guardrail) {
  TACT_TRY(check_arm(treatment));
  TACT_TRY(check_arm(control));
  TACT_TRY(check_guardrail(guardrail, control));
  const Shifted arms = shift(treatment, control, guardrail);
  TACT_ASSIGN(const Difference difference, difference_of_means(arms.treatment, arms.control));
  const double visitors = static_cast<double>(treatment.n) + static_cast<double>(control.n);
  return internal::rooms_of(difference, visitors, guardrail);
}

}  // namespace tact::stats
