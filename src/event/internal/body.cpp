#include "event/internal/body.h"

#include <array>
#include <optional>

namespace tact::internal {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// application/x-www-form-urlencoded: "+" is a space, a broken % sequence stays as it is.
std::string form_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
               hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  // A "+" that a client did not percent-encode arrives as a space.
  if (c == '+' || c == '-' || c == ' ') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

std::optional<std::string> base64_decoded(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const int digit = base64_digit(c);
    if (digit < 0) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> held & 0xFF);
  }
  return out;
}

bool starts_object(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

std::optional<std::string_view> form_value(std::string_view form, std::string_view name) {
  while (!form.empty()) {
    const std::string_view pair = form.substr(0, form.find('&'));
    form.remove_prefix(std::min(form.size(), pair.size() + 1));
    if (pair.substr(0, pair.find('=')) == name && pair.size() > name.size()) {
      return pair.substr(name.size() + 1);
    }
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> json_of_body(std::string_view body) {
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  if (starts_object(body)) return std::string(body);
  for (const std::string_view name : {"data", "payload", "batch"}) {
    const std::optional<std::string_view> value = form_value(body, name);
    if (!value) continue;
    std::string text = form_decoded(*value);
    if (starts_object(text)) return text;
    if (auto decoded = base64_decoded(text); decoded && starts_object(*decoded)) return *decoded;
  }
  std::string text = form_decoded(body);
  if (!starts_object(text)) {
    return make_error(ErrorCode::kInvalid, "the body is not a JSON object");
  }
  // A form with the JSON as its one name: "%7B…%7D=".
  if (text.ends_with("}=")) text.pop_back();
  return text;
}

}  // namespace tact::internal
