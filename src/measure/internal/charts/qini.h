// Does a score find those whom it persuades? What is gained when only the best by score are
// treated, beside what a random choice of as many would gain.
#pragma once

#include <string>
#include <vector>

#include "measure/internal/charts/svg.h"

namespace tact::internal::charts {

struct QiniPoint {
  double fraction = 0.0;  // of the visitors, best scores first
  double gain = 0.0, low = 0.0, high = 0.0;
  std::string figure;  // the same in words, for the table
};

struct Qini {
  Frame frame;
  std::vector<QiniPoint> points;  // by fraction; the origin is added
  std::string by_score = "by score", by_chance = "at random";
  std::string gain_head;  // of the table: "orders gained per 1,000"
  Tone tone = Tone::kOpen;
};

// Empty without points. O(points).
std::string qini(const Qini& chart);

}  // namespace tact::internal::charts
