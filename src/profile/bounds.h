// How large a profile may be, and what goes first when it would be larger.
#pragma once

#include <cstddef>

#include "profile/derived.h"

namespace tact {

inline constexpr std::size_t kMaxProfileBytes = 112 * 1024;  // of Profile::encode()

// At least as much as profile.encode() takes. O(items).
std::size_t most_bytes(const Profile& profile);

// While the profile may take more than kMaxProfileBytes, the first list that is above its share
// loses its least recent item (README.md: the lists, their order and their shares). All shares and
// all that is never dropped fit together, as long as texts are as long as collect lets them be.
// Details of exposures are never dropped: a row of `facts` that lost them would leave the figures
// that counted it, and the reports before and after would tell of that one visitor.
void keep_in_bounds(Profile& profile);

}  // namespace tact
