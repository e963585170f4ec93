// Is this visitor in a segment? Three-valued, as clauses are: a fact that nobody who is believed
// told, that is stale or may not be used is unknown.
#pragma once

#include "intent/clause.h"
#include "profile/facts.h"

namespace tact {

Truth evaluate_segment(const Segment& segment, const View& view);

// The first fact the clause asks for that is known and stale; null fact if there is none.
CustomerValue stale_fact(const Clause& clause, const View& view);

}  // namespace tact
