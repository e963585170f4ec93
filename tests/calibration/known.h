// What is known to miss its target, and why, in a word that docs/calibration.md explains. The list
// only shrinks: a row that meets its target must leave it.
#pragma once

#include <string>

namespace tact::calibration {

// Empty: it must meet its target.
std::string why_missed(const std::string& world, const std::string& method);

}  // namespace tact::calibration
