#include "serve/internal/response_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace tact::internal {
namespace {

void append_number(std::size_t value, std::string& out) {
  std::array<char, 24> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), end);
}

bool clean_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(),
                      [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool is_token_char(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') || c == '-' ||
         std::string_view("!#$%&'*+.^_`|~").find(c) != std::string_view::npos;
}

bool clean_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), is_token_char) &&
         !iequals(name, "Content-Length") && !iequals(name, "Transfer-Encoding") &&
         !iequals(name, "Connection") && !iequals(name, "Date");
}

void append_status_line(int status, std::string& out) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  append_number(static_cast<std::size_t>(status), out);
  out.append(" ").append(status_reason(status)).append("\r\n");
}

}  // namespace

bool status_has_body(int status) { return status >= 200 && status != 204 && status != 304; }

void append_head(const HttpResponse& response, const Framing& framing, std::string_view date,
                 std::string& out) {
  append_status_line(response.status, out);
  out.append("Date: ").append(date).append("\r\n");
  if (!response.content_type.empty() && clean_value(response.content_type)) {
    out.append("Content-Type: ").append(response.content_type).append("\r\n");
  }
  if (framing.chunked) {
    out += "Transfer-Encoding: chunked\r\n";
  } else if (!framing.until_close && status_has_body(response.status)) {
    out += "Content-Length: ";
    append_number(framing.body_bytes, out);
    out += "\r\n";
  }
  for (const auto& [name, value] : response.headers) {
    if (!clean_name(name) || !clean_value(value)) continue;
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (framing.close) {
    out += "Connection: close\r\n";
  } else if (framing.keep_alive_1_0) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
}

std::string http_date(std::time_t at) {
  static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  gmtime_r(&at, &utc);
  std::array<char, 64> text;
  const int size = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                 kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                                 kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900,
                                 utc.tm_hour, utc.tm_min, utc.tm_sec);
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace tact::internal
