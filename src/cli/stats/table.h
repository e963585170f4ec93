// CSV with a header on standard input, as the calculators read it.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tact::cli {

// Separated by commas; cells may be quoted and then hold commas, not line ends. Blank lines count
// as absent. Columns are found by name, whatever their order; others are ignored.
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
