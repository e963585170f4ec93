#include "table.h"

#include <cstdio>
#include <fstream>
#include <set>

namespace tact::calibration {
namespace {

constexpr std::string_view kBegin = "<!-- estimators -->", kEnd = "<!-- /estimators -->";
constexpr const char* kHead =
    "| world | method | runs | gate passed | share | ± | target | passed |\n"
    "|---|---|---|---|---|---|---|---|\n";

std::pair<std::string, std::string> kind_and_name(const std::string& world) {
  const std::size_t colon = world.find(": ");
  return {world.substr(0, colon), world.substr(colon + 2)};
}

std::string line_of(const Row& row) {
  char numbers[128];
  std::snprintf(numbers, sizeof numbers, "%lld | %.1f %% | %.2f %% | %.2f | ",
                static_cast<long long>(row.runs), 100 * row.gate, 100 * row.share, 100 * row.error);
  const std::string no = row.known.empty() ? "**no**" : "**no**: " + row.known;
  const std::string passed = !row.target.judged ? "–" : row.passed ? "yes" : no;
  return "| " + kind_and_name(row.world).second + " | " + row.method + " | " + numbers +
         row.target.words + " | " + passed + " |\n";
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::size_t at = 2;
  for (std::size_t end = line.find(" |", at); end != std::string::npos; end = line.find(" |", at)) {
    cells.push_back(line.substr(at, end - at));
    at = std::min(end + 3, line.size());
  }
  return cells;
}

std::string key(const std::string& world, const std::string& method, const std::string& target) {
  return world + " | " + method + " | " + target;
}

std::set<std::string> rows_in(const std::string& document) {
  std::set<std::string> rows;
  std::ifstream file(document);
  std::string kind;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == kBegin || line == kEnd) inside = line == kBegin;
    if (!inside) continue;
    if (line.starts_with("### ")) kind = line.substr(4);
    if (!line.starts_with("| ") || line.starts_with("| world |")) continue;
    const std::vector<std::string> cells = cells_of(line);
    rows.insert(cells.size() < 8 ? line : key(kind + ": " + cells[0], cells[1], cells[6]));
  }
  return rows;
}

bool tell(const std::set<std::string>& these, const std::set<std::string>& those, const char* how) {
  bool none = true;
  for (const std::string& row : these) {
    if (those.contains(row)) continue;
    std::fprintf(stderr, "%s: %s\n", how, row.c_str());
    none = false;
  }
  return none;
}

}  // namespace

std::string to_markdown(const std::vector<Row>& rows) {
  std::string out;
  std::string last;
  for (const Row& row : rows) {
    const std::string kind = kind_and_name(row.world).first;
    if (kind != last) out += (last.empty() ? "### " : "\n### ") + kind + "\n" + kHead;
    last = kind;
    out += line_of(row);
  }
  return out;
}

bool same_rows(const std::vector<World>& worlds, const std::string& document) {
  std::set<std::string> ours;
  for (const World& world : worlds) {
    for (const Method& method : world.methods)
      ours.insert(key(world.name, method.name, method.target.words));
  }
  const std::set<std::string> theirs = rows_in(document);
  const bool all = tell(ours, theirs, "not in the document (make calibration)");
  return tell(theirs, ours, "in the document, but not calibrated (make calibration)") && all;
}

}  // namespace tact::calibration
