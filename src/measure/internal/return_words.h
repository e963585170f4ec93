// What a return says in words.
#pragma once

#include <string>

#include "measure/findings.h"

namespace tact::internal {

std::string say_return(const Plan& plan, const ReturnFinding& finding);  // a sentence
// "per visitor: value +€0.52 (…), kept +€0.21 (…), cost +€0.05, left over …; return on the cost …"
std::string say_return_parts(const Plan& plan, const ReturnFinding& finding);

}  // namespace tact::internal
