// Who gets the credit for an outcome: the messages shown before it, by the usual rules. What they
// credit is not what they caused; reports put it beside the effect for that reason.
//
// The touches of an outcome are the messages really shown (not held back, not reported as unseen)
// before it, within the goal's window, since the order before it: a message led to one order, not
// to all that follow, and an order without a new message is nobody's. Rules, as web analytics has
// them: last touch (GoalTally::attributed): all to the last; linear: to each alike; position-based:
// 40 % to the first, 40 % to the last, the rest to those between, alike. Shares are whole
// millionths, and those of one outcome add up to exactly one, so that all rules credit the same
// outcomes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tact {

inline constexpr std::uint32_t kWholeOutcome = 1'000'000;

// Of the i-th of n touches, the oldest first; i < n. What does not divide goes to the earliest
// ones, of `position` to the earliest between.
std::uint32_t linear_share(std::size_t i, std::size_t n);
std::uint32_t position_share(std::size_t i, std::size_t n);

}  // namespace tact
