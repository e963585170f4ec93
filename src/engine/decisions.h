// Decisions of a moment as a table for off-policy evaluation (`tact stats ope`): what was done,
// with what probability, what was known, and what came of it.
//
// One row a visitor: the decision that made the visitor part of the moment's comparison. Later ones
// are part of what came of it, and no reward would be counted twice. Who was held back is in the
// table, too: nothing was shown, and that had a probability, so that a policy may choose whom to
// show it. Two kinds of visitors are left out because their choice had other chances: the
// universally held out, and who took part in an A/B experiment on the moment.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "engine/playbooks.h"
#include "store/store.h"

namespace tact {

struct DecisionsAsked {
  std::string moment;
  std::string goal;                 // of the moment's; empty: its primary one
  bool money = false;               // reward is the goal's money, not how often it was reached
  Time now{};                       // decisions whose time for the goal is not over are left out
  std::optional<Time> from, until;  // of the decision; in [from, until)
  std::stop_token stop;             // once asked: kUnavailable
};

struct DecisionTable {
  // RFC 4180 with a header. No id of a visitor, a day and a part of it, and in the order of the
  // lines, which tells nothing of who they are. Rows are of single persons all the same.
  std::string csv;
  std::uint64_t rows = 0;
  // Left out: the goal's time is not over; personalization or analytics refused since; in an A/B
  // experiment on the moment; the decision is no longer in the log.
  std::uint64_t open = 0, withdrew = 0, in_experiment = 0, not_in_log = 0;
};

// kNotFound: the playbook in use has no such moment, it has no hold-back (a service), or does not
// count the goal; kInvalid: the goal has no money; kCorrupt: a row or record that cannot be read.
// O(rows of the moment × a visitor's records before the decision), memory O(rows).
Result<DecisionTable> decision_table(const Store& store, const Playbooks& playbooks,
                                     const DecisionsAsked& asked);

// What was written and left out, one sentence.
std::string say_left_out(const DecisionTable& table);

}  // namespace tact
