// JSON as it came from a server, for people to read.
#pragma once

#include <string>
#include <string_view>

namespace tact::cli {

// Laid out as to_pretty_string() does, every number as it is written: to parse and print it again
// may change its last digit. `text`: one JSON document without spaces between its parts.
std::string indented(std::string_view text);

}  // namespace tact::cli
