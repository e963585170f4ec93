// Does an event belong to a signal or a goal?
#pragma once

#include "event/event.h"
#include "playbook/playbook.h"

namespace tact {

// Builtins are no events: never true for them (fold_signals.cpp raises them).
bool matches(const Seen& seen, const Event& event);
// The same with the signal's `where:`. A page signal that asks for seconds or scroll depth is told
// by the event of leaving the page, any other by that of viewing it.
bool matches(const Signal& signal, const Event& event);
// `where:` over the event's typed fields and properties; a missing field makes a comparison false.
bool holds(const Expression& where, const Event& event);

}  // namespace tact
