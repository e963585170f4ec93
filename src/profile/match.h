// Does an event belong to a signal or a goal?
#pragma once

#include <optional>

#include "event/event.h"
#include "playbook/playbook.h"

namespace tact {

// Builtins are no events: never true for them (fold_signals.cpp raises them).
bool matches(const Seen& seen, const Event& event);
// The same with the signal's `where:`. A page signal that asks for seconds or scroll depth is told
// by the event of leaving the page, any other by that of viewing it.
bool matches(const Signal& signal, const Event& event);
// The comparison of one field's value with what the playbook wrote. Text never equals a number.
bool compare(Expression::Op op, const Literal& value, const Literal& wanted);
// Of one JSON scalar as text, such as FactValue::value; nullopt for anything else.
std::optional<Literal> literal_of(std::string_view json_scalar);
// `where:` over the event's typed fields and properties; a missing field makes a comparison false.
bool holds(const Expression& where, const Event& event);

}  // namespace tact
