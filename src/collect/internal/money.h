// Amounts as sent → minor units, by the digits of their decimal text: 1.005 is 1.01, although the
// nearest double lies below it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace tact::internal {

inline constexpr std::int64_t kMaxAmount = 1'000'000'000'000;  // in major units

// `value` × 10^digits (Site::minor_digits), rounded half up. nullopt where it is no number (absent,
// null, "free", "1.299,00"): then nothing is known, and nothing is guessed. kInvalid if negative or
// over kMaxAmount; the error's where is member_path(where, key). A number, or text that is one:
// "129.00".
Result<std::optional<std::int64_t>> read_amount(const json::value* value, int digits,
                                                std::string_view where, std::string_view key);

}  // namespace tact::internal
