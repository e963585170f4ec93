// The known name a mistyped one probably meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tact::playbook_internal {

inline constexpr int kFar = 1'000;

// Damerau-Levenshtein distance (optimal string alignment: a swap of neighbours costs 1). Texts over
// 64 bytes count as infinitely far from everything but themselves.
// One of `limit` or more may be told as any number not below it, which is quicker.
int edit_distance(std::string_view a, std::string_view b, int limit = kFar);

// The nearest of `known`, if it is near enough to be a slip of the finger (a third of the length);
// the first of equals. Empty otherwise.
std::string nearest(std::string_view written, const std::vector<std::string>& known);

// "did you mean “x”?", or the list of `known` if it is short, or nothing.
std::string did_you_mean(std::string_view written, const std::vector<std::string>& known);

}  // namespace tact::playbook_internal
