// Small readings of JSON members and texts that several files need.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace tact::internal {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// %XX undone; what is no escape stays.
std::string percent_decoded(std::string_view text, bool plus_is_space);

std::string lower(std::string_view ascii);
std::string_view trim(std::string_view text);

// The first `bytes` bytes at most, never half a character.
std::string cut(std::string_view utf8, std::size_t bytes);

// "properties.price", or the key alone where `where` is empty: how errors name a member.
std::string member_path(std::string_view where, std::string_view key);

// A string, or an integer as its digits; nullopt for anything else.
std::optional<std::string> text_or_integer(const json::value& value);

// ["shoes","trail"], "shoes/trail" or "shoes > trail" → "shoes/trail".
std::string category_of(const json::value& value);

}  // namespace tact::internal
