#include "cli/stats/table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

#include "base/utf8.h"

namespace tact::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

struct WrongQuote {
  std::size_t at;  // of the line
  const char* message;
};

// `starts`: where in the line each cell begins; of a line with a wrong quote those up to it.
std::optional<WrongQuote> split(std::string_view line, std::vector<std::string>& into,
                                std::vector<std::size_t>& starts) {
  enum class In { kText, kQuotes, kClosed } in = In::kText;
  std::string cell;
  std::size_t opened = 0;
  into.clear();
  starts.assign(1, 0);
  const auto end_cell = [&] {
    into.emplace_back(in == In::kClosed ? std::string_view(cell) : trimmed(cell));
    cell.clear();
    in = In::kText;
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in == In::kQuotes) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < line.size() && line[i + 1] == '"') {
        cell += line[++i];
      } else {
        in = In::kClosed;
      }
    } else if (c == ',') {
      end_cell();
      starts.push_back(i + 1);
    } else if (in == In::kClosed) {
      if (c == ' ' || c == '\t') continue;
      return WrongQuote{i, "text follows a closing quote: double each quote that is in a cell"};
    } else if (c == '"' && trimmed(cell).empty()) {
      cell.clear();
      in = In::kQuotes;
      opened = i;
    } else {
      cell += c;
    }
  }
  if (in == In::kQuotes) {
    return WrongQuote{opened, "this quote is not closed on its line: a cell holds no line end"};
  }
  end_cell();
  return std::nullopt;
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

Result<TableRows> TableRows::open(std::istream& in, std::string file) {
  TableRows rows(in, std::move(file));
  TACT_ASSIGN(const bool any, rows.read_line());
  if (!any) {
    return make_error(ErrorCode::kInvalid, "CSV with a header is expected",
                      rows.file_.empty() ? "" : rows.file_ + ":1:1");
  }
  TACT_TRY(rows.split_line());
  rows.names_.swap(rows.cells_);
  for (const std::string& name : rows.names_) {
    if (std::count(rows.names_.begin(), rows.names_.end(), name) == 1) continue;
    const std::string message = "the header names a column twice";
    if (rows.file_.empty()) return make_error(ErrorCode::kInvalid, message, name);
    return rows.wrong_line(ErrorCode::kInvalid, message + ": " + name);
  }
  return rows;
}

Error TableRows::wrong_line(ErrorCode code, std::string message) const {
  return make_error(code, std::move(message),
                    file_.empty() ? at_line(line_) : file_ + ":" + std::to_string(line_) + ":1");
}

Error TableRows::wrong_byte(std::size_t at, std::string message) const {
  std::string where;
  if (file_.empty()) {
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), at);
    const auto column = static_cast<std::size_t>(after - starts_.begin());  // from 1
    where = at_line(line_) + ", ";
    where += column <= names_.size() ? names_[column - 1] : "column " + std::to_string(column);
  } else {
    where = file_ + ":" + std::to_string(line_) + ":" + std::to_string(at + 1);
  }
  return make_error(ErrorCode::kInvalid, std::move(message), std::move(where));
}

Status TableRows::split_line() {
  const auto quote = split(text_, cells_, starts_);
  if (const std::size_t bad = find_bad_utf8(text_); bad != std::string_view::npos) {
    return wrong_byte(bad, "this is not UTF-8 text: save the table as UTF-8");
  }
  if (quote) return wrong_byte(quote->at, quote->message);
  return ok();
}

Result<bool> TableRows::read_line() {
  while (std::getline(*in_, text_)) {
    line_ += 1;
    if (text_.size() > kLongestLine) {
      return wrong_line(ErrorCode::kTooLarge, "the line is too long for a table");
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
  TACT_TRY(split_line());
  if (cells_.size() != names_.size()) {
    return wrong_line(ErrorCode::kInvalid, "the row has " + std::to_string(cells_.size()) +
                                               " cells and the header has " +
                                               std::to_string(names_.size()));
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
