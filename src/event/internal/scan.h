// Finds where the members of a JSON object and the elements of an array begin and end, without
// judging the values: so that one bad event does not cost the others of its batch. O(bytes).
// Limitation: an element whose own brackets or quotes do not balance hides those behind it.
#pragma once

#include <string_view>
#include <vector>

namespace tact::internal {

struct ScannedMember {
  std::string_view key;    // as written between the quotes, escapes not resolved
  std::string_view value;  // as written
};

struct ScannedObject {
  std::vector<ScannedMember> members;
  bool closed = false;    // false: not an object, or it breaks off behind or in the last member
  std::string_view rest;  // behind its last brace or, where it breaks off, behind the last member

  bool complete() const { return closed && rest.empty(); }
};
ScannedObject scan_object(std::string_view text);

struct ScannedArray {
  std::vector<std::string_view> elements;
  bool complete = false;  // false: not an array, or it breaks off behind the last element
  bool too_many = false;  // stopped after max_elements
};
ScannedArray scan_array(std::string_view text, std::size_t max_elements);

}  // namespace tact::internal
