#include "cli/stats/table.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tact::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

void split(std::string_view line, std::vector<std::string>& into) {
  std::string cell;
  bool quoted = false;
  bool was_quoted = false;
  const auto end_cell = [&] {
    into.emplace_back(was_quoted ? std::string_view(cell) : trimmed(cell));
    cell.clear();
    was_quoted = false;
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < line.size() && line[i + 1] == '"') {
        cell += line[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"' && trimmed(cell).empty()) {
      cell.clear();
      quoted = was_quoted = true;
    } else if (c == ',') {
      end_cell();
    } else {
      cell += c;
    }
  }
  end_cell();
}

}  // namespace

Result<Table> Table::parse(std::string_view text) {
  Table table;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    number += 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (trimmed(line).empty()) continue;
    if (table.names_.empty()) {
      split(line, table.names_);
      continue;
    }
    const std::size_t before = table.cells_.size();
    split(line, table.cells_);
    if (table.cells_.size() - before != table.names_.size()) {
      return make_error(ErrorCode::kInvalid,
                        "the row has " + std::to_string(table.cells_.size() - before) +
                            " cells and the header has " + std::to_string(table.names_.size()),
                        "line " + std::to_string(number));
    }
    table.lines_.push_back(number);
  }
  if (table.names_.empty()) {
    return make_error(ErrorCode::kInvalid, "CSV with a header is expected on standard input");
  }
  for (const std::string& name : table.names_) {
    if (std::count(table.names_.begin(), table.names_.end(), name) > 1) {
      return make_error(ErrorCode::kInvalid, "the header names a column twice", name);
    }
  }
  return table;
}

std::optional<std::size_t> Table::column(std::string_view name) const {
  const auto at = std::find(names_.begin(), names_.end(), name);
  if (at == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(at - names_.begin());
}

Result<std::size_t> Table::require(std::string_view name) const {
  if (const auto at = column(name)) return *at;
  std::string have;
  for (const std::string& known : names_) have += (have.empty() ? "" : ", ") + known;
  return make_error(ErrorCode::kInvalid, "the header lacks this column; it has " + have,
                    std::string(name));
}

Result<double> Table::number(std::size_t row, std::size_t at) const {
  const std::string& text = cell(row, at);
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return wrong(row, at, "must be a finite number");
  }
  return value;
}

Error Table::wrong(std::size_t row, std::size_t at, std::string message) const {
  return make_error(ErrorCode::kInvalid, std::move(message),
                    "line " + std::to_string(lines_[row]) + ", " + names_[at]);
}

}  // namespace tact::cli
