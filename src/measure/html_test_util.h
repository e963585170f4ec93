// For this module's tests only: is it sound HTML?
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace tact {

// Opened and closed in order, attributes quoted, no bare "<" or "&": the first problem, or "".
inline std::string first_html_problem(const std::string& html) {
  std::vector<std::string> open;
  for (std::size_t at = 0; at < html.size(); ++at) {
    if (html[at] == '&' && html.find(';', at) > at + 6) return "bare & at " + html.substr(at, 40);
    if (html[at] == '>') return "bare > at " + html.substr(at, 40);
    if (html[at] != '<') continue;
    const std::size_t end = html.find('>', at);
    if (end == std::string::npos) return "unclosed tag " + html.substr(at, 40);
    const std::string tag = html.substr(at + 1, end - at - 1);
    at = end;
    const std::string name = tag.substr(0, tag.find_first_of(" /", 1));
    if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) return "quotes in " + tag;
    if (tag[0] == '!' || name == "meta" || tag.back() == '/') continue;
    if (tag[0] == '/') {
      if (open.empty() || "/" + open.back() != tag) return "unexpected " + tag;
      open.pop_back();
      continue;
    }
    open.push_back(name);
    if (name == "style") at = html.find("</style", at) - 1;
  }
  return open.empty() ? "" : "never closed: " + open.back();
}

}  // namespace tact
