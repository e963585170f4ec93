// What lifetime value says in words.
#pragma once

#include <string>
#include <vector>

#include "measure/findings.h"

namespace tact::internal {

void put_lifetime_words(const Plan& plan, LifetimeFinding& finding);  // `says` and `assumes`
// "shown: €12.10 of €8.00 observed and …" for each arm, treatments first; empty without figures.
std::vector<std::string> say_lifetime_arms(const Findings& report);

}  // namespace tact::internal
