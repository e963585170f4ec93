// Delimited text (CSV, TSV, ";", blanks) → raw events, for `tact import --map`.
//
// A map says which column becomes which member, as `key = value` lines (# begins a comment):
//     separator = tab            # tab | comma | semicolon | pipe | blanks
//     header    = yes            # no: columns are ${1}, ${2}, …
//     time      = unix_seconds   # iso | unix_seconds | unix_ms | yyyymmdd
//     type = track
//     event = Product Viewed
//     anonymousId = ${SessionId}
//     timestamp = ${Time}
//     properties.product_id = ${ItemId}
//     properties.price:number = ${Price}
// or as the same in JSON: {"separator": "tab", "fields": {"type": "track", …}}.
#pragma once

#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "event/parse.h"

namespace tact {

inline constexpr std::size_t kMaxRowBytes = 64 * 1024;
inline constexpr std::size_t kMaxColumns = 1'000;

enum class TimeFormat : std::uint8_t { kIso, kUnixSeconds, kUnixMilliseconds, kYearMonthDay };

struct ColumnMap {
  struct Piece {  // text, or a column's cell where `column` is set
    std::string text;
    std::string column;  // name, or number from 1
  };
  struct Field {
    std::string member;   // "anonymousId", "properties.product_id"
    bool number = false;  // ":number"
    std::vector<Piece> pieces;
  };
  char separator = ',';  // ' ' = runs of blanks, no quoting
  bool header = true;
  TimeFormat time = TimeFormat::kIso;
  std::vector<Field> fields;
};

// kInvalid with the line. Members: type, event, name, messageId, anonymousId, userId, groupId,
// previousId, timestamp, and properties.X, traits.X, context.X.
Result<ColumnMap> parse_column_map(std::string_view text);

// Quoting as in RFC 4180 (quoted cells may hold separators, doubled quotes and line breaks).
class DelimitedReader {
 public:
  // in must outlive the reader; file names it in errors.
  DelimitedReader(std::istream& in, ColumnMap map, std::string file);

  // The next row's event; nullopt at the end. An error (kInvalid, kTooLarge) has
  // where = "FILE:LINE:COLUMN" (the column counts cells from 1); the next call goes on with the
  // next row, or ends if the header did not fit the map. A cell that is empty leaves its member
  // out.
  Result<std::optional<RawEvent>> next();
  // Line on which the row last given began, from 1.
  std::size_t line() const { return row_line_; }

 private:
  using Row = std::vector<std::string>;
  Result<std::optional<Row>> read_row();
  Result<std::optional<Row>> read_cells();
  Result<bool> read_quoted(std::string& cell);
  Status read_header(const Row& row);
  Result<RawEvent> event_of(const Row& cells) const;
  Result<json::value> value_of(std::size_t field, const Row& cells) const;
  Error error_at(ErrorCode code, std::string message, std::size_t cell) const;
  int get();
  void skip_line();

  std::istream& in_;
  ColumnMap map_;
  std::string file_;
  std::vector<std::vector<std::size_t>> columns_;  // of each field's pieces, from 0; once started_
  std::size_t next_line_ = 1;                      // of the next character
  std::size_t row_line_ = 0;
  std::size_t row_bytes_ = 0;  // of the row being read
  bool started_ = false;       // the header is read
  bool finished_ = false;
};

// "f_HASH_LINE" (at most 64 characters of the hash): the same row of the same file is the same
// event.
std::string message_id_for(std::string_view file_hash, std::size_t line);

}  // namespace tact
