// One effect as it became known: its always-valid interval, which may be read on any day.
#pragma once

#include <string>
#include <vector>

#include "measure/internal/charts/svg.h"

namespace tact::internal::charts {

struct Look {
  double day = 0.0;  // on any common origin
  std::string when;  // "14 Sep 2026"
  std::string tick;  // "14 Sep", below the axis
  double estimate = 0.0, low = 0.0, high = 0.0;
  std::string figure;        // the same in words, for the table
  bool provisional = false;  // with visitors whose time is not over: dashed
};

struct IntervalOverTime {
  Frame frame;
  std::vector<Look> looks;  // by day; the first is where the gate opened
  double from_day = 0.0;    // of the axis: the first exposure, at or before the first look
  std::string from_tick;
  std::string waiting;  // written over the time before the first look: "not enough data"
  std::string figure;   // at the end: "+31 (12 to 50) per 1,000"
  std::string zero = "no effect";
  double smallest = 0.0;
  Tone tone = Tone::kOpen;
};

// Early intervals wider than twice what the last look needs leave the drawing at its edge.
// Empty without looks. O(looks).
std::string interval_over_time(const IntervalOverTime& chart);

}  // namespace tact::internal::charts
