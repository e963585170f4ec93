// JSON's \uXXXX.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace tact::internal {

// The number of the escape \uXXXX at the beginning of `text`, if it is one.
inline std::optional<unsigned> unicode_escape(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
  unsigned unit = 0;
  const char* const end = text.data() + 6;
  const auto read = std::from_chars(text.data() + 2, end, unit, 16);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return unit;
}

}  // namespace tact::internal
