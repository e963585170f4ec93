#include "collect/internal/text.h"

#include <algorithm>

namespace tact::internal {
namespace {

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string percent_decoded(std::string_view text, bool plus_is_space) {
  const auto is_coded = [=](char c) { return c == '%' || (plus_is_space && c == '+'); };
  if (std::none_of(text.begin(), text.end(), is_coded)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
        hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string lower(std::string_view ascii) {
  std::string out(ascii);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string cut(std::string_view utf8, std::size_t bytes) {
  if (utf8.size() <= bytes) return std::string(utf8);
  while (bytes > 0 && (static_cast<unsigned char>(utf8[bytes]) & 0xC0) == 0x80) --bytes;
  return std::string(utf8.substr(0, bytes));
}

std::string member_path(std::string_view where, std::string_view key) {
  return where.empty() ? std::string(key) : std::string(where) + "." + std::string(key);
}

std::optional<std::string> text_or_integer(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_int64() || value.is_uint64()) return to_string(value);
  return std::nullopt;
}

namespace {

void add_level(std::string_view level, std::string& path) {
  level = trim(level);
  if (level.empty()) return;
  if (!path.empty()) path += '/';
  path += level;
}

void add_levels(std::string_view text, std::string& path) {
  while (true) {
    const std::size_t end = text.find_first_of("/>");
    add_level(text.substr(0, end), path);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string category_of(const json::value& value) {
  std::string path;
  if (const auto* levels = value.if_array()) {
    for (const json::value& level : *levels) {
      if (const auto text = text_or_integer(level)) add_level(*text, path);
    }
  } else if (const auto text = text_or_integer(value)) {
    add_levels(*text, path);
  }
  return path;
}

}  // namespace tact::internal
