// Small values as a marketer writes them. Each parser takes the whole text; the error's message
// says what is wrong, and its `where` holds the suggestion.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "playbook/playbook.h"

namespace tact::playbook_internal {

Result<Probability> parse_percent(std::string_view text);  // "12.5%"
Result<Frequency> parse_frequency(std::string_view text);  // "1 per visit, 3 per week, 6 ever"
Result<Rest> parse_rest(std::string_view text);            // "14d after 2 ignored"
Result<Duration> parse_length(std::string_view text);      // "2d", 1 s to 3 years
Result<Duration> parse_fading(std::string_view text);      // "half in 2d"
// "0.05 per visitor, 4.50 per order", of a currency with so many digits behind the point.
Result<Costs> parse_costs(std::string_view text, int minor_digits);
struct Weight {
  Points points;
  bool decisive = false;
};
Result<Weight> parse_weight(std::string_view text);  // "strong", "1.5"
struct MinuteRange {
  int from = 0, to = 0;
};
Result<MinuteRange> parse_minutes(std::string_view text);  // "06:00 to 11:00"

// A number with at most `decimals` digits behind the point, times 10^decimals. Empty if it is not
// one or its absolute value is over 10^9.
std::optional<std::int64_t> parse_decimal(std::string_view text, int decimals);

std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);

}  // namespace tact::playbook_internal
