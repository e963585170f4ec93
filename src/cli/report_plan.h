// tact report MOMENT --plan: how long must it run?
#pragma once

#include <string>

namespace tact::cli {

// Exit status. Asks the running server if there is one. `as_of` may be empty: now.
int report_plan(const std::string& data, const std::string& moment, const std::string& as_of,
                bool as_json);

}  // namespace tact::cli
