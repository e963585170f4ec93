// The lines of a file as raw events, for `tact import`.
#pragma once

#include <istream>
#include <memory>
#include <optional>
#include <string>

#include "collect/delimited.h"
#include "event/parse.h"

namespace tact::cli {

class Rows {
 public:
  virtual ~Rows() = default;
  // As DelimitedReader::next.
  virtual Result<std::optional<RawEvent>> next() = 0;
  virtual std::size_t line() const = 0;
};

// With a map delimited text, else Segment-shaped JSON, one event a line (one over 32 KB is read
// past, not kept). traits: every line is an identify call; a JSON line may then be flat: members
// other than ids, times, context and messageId are traits. `in` must outlive the rows.
std::unique_ptr<Rows> make_rows(std::istream& in, const std::optional<ColumnMap>& map, bool traits,
                                const std::string& file);

}  // namespace tact::cli
