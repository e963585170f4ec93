#include "collect/delimited.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <exception>

#include "collect/internal/text.h"

namespace tact {
namespace {

constexpr int kEnd = std::istream::traits_type::eof();

std::optional<std::size_t> column_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number == 0) return std::nullopt;
  return number;
}

std::optional<json::value> number_of(std::string_view text) {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  std::int64_t whole = 0;
  if (const auto [at, error] = std::from_chars(begin, end, whole);
      error == std::errc{} && at == end) {
    return json::value(whole);
  }
  double real = 0;
  const auto [at, error] = std::from_chars(begin, end, real, std::chars_format::general);
  // "nan" and "inf" are no JSON.
  if (error != std::errc{} || at != end || !(real > -1e300 && real < 1e300)) return std::nullopt;
  return json::value(real);
}

std::optional<Time> time_of(std::string_view text, TimeFormat format) {
  if (format == TimeFormat::kYearMonthDay) {
    if (text.size() != 8) return std::nullopt;
    const std::string day(text);
    return parse_time(day.substr(0, 4) + "-" + day.substr(4, 2) + "-" + day.substr(6, 2));
  }
  if (format == TimeFormat::kIso) return parse_time(text);
  const std::optional<json::value> number = number_of(text);
  if (!number) return std::nullopt;
  const double unit = format == TimeFormat::kUnixSeconds ? 1000 : 1;
  const double ms =
      (number->is_double() ? number->get_double() : static_cast<double>(number->get_int64())) *
      unit;
  if (!(ms >= 0 && ms < 7'258'118'400'000.0)) return std::nullopt;  // to 2200, as parse_time
  return time_from_ms(std::llround(ms));
}

// object["a"]["b"] = value for "a.b".
void set_member(json::object& object, std::string_view path, json::value value) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) {
    object[path] = std::move(value);
    return;
  }
  json::value& inner = object[path.substr(0, dot)];
  set_member(inner.is_object() ? inner.get_object() : inner.emplace_object(), path.substr(dot + 1),
             std::move(value));
}

std::vector<std::string> split_blanks(std::string_view line) {
  std::vector<std::string> cells;
  while (true) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return cells;
    const std::size_t end = std::min(line.find_first_of(" \t", begin), line.size());
    cells.emplace_back(line.substr(begin, end - begin));
    line.remove_prefix(end);
  }
}

}  // namespace

DelimitedReader::DelimitedReader(std::istream& in, ColumnMap map, std::string file)
    : in_(in), map_(std::move(map)), file_(std::move(file)) {
  for (const int byte : {0xEF, 0xBB, 0xBF}) {  // a byte order mark
    if (in_.rdbuf()->sgetc() != byte) break;
    in_.rdbuf()->sbumpc();
  }
}

Error DelimitedReader::error_at(ErrorCode code, std::string message, std::size_t cell) const {
  std::string where = file_ + ":" + std::to_string(row_line_);
  if (cell > 0) where += ":" + std::to_string(cell);
  return make_error(code, std::move(message), std::move(where));
}

// The next character; CR LF counts as LF.
int DelimitedReader::get() {
  std::streambuf& buffer = *in_.rdbuf();
  int c = buffer.sbumpc();
  if (c == '\r' && buffer.sgetc() == '\n') c = buffer.sbumpc();
  if (c == '\n') ++next_line_;
  if (c != kEnd) ++row_bytes_;
  return c;
}

void DelimitedReader::skip_line() {
  for (int c = get(); c != kEnd && c != '\n';) c = get();
}

// The rest of a quoted cell, behind its opening quote; true if the cell ends the row.
Result<bool> DelimitedReader::read_quoted(std::string& cell) {
  while (row_bytes_ <= kMaxRowBytes) {
    int c = get();
    if (c == kEnd) return make_error(ErrorCode::kInvalid, "a quoted cell does not end");
    if (c != '"') {
      cell += static_cast<char>(c);
      continue;
    }
    c = get();
    if (c == '"') {
      cell += '"';
    } else if (c == kEnd || c == '\n') {
      return true;
    } else if (c == map_.separator) {
      return false;
    } else {
      skip_line();
      return make_error(ErrorCode::kInvalid, "text behind a closing quote");
    }
  }
  skip_line();
  return make_error(ErrorCode::kTooLarge, "a row over 64 KB");
}

// The cells of one row, nullopt at the end of the file. After an error the row is read past.
Result<std::optional<DelimitedReader::Row>> DelimitedReader::read_cells() {
  Row row;
  std::string cell;
  row_line_ = next_line_;
  row_bytes_ = 0;
  while (true) {
    const int c = get();
    if (c == kEnd && row_bytes_ == 0) return std::optional<Row>();
    if (c == kEnd || c == '\n') {
      row.push_back(std::move(cell));
      return std::optional<Row>(std::move(row));
    }
    if (row_bytes_ > kMaxRowBytes || row.size() >= kMaxColumns) {
      skip_line();
      return error_at(ErrorCode::kTooLarge, "a row over 64 KB or 1,000 columns", row.size() + 1);
    }
    if (c == map_.separator && c != ' ') {
      row.push_back(std::move(cell));
      cell.clear();
    } else if (c == '"' && cell.empty() && map_.separator != ' ') {
      const Result<bool> ended = read_quoted(cell);
      if (!ended.has_value()) {
        return error_at(ended.error().code, ended.error().message, row.size() + 1);
      }
      row.push_back(std::move(cell));
      cell.clear();
      if (*ended) return std::optional<Row>(std::move(row));
    } else {
      cell += static_cast<char>(c);
    }
  }
}

// As read_cells, without blank lines.
Result<std::optional<DelimitedReader::Row>> DelimitedReader::read_row() {
  while (true) {
    TACT_ASSIGN(std::optional<Row> row, read_cells());
    if (!row) return row;
    if (map_.separator == ' ') row = split_blanks(row->front());
    const bool blank = row->empty() || (row->size() == 1 && row->front().empty());
    if (!blank) return row;
  }
}

Status DelimitedReader::read_header(const Row& row) {
  for (const ColumnMap::Field& field : map_.fields) {
    std::vector<std::size_t>& columns = columns_.emplace_back();
    for (const ColumnMap::Piece& piece : field.pieces) {
      if (piece.column.empty()) {
        columns.push_back(0);
        continue;
      }
      const auto named = map_.header ? std::find(row.begin(), row.end(), piece.column) : row.end();
      if (named != row.end()) {
        columns.push_back(static_cast<std::size_t>(named - row.begin()));
      } else if (const auto number = column_number(piece.column); number && *number <= row.size()) {
        columns.push_back(*number - 1);
      } else {
        return error_at(ErrorCode::kInvalid, "there is no column \"" + piece.column + "\"", 0);
      }
    }
  }
  return ok();
}

// null where a cell it is made of is empty.
Result<json::value> DelimitedReader::value_of(std::size_t index, const Row& cells) const {
  const ColumnMap::Field& field = map_.fields[index];
  std::string text;
  std::size_t cell = 0;
  for (std::size_t i = 0; i < field.pieces.size(); ++i) {
    if (field.pieces[i].column.empty()) {
      text += field.pieces[i].text;
      continue;
    }
    cell = columns_[index][i] + 1;
    if (cell > cells.size()) {
      return error_at(ErrorCode::kInvalid, "the row ends before column " + std::to_string(cell),
                      cells.size());
    }
    if (cells[cell - 1].empty()) return json::value(nullptr);
    text += cells[cell - 1];
  }
  if (field.number) {
    const std::optional<json::value> number = number_of(internal::trim(text));
    if (!number) return error_at(ErrorCode::kInvalid, "is not a number", cell);
    return *number;
  }
  if (field.member != "timestamp") return json::value(text);
  const std::optional<Time> time = time_of(internal::trim(text), map_.time);
  if (!time) return error_at(ErrorCode::kInvalid, "is not a time of the map's format", cell);
  return json::value(format_time(*time));
}

// By way of JSON, so that imports obey the limits and checks of parse_event_line and no others.
Result<RawEvent> DelimitedReader::event_of(const Row& cells) const {
  json::object object;
  for (std::size_t i = 0; i < map_.fields.size(); ++i) {
    TACT_ASSIGN(json::value value, value_of(i, cells));
    if (!value.is_null()) set_member(object, map_.fields[i].member, std::move(value));
  }
  Result<RawEvent> event = parse_event_line(json::serialize(object));
  if (event.has_value()) return event;
  std::size_t cell = 0;
  for (std::size_t i = 0; i < map_.fields.size(); ++i) {
    if (map_.fields[i].member == event.error().where && !map_.fields[i].pieces[0].column.empty()) {
      cell = columns_[i][0] + 1;
    }
  }
  const std::string member = event.error().where.empty() ? "" : event.error().where + " ";
  return error_at(event.error().code, member + event.error().message, cell);
}

Result<std::optional<RawEvent>> DelimitedReader::next() {
  if (finished_) return std::optional<RawEvent>();
  try {
    finished_ = !started_ && map_.header;  // without its header a file means nothing
    TACT_ASSIGN(std::optional<Row> row, read_row());
    if (!started_ && row) {
      finished_ = true;
      TACT_TRY(read_header(*row));
      finished_ = false;
      started_ = true;
      if (map_.header) {
        TACT_ASSIGN(row, read_row());
      }
    }
    if (!row) {
      finished_ = true;
      return std::optional<RawEvent>();
    }
    TACT_ASSIGN(RawEvent event, event_of(*row));
    return std::optional<RawEvent>(std::move(event));
  } catch (const std::exception& e) {  // Boost.JSON, streams, memory
    finished_ = true;
    return make_error(ErrorCode::kUnavailable, e.what(), file_);
  }
}

std::string message_id_for(std::string_view file_hash, std::size_t line) {
  return "f_" + std::string(file_hash.substr(0, 64)) + "_" + std::to_string(line);
}

}  // namespace tact
