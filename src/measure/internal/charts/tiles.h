// A few figures that matter, each with its name and one line of context. No drawing.
#pragma once

#include <string>
#include <vector>

#include "measure/internal/charts/svg.h"

namespace tact::internal::charts {

struct Tile {
  std::string name;    // "because of it"
  std::string figure;  // "+41"
  std::string aside;   // "16 to 66 orders"; may be empty
  Tone tone = Tone::kPlain;
};

std::string tiles(const std::vector<Tile>& tiles);  // empty without any

}  // namespace tact::internal::charts
