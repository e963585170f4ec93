// Which part of a damaged JSON document may belong elsewhere than its brackets say: a member of the
// whole then looks like one of an inner object, or of none.
#pragma once

#include <string_view>

namespace tact::internal {

// text: an object, damaged or cut off. From the first sign on that a bracket or a quote is missing
// or one too many; empty where brackets and quotes fit to the end of the text. A cut is no such
// sign: before it everything is where it seems. Sure of one bracket or quote missing, added or
// changed; of more it may find the sign too late. O(bytes).
std::string_view misplaced_part(std::string_view text);

// Whether `word` (ASCII) stands anywhere in `text`, its letters as they are or as \uXXXX. O(bytes).
bool mentions(std::string_view text, std::string_view word);

}  // namespace tact::internal
