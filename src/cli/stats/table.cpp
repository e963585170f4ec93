#include "cli/stats/table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

namespace tact::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// `starts`: where in the line each cell begins.
void split(std::string_view line, std::vector<std::string>& into,
           std::vector<std::size_t>& starts) {
  std::string cell;
  bool quoted = false;
  bool was_quoted = false;
  into.clear();
  starts.assign(1, 0);
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
      starts.push_back(i + 1);
    } else {
      cell += c;
    }
  }
  end_cell();
}

std::optional<std::size_t> find_column(const std::vector<std::string>& names,
                                       std::string_view name) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) return std::nullopt;
  return static_cast<std::size_t>(at - names.begin());
}

Result<std::size_t> require_column(const std::vector<std::string>& names, std::string_view name) {
  if (const auto at = find_column(names, name)) return *at;
  std::string have;
  for (const std::string& known : names) have += (have.empty() ? "" : ", ") + known;
  return make_error(ErrorCode::kInvalid, "the header lacks this column; it has " + have,
                    std::string(name));
}

Result<double> number_of(const std::string& text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return make_error(ErrorCode::kInvalid, "must be a finite number");
  }
  return value;
}

std::string at_line(std::size_t line) { return "line " + std::to_string(line); }

}  // namespace

Result<TableRows> TableRows::open(std::istream& in) {
  TableRows rows(in);
  TACT_ASSIGN(const bool any, rows.read_line());
  if (!any) return make_error(ErrorCode::kInvalid, "CSV with a header is expected");
  split(rows.text_, rows.names_, rows.starts_);
  for (const std::string& name : rows.names_) {
    if (std::count(rows.names_.begin(), rows.names_.end(), name) > 1) {
      return make_error(ErrorCode::kInvalid, "the header names a column twice", name);
    }
  }
  return rows;
}

Result<bool> TableRows::read_line() {
  while (std::getline(*in_, text_)) {
    line_ += 1;
    if (text_.size() > kLongestLine) {
      return make_error(ErrorCode::kTooLarge, "the line is too long for a table", at_line(line_));
    }
    if (line_ == 1 && text_.starts_with("\xEF\xBB\xBF")) text_.erase(0, 3);
    if (text_.ends_with('\r')) text_.pop_back();
    if (!trimmed(text_).empty()) return true;
  }
  return false;
}

Result<bool> TableRows::next() {
  TACT_ASSIGN(const bool any, read_line());
  if (!any) return false;
  split(text_, cells_, starts_);
  if (cells_.size() != names_.size()) {
    return make_error(ErrorCode::kInvalid,
                      "the row has " + std::to_string(cells_.size()) +
                          " cells and the header has " + std::to_string(names_.size()),
                      at_line(line_));
  }
  return true;
}

std::optional<std::size_t> TableRows::column(std::string_view name) const {
  return find_column(names_, name);
}

Result<std::size_t> TableRows::require(std::string_view name) const {
  return require_column(names_, name);
}

Result<double> TableRows::number(std::size_t column) const { return number_of(cells_[column]); }

Result<Table> Table::parse(std::string_view text) {
  std::istringstream in{std::string(text)};
  auto rows = TableRows::open(in);
  if (!rows.has_value()) {
    Error error = rows.error();
    if (error.where.empty()) error.message += " on standard input";
    return error;
  }
  Table table;
  table.names_ = rows->names();
  while (true) {
    TACT_ASSIGN(const bool any, rows->next());
    if (!any) return table;
    for (std::size_t column = 0; column < table.names_.size(); ++column) {
      table.cells_.push_back(rows->cell(column));
    }
    table.lines_.push_back(rows->line());
  }
}

std::optional<std::size_t> Table::column(std::string_view name) const {
  return find_column(names_, name);
}

Result<std::size_t> Table::require(std::string_view name) const {
  return require_column(names_, name);
}

Result<double> Table::number(std::size_t row, std::size_t at) const {
  const auto value = number_of(cell(row, at));
  if (!value.has_value()) return wrong(row, at, value.error().message);
  return *value;
}

Error Table::wrong(std::size_t row, std::size_t at, std::string message) const {
  return make_error(ErrorCode::kInvalid, std::move(message),
                    at_line(lines_[row]) + ", " + names_[at]);
}

}  // namespace tact::cli
