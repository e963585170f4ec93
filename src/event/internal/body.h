// Request bodies as clients really send them → the JSON text in them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace tact::internal {

// JSON (also behind a byte order mark) comes back as it is, whatever the Content-Type said.
// Otherwise the body is form-urlencoded: `data=` (or `payload=`, `batch=`) with JSON or BASE64 of
// JSON, or the JSON text itself percent-encoded. kInvalid if no JSON object is found.
Result<std::string> json_of_body(std::string_view body);

}  // namespace tact::internal
