#include "base/result.h"

namespace tact {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
      return "invalid";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kUnauthorized:
      return "unauthorized";
    case ErrorCode::kForbidden:
      return "forbidden";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kTooLarge:
      return "too_large";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kCorrupt:
      return "corrupt";
    case ErrorCode::kExpired:
      return "expired";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

std::string Error::to_text() const { return where.empty() ? message : where + ": " + message; }

}  // namespace tact
