// Is a clause true of this visitor, here and now? Three-valued: what is not known is unknown.
#pragma once

#include <cstdint>

#include "playbook/playbook.h"
#include "profile/view.h"

namespace tact {

enum class Truth : std::uint8_t { kFalse, kTrue, kUnknown };
std::string_view to_string(Truth truth);

constexpr Truth truth_of(bool value) { return value ? Truth::kTrue : Truth::kFalse; }

// How often and when last something a clause counts was seen; zero for clauses that count nothing.
struct Tally {
  int count = 0;
  Time last{};
};

struct IntentPicture;

// Evaluates one clause. `picture` may be null while intents themselves are being inferred (their
// evidence names no intents). Without consent, what is about the visitor is unknown and what is
// about the page request is not.
Truth evaluate(const Clause& clause, const View& view, const IntentPicture* picture);

// What evaluate() counted for a signal or category clause.
Tally tally(const Clause& clause, const View& view);

// Of a clause that is true: did this visit add to what makes it so? What the visitor did or looked
// at in it, or how they came here; not circumstances (time, weather, device), what is known of
// them, that they came back, nor what only a message can bring about, which the held-back are not
// shown. O(signals).
bool is_of_this_visit(const Clause& clause, const View& view);

// True if the clause looks at nothing but this page request (page, campaign, daypart, weather, …).
bool is_contextual(const Clause& clause);

}  // namespace tact
