// One clause, as written → Clause. The closed list of forms is in clause_forms.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "playbook/compile.h"

namespace tact::playbook_internal {

inline constexpr std::size_t kLongestClause = 500;

struct ClauseError {
  std::size_t offset = 0;  // byte in the text
  std::string rule, message, suggestion;
};

// False: `error` is set. The clause's position is left to the caller.
bool parse_clause_text(std::string_view text, const ClauseNames& names, Clause& clause,
                       ClauseError& error);

// Would this text be a clause even if the playbook named nothing? Such ids are ambiguous.
bool is_fixed_clause(std::string_view text);

// A word or pair of words that has its own meaning inside clauses ("then", "and no", a level
// first), found in a spaced id; empty if there is none.
std::string_view reserved_word_in(std::string_view spaced_id);

// Clause::says from the clause's other members (parts first).
std::string say(const Clause& clause, const ClauseNames& names);

}  // namespace tact::playbook_internal
