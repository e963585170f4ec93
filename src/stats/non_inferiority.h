// Guardrails: is the treatment *not worse* than control by more than a margin that one can live
// with? "No significant difference" does not answer that; it is what too little data always says.
// Source: Schuirmann (1987), one half of the two one-sided tests; relative margins as a linear
// contrast, so that the baseline's uncertainty counts; always-valid by sequential.h.
#pragma once

#include <optional>
#include <string_view>

#include "stats/inference.h"
#include "stats/moments.h"

namespace tact::stats {

struct Guardrail {
  double margin = 0.0;         // > 0; in the outcome's unit, or if relative a fraction of |control|
  bool relative = false;       // then < 1 and control's mean must not be 0
  bool more_is_better = true;  // false: complaints, returns, unsubscribes
  double alpha = 0.05;         // of each of the two one-sided tests, in (0, 0.5)
  double tuning_visitors = 5000.0;  // N* of sequential.h
};

enum class GuardrailVerdict {
  kNotWorse,    // worse by less than the margin, if at all
  kWorse,       // worse by more than the margin
  kCannotTell,  // yet
};
std::string_view to_string(GuardrailVerdict verdict);  // "not worse", "worse", "cannot tell yet"

// Of the room left: treatment - control in the good direction, plus the margin. Above 0 the
// treatment is not worse. For a relative margin its sign is known where the lift's is not.
struct Room {
  GuardrailVerdict verdict = GuardrailVerdict::kCannotTell;
  Interval interval;   // each end one-sided at level 1 - alpha; > 0: not worse, < 0: worse
  PValue p_not_worse;  // of "worse by the margin or more"; < alpha exactly when not worse
  PValue p_worse;      // of "worse by the margin at most"; < alpha exactly when worse
};

struct NonInferiority {
  double estimate = 0.0;        // of the room
  double standard_error = 0.0;  // > 0
  Room at_this_look;            // for one look at a fixed time (Welch)
  Room at_every_look;           // wrong at any look at all with probability <= alpha
};

// Ask the gate first: before it, kCannotTell is the only honest verdict. Changing the sign of the
// outcome and more_is_better gives the same bits. kInvalid: as welch_difference, a margin that is
// not positive and finite (or >= 1, relative), a relative margin with a control of mean 0. O(1).
Result<NonInferiority> check_non_inferiority(const ArmSummary& treatment, const ArmSummary& control,
                                             const Guardrail& guardrail);

}  // namespace tact::stats
