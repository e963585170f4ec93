// Long work that may be told to stop: it takes a std::stop_token, whose default never asks to, and
// looks at it often enough to end within about a second, mostly at once.
#pragma once

#include <stop_token>

#include "base/result.h"

namespace tact {

// kUnavailable once it was asked to stop.
inline Status check_not_stopped(const std::stop_token& stop) {
  if (!stop.stop_requested()) return ok();
  return make_error(ErrorCode::kUnavailable, "stopped before the end");
}

}  // namespace tact
