// Moments that visitors were shown and that have no report any more: taken out of the playbook, or
// with another direction. Their effect is in that of everything together.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "playbook/playbook.h"
#include "profile/experiments.h"
#include "store/store.h"

namespace tact::internal {

// Names, each once, in alphabetical order: of the hold-backs the book knows beside the playbook's
// that watch the same goals as its universal holdout and have a row of facts. Errors of the scan.
// One seek for each experiment.
Result<std::vector<std::string>> moments_gone(const Store& store, const ExperimentBook& book,
                                              const Playbook& current);

}  // namespace tact::internal
