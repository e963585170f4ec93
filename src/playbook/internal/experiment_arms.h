// The arms of an experiment, for compile_experiments.cpp.
#pragma once

#include <string>

#include "playbook/internal/compiler.h"

namespace tact::playbook_internal {

// Fills plan.arms. `moment` is the experiment's; null where it is unknown, or the experiment has
// ended and nothing it names need be there any more: then names are not looked up.
void compile_arms(Compiler& c, const YamlNode* node, const Moment* moment, ExperimentPlan& plan);

// Fills the arms' weights: `evenly`, or a share for each.
void compile_split(Compiler& c, const YamlNode* node, std::vector<Arm>& arms);

// Of the moment's name, the arms as written and their weights: others are another experiment.
std::uint64_t definition_of(const ExperimentPlan& plan, const YamlNode* arms);

std::string say_percent(std::int32_t ppm);  // 12.5%

}  // namespace tact::playbook_internal
