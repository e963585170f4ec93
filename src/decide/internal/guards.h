// The guard chain. Private to decide.
#pragma once

#include <optional>

#include "decide/decide.h"

namespace tact {

// The first guard that stops `moment`, asked in order; nullopt if all let it pass.
std::optional<NotShown> first_block(const Moment& moment, int index, const View& view,
                                    const IntentPicture& picture);

// That the clause asks for a fact which is known and stale, or nullopt.
std::optional<NotShown> stale_block(const Clause& clause, int index, const View& view);

// True if everything the moment asks for is in this page request: it needs no consent.
bool is_contextual(const Moment& moment);

}  // namespace tact
