// Record ⇄ bytes. Format and a worked example: docs/formats/record.md.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "event/event.h"

namespace tact {

// Codec 1. Deterministic: equal records give equal bytes.
std::string encode_record(const Record& record);

// Decodes every codec ever written. kCorrupt if the checksum at the end does not match or a field
// does not parse; never reads out of bounds. Unknown fields of a later minor version are skipped.
Result<Record> decode_record(std::string_view bytes);

}  // namespace tact
