// Amounts side by side from a common zero: what is credited, what came because of it, what would
// have come anyway.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "measure/internal/charts/svg.h"

namespace tact::internal::charts {

struct Span {
  double low = 0.0, high = 0.0;
};

struct Bar {
  std::string name, aside;
  std::string figure;
  double value = 0.0;
  std::optional<Span> interval;
  Tone tone = Tone::kPlain;
  bool dashed = false;  // an outline: inferred, not counted
  bool emphasis = false;
  bool indent = false;
};

struct Bars {
  Frame frame;
  std::vector<Bar> bars;
  std::string name_head, figure_head;  // of the table
  std::optional<double> target;        // a line that the bars are to reach
  std::string target_says;             // under it
};

// Bars always start at zero. Empty without bars. O(bars).
std::string bars(const Bars& chart);

}  // namespace tact::internal::charts
