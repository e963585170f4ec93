#include "stats/non_inferiority.h"

#include <cmath>

#include "stats/sequential.h"
#include "stats/welch.h"

namespace tact::stats {
namespace {

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

Status check_guardrail(const Guardrail& guardrail, const ArmSummary& control) {
  if (!(guardrail.margin > 0.0) || !std::isfinite(guardrail.margin)) {
    return invalid("a margin must be positive");
  }
  if (!guardrail.relative) return ok();
  if (guardrail.margin >= 1.0) return invalid("a relative margin must be below 1");
  if (control.mean == 0.0) return invalid("a relative margin needs a control whose mean is not 0");
  return ok();
}

// Two arms whose difference is the room: turned so that more is better, and control less what the
// margin lets it lose.
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
  } else {
    arms.control.mean -= guardrail.margin;
  }
  return arms;
}

// From the tests against "room <= 0" and "room >= 0".
template <typename OneSided>
Room room_of(const OneSided& above, const OneSided& below) {
  Room room;
  room.interval = Interval{above.interval.lower, below.interval.upper};
  room.p_not_worse = above.p;
  room.p_worse = below.p;
  if (room.interval.lower > 0.0) room.verdict = GuardrailVerdict::kNotWorse;
  if (room.interval.upper < 0.0) room.verdict = GuardrailVerdict::kWorse;
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

Result<NonInferiority> check_non_inferiority(const ArmSummary& treatment, const ArmSummary& control,
                                             const Guardrail& guardrail) {
  TACT_TRY(check_arm(treatment));
  TACT_TRY(check_arm(control));
  TACT_TRY(check_guardrail(guardrail, control));
  const Shifted arms = shift(treatment, control, guardrail);
  NonInferiority result;
  {
    TACT_ASSIGN(const Difference above, welch_difference(arms.treatment, arms.control,
                                                         guardrail.alpha, Alternative::kGreater));
    TACT_ASSIGN(const Difference below, welch_difference(arms.treatment, arms.control,
                                                         guardrail.alpha, Alternative::kLess));
    result.estimate = above.estimate;
    result.standard_error = above.standard_error;
    result.at_this_look = room_of(above, below);
  }
  SequenceOptions options{guardrail.alpha, guardrail.tuning_visitors, Alternative::kGreater};
  TACT_ASSIGN(const SequentialDifference above,
              sequential_difference(arms.treatment, arms.control, options));
  options.alternative = Alternative::kLess;
  TACT_ASSIGN(const SequentialDifference below,
              sequential_difference(arms.treatment, arms.control, options));
  result.at_every_look = room_of(above, below);
  return result;
}

}  // namespace tact::stats
