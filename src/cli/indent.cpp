#include "cli/indent.h"

namespace tact::cli {
namespace {

// Behind the string that begins at `from`.
std::size_t string_end(std::string_view text, std::size_t from) {
  std::size_t at = from + 1;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return at + 1;
}

bool is_empty(std::string_view text, std::size_t at) {
  return at + 1 < text.size() && (text[at + 1] == '}' || text[at + 1] == ']');
}

}  // namespace

std::string indented(std::string_view text) {
  std::string out;
  std::size_t depth = 0;
  const auto new_line = [&] { out.append("\n").append(2 * depth, ' '); };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      const std::size_t end = string_end(text, at);
      out += text.substr(at, end - at);
      at = end - 1;
    } else if ((c == '{' || c == '[') && is_empty(text, at)) {
      out += text.substr(at, 2);
      ++at;
    } else if (c == '{' || c == '[') {
      out += c;
      ++depth;
      new_line();
    } else if (c == '}' || c == ']') {
      depth -= depth > 0 ? 1 : 0;
      new_line();
      out += c;
    } else {
      out += c;
      if (c == ':') out += ' ';
      if (c == ',') new_line();
    }
  }
  return out + "\n";
}

}  // namespace tact::cli
