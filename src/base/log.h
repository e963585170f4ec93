// Operational messages to stderr. They never contain visitors' data: ids, names, copy, addresses.
#pragma once

#include <string_view>

namespace tact {

enum class LogLevel { kDebug, kInfo, kWarning, kError };
void set_log_level(LogLevel level);
void log_message(LogLevel level, std::string_view message);

inline void log_info(std::string_view message) { log_message(LogLevel::kInfo, message); }
inline void log_warning(std::string_view message) { log_message(LogLevel::kWarning, message); }
inline void log_error(std::string_view message) { log_message(LogLevel::kError, message); }

}  // namespace tact
