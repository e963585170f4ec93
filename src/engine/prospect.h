// What a moment would have met, had it begun some weeks ago: from the log, to plan before it runs.
//
// Everybody who was asked about its slot is folded again up to each question, and it is decided as
// if the moment were live. Who would have met it first when is its pace, and what they did within
// the goal's time is the history of its outcome. What it would have changed is in neither.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "engine/playbooks.h"
#include "stats/moments.h"
#include "store/store.h"

namespace tact {

struct Prospect {
  std::string moment, slot;
  std::string goal;  // the moment's primary one
  Duration within{};
  double hold_back = 0.0;           // planned
  Time from{};                      // the first day, UTC
  std::vector<std::int64_t> daily;  // who first met it, by day; whole weeks if there are some
  std::int64_t met = 0;             // the sum of them
  std::int64_t asked = 0;           // visitors asked about its slot in these days
  stats::SampleMoments outcomes;    // goals reached, of those met whose time for it is over
};

// Of the last whole weeks that hold 28 days and the goal's time, less where the log is younger.
// kNotFound: no such moment; kInvalid: one that cannot be planned (an idea, a service, no goal,
// nobody held back); kCorrupt; kUnavailable once asked to stop. O(records of all visitors who were
// asked), memory O(they).
Result<Prospect> look_back(const Store& store, const PlaybookState& state, std::string_view moment,
                           Time now, const std::stop_token& stop = {});

// Of two arms, 80 % power, alpha 5 %, and the smallest effect worth caring about: 10 % of what
// happens anyway. Figures are rounded to two digits.
struct ProspectPlan {
  // A week, 50 visitors whose time is over, 10 of them with the goal; else `says` alone.
  bool enough = false;
  double per_day = 0.0, rate = 0.0, worthwhile = 0.0;  // the latter two per visitor
  // From the start; absent: not within ten years. `gate`: each arm has 50 with the goal.
  std::optional<int> gate, one_look, every_day;
  std::string says;
};
Result<ProspectPlan> plan_of(const Prospect& prospect);

// Visitors in fifties, rounded down.
json::object to_json(const Prospect& prospect, const ProspectPlan& plan);

}  // namespace tact
