// What simdjson's error codes do not tell: why a text is not taken as JSON.
#pragma once

#include <string>
#include <string_view>

namespace tact::internal {

inline constexpr std::string_view kLoneSurrogate = "a lone surrogate in a string";

// For texts that were refused already; the first of a lone surrogate (\ud800), an integer over 64
// bits, and NaN or Infinity, in words; empty where there is none of them. O(bytes).
std::string why_not_json(std::string_view text);

}  // namespace tact::internal
