// Building and printing JSON (Boost.JSON). Reading events is event/parse.h's job.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tact {

namespace json = boost::json;

// Parses one document: depth ≤ 16, no duplicates resolved, kInvalid with the position otherwise.
Result<json::value> parse_json(std::string_view text);
// An object or array is not copied into a value first.
std::string to_string(const json::value& value);
std::string to_string(const json::object& object);
std::string to_string(const json::array& array);
std::string to_pretty_string(const json::value& value);  // two-space indentation, keys in order

// Member `key`, or null: object::if_contains, in a third of the instructions where there are few
// members. Most that are asked for are absent.
template <typename Object>  // json::object or const json::object
auto find_member(Object& object, std::string_view key) -> decltype(object.if_contains(key)) {
  constexpr std::size_t kFew = 16;
  if (object.size() > kFew) return object.if_contains(key);
  for (auto& member : object) {
    if (std::string_view(member.key()) == key) return &member.value();
  }
  return nullptr;
}

// Member `key` of an object as text / number / object; empty, nullopt or null where absent or else.
std::string_view string_at(const json::object& object, std::string_view key);
const json::object* object_at(const json::object& object, std::string_view key);
const json::array* array_at(const json::object& object, std::string_view key);

}  // namespace tact
