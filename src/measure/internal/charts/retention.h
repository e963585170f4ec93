// How many are still there, or came back, day by day after exposure; one stepped line per arm.
#pragma once

#include <string>
#include <vector>

#include "measure/internal/charts/svg.h"

namespace tact::internal::charts {

struct RetentionStep {
  double day = 0.0;    // since exposure
  double share = 0.0;  // 0 to 1, holds until the next step
  double low = 0.0, high = 0.0;
  std::string figure;  // the same in words, for the table; may be empty (no row then)
};

struct RetentionArm {
  std::string name;
  std::vector<RetentionStep> steps;  // by day
  Tone tone = Tone::kPlain;          // the dash and the marker tell arms apart as well
};

struct Retention {
  Frame frame;
  std::vector<RetentionArm> arms;
  std::string share_head;  // of the table: "bought again"
};

// The axis starts at 0 %. Empty without steps. O(steps).
std::string retention(const Retention& chart);

}  // namespace tact::internal::charts
