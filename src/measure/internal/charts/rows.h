// The layout that forests and bars share: a column of names, one drawing over all rows, a column of
// figures; on a phone the names and figures stand above the marks. Rows have one height, so names
// are shortened with "…" and carry their full text as title; the table below has it too.
#pragma once

#include <string>
#include <vector>

#include "measure/internal/charts/svg.h"

namespace tact::internal::charts {

struct RowText {
  std::string name;
  std::string aside;   // a word or two after the name, soft; may be empty
  std::string figure;  // at the right
  bool heading = false;
  bool emphasis = false;
  bool indent = false;
};

// The share of the drawing's height at the middle of row i.
double row_middle(std::size_t i, std::size_t rows);
// A group whose origin is the middle of row i: x in percent of the width, y in pixels.
std::string row_group(std::size_t i, std::size_t rows, const std::string& marks);
// `marks` and `behind` are markup; `below` is what stands under the drawing (axis words).
std::string rows_markup(const Frame& frame, const std::vector<RowText>& rows,
                        const std::string& behind, const std::string& marks,
                        const std::string& below);

}  // namespace tact::internal::charts
