// Experiments in a decision: who is in which arm, and what that changes. Private to decide.
#pragma once

#include "decide/decide.h"

namespace tact {

// The visitor's part in the experiments on one moment.
struct Part {
  InArm in;                  // index −1: takes part in none
  const Arm* arm = nullptr;  // null = none

  // The moment as this visitor has it.
  const Moment& of(const Moment& as_written) const {
    return arm == nullptr ? as_written : arm->moment;
  }
  bool shows_nothing() const { return arm != nullptr && arm->kind == Arm::Kind::kDefault; }
};

// The first live experiment on `moment` that has the visitor, or none. Without consent always none.
// Cost: one or two hashes for each experiment on the moment.
Part part_in(const Moment& moment, const View& view);

json::array experiments_json(const Decision& decision, const View& view);

}  // namespace tact
