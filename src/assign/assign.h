// Who gets what by chance, and always the same: GrowthBook's hash version 2, drawn from the
// visitor's bucket id (the first external id, kept for ever). Pure functions.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/fixed.h"
#include "playbook/playbook.h"

namespace tact {

// 0 … 9999: fnv1a32(str(fnv1a32(seed + id))) % 10000 over UTF-16 code units.
std::uint32_t bucket_of(std::string_view seed, std::string_view id);

// True for the share `hold_back` of ids, independently per seed.
bool held_out(std::string_view seed, std::string_view id, Probability hold_back);
inline constexpr std::string_view kUniversalSeed = "universal";

// Which of n equally likely arms; 0 for n ≤ 1.
int split_evenly(std::string_view seed, std::string_view id, int n);

// The arm of `plan` this id is in, as an index into plan.arms; -1 = takes no part. Who takes part
// is drawn once for a layer, so that parts that do not overlap share nobody; the arm is drawn for
// the experiment alone. Neither depends on any other experiment. Shares count in 1 / 10,000.
// Precondition: the arms' weights add up to 100 %.
int arm_of(const ExperimentPlan& plan, std::string_view id);

}  // namespace tact
