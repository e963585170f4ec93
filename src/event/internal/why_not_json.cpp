#include "event/internal/why_not_json.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "event/internal/escape.h"

namespace tact::internal {
namespace {

bool is_between(std::optional<unsigned> unit, unsigned low, unsigned high) {
  return unit && *unit >= low && *unit <= high;
}

// text: from a string's opening quote on. Where the string ends, or the text; `lone`: whether an
// escaped surrogate in it has no other half.
std::size_t skip_string(std::string_view text, bool& lone) {
  std::size_t i = 1;
  while (i < text.size() && text[i] != '"') {
    const std::optional<unsigned> unit = unicode_escape(text.substr(i));
    const bool pair = is_between(unit, 0xD800, 0xDBFF) &&
                      is_between(unicode_escape(text.substr(i + 6)), 0xDC00, 0xDFFF);
    if (!pair && is_between(unit, 0xD800, 0xDFFF)) lone = true;
    i += pair ? 12 : text[i] == '\\' ? 2 : 1;
  }
  return std::min(i + 1, text.size());
}

bool needs_over_64_bits(std::string_view word) {
  const char* const begin = word.data();
  const char* const end = begin + word.size();
  const auto overflows = [&](auto value) {
    const auto read = std::from_chars(begin, end, value);
    return read.ec == std::errc::result_out_of_range && read.ptr == end;
  };
  return word.starts_with('-') ? overflows(std::int64_t{}) : overflows(std::uint64_t{});
}

// word: a value that is no string, object or array.
std::string why_not(std::string_view word) {
  if (needs_over_64_bits(word)) return "an integer that needs more than 64 bits";
  for (const std::string_view name : {"NaN", "Infinity", "-Infinity"}) {
    if (word == name) return std::string(name) + " is not JSON";
  }
  return {};
}

}  // namespace

std::string why_not_json(std::string_view text) {
  constexpr std::string_view kBetween = ",:[]{} \t\r\n";
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '"') {
      bool lone = false;
      i += skip_string(text.substr(i), lone);
      if (lone) return std::string(kLoneSurrogate);
    } else if (kBetween.find(text[i]) != std::string_view::npos) {
      ++i;
    } else {
      const std::size_t end = text.find_first_of(",:[]{} \t\r\n\"", i);
      const std::string_view word = text.substr(i, end - i);
      if (std::string why = why_not(word); !why.empty()) return why;
      i += word.size();
    }
  }
  return {};
}

}  // namespace tact::internal
