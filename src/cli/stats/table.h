// CSV with a header: row by row, or as a whole the way the calculators read standard input.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tact::cli {

// UTF-8, separated by commas; cells may be quoted and then hold commas, not line ends. Blank lines
// count as absent. Columns are found by name, whatever their order; others are ignored.
class TableRows {
 public:
  // Reads the header. kInvalid: none, a column twice, not UTF-8, a quote not closed on its line or
  // followed by text, or a line over kLongestLine. The stream must outlive this. The errors of this
  // and of next() are at FILE:LINE:BYTE; without `file` at "line N", "line N, COLUMN", the name of
  // the column or nowhere.
  static Result<TableRows> open(std::istream& in, std::string file = {});
  static constexpr std::size_t kLongestLine = 1u << 20;

  // The next row; false at the end. kInvalid: another number of cells than the header, not UTF-8,
  // wrong quotes.
  Result<bool> next();

  const std::vector<std::string>& names() const { return names_; }
  std::optional<std::size_t> column(std::string_view name) const;
  Result<std::size_t> require(std::string_view name) const;
  // Of the row read last.
  const std::string& cell(std::size_t column) const { return cells_[column]; }
  std::size_t line() const { return line_; }  // from 1
  std::size_t byte_column(std::size_t column) const { return starts_[column] + 1; }
  const std::string& text() const { return text_; }
  Result<double> number(std::size_t column) const;  // finite; kInvalid without a place

 private:
  TableRows(std::istream& in, std::string file) : in_(&in), file_(std::move(file)) {}
  Result<bool> read_line();  // that is not blank
  Status split_line();
  Error wrong_line(ErrorCode code, std::string message) const;
  Error wrong_byte(std::size_t at, std::string message) const;  // of the line

  std::istream* in_;
  std::string file_;
  std::vector<std::string> names_, cells_;
  std::vector<std::size_t> starts_;
  std::string text_;
  std::size_t line_ = 0;
};

class Table {
 public:
  // kInvalid: no header, a column twice, or a row with another number of cells than the header.
  static Result<Table> parse(std::string_view text);

  std::size_t rows() const { return lines_.size(); }
  std::optional<std::size_t> column(std::string_view name) const;
  Result<std::size_t> require(std::string_view name) const;
  const std::string& cell(std::size_t row, std::size_t column) const {
    return cells_[row * names_.size() + column];
  }
  Result<double> number(std::size_t row, std::size_t column) const;  // finite
  // kInvalid, with "line N, NAME".
  Error wrong(std::size_t row, std::size_t column, std::string message) const;

 private:
  std::vector<std::string> names_;
  std::vector<std::string> cells_;
  std::vector<std::size_t> lines_;  // of each row, from 1
};

}  // namespace tact::cli
