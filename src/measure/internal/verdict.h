// From numbers to verdicts.
#pragma once

#include "measure/findings.h"

namespace tact::internal {

// Reads metrics, ratio and guardrails; sets verdicts, verdict, hypothesis.held and smallest_effect.
// `blocked`: something is wrong with the arms.
void judge(Findings& report, bool blocked);

}  // namespace tact::internal
