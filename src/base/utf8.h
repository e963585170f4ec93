// Is it UTF-8? What people and programs send may be anything.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tact {

// Where the first byte stands that is no UTF-8 (RFC 3629: no overlong form, no surrogate); npos if
// none does. O(size).
std::size_t find_bad_utf8(std::string_view text);

// `text` with U+FFFD for each such byte: what is answered is UTF-8, whatever was given.
std::string as_utf8(std::string_view text);

}  // namespace tact
