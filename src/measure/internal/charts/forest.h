// Effects with their intervals on one scale: moments, arms or segments, one row each.
#pragma once

#include <string>
#include <vector>

#include "measure/internal/charts/svg.h"

namespace tact::internal::charts {

struct ForestRow {
  std::string name, aside;
  std::string figure;  // the same numbers in words; of a row that is not drawn: why
  double estimate = 0.0, low = 0.0, high = 0.0;
  bool drawn = true;     // false: a heading, or a row that may not be shown
  bool heading = false;  // of the rows below it
  bool emphasis = false;
  bool indent = false;
  int shape = 0;  // of the marker, by arm; filled where the interval excludes zero
  Tone tone = Tone::kOpen;
};

struct Forest {
  Frame frame;
  std::vector<ForestRow> rows;
  std::string name_head, figure_head;  // of the table
  std::string zero = "no effect";
  bool whole = false;     // no interval is cut, however far it goes
  double smallest = 0.0;  // effects within ± this are not worth caring about; 0: not drawn
};

// Ends of intervals far beyond the others leave the drawing, with an arrow; the table has them.
// Empty without rows. O(rows log rows).
std::string forest(const Forest& forest);

}  // namespace tact::internal::charts
