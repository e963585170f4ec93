// What a user agent text tells, as coarse as Tact keeps it.
#pragma once

#include <string>
#include <string_view>

#include "event/event.h"

namespace tact::internal {

struct UserAgent {
  std::string family;  // "Chrome"; a program's own name; empty if nothing is known
  std::string major;   // "131"
  std::string os;      // "Windows", "macOS", "iOS", "Android", "ChromeOS", "Linux"
  Device device = Device::kUnknown;

  std::string reduced() const;  // "Chrome/131 (Windows)"
};
UserAgent parse_user_agent(std::string_view text);

}  // namespace tact::internal
