#include "measure/internal/charts/tiles.h"

namespace tact::internal::charts {

std::string tiles(const std::vector<Tile>& tiles) {
  if (tiles.empty()) return {};
  std::string out = "<dl class=\"tiles\">\n";
  for (const Tile& tile : tiles) {
    out += "<div class=\"" + std::string(css_of(tile.tone)) + "\"><dt>" + escape(tile.name) +
           "</dt><dd><b>" + escape(tile.figure) + "</b>" +
           (tile.aside.empty() ? "" : " <span>" + escape(tile.aside) + "</span>") + "</dd></div>\n";
  }
  return out + "</dl>\n";
}

}  // namespace tact::internal::charts
