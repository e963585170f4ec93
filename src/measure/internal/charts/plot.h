// A plot of lines and bands over two axes. The area stretches with the page: x in thousandths of
// its width, y in pixels. What leaves the area is cut at its edge.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "measure/internal/charts/svg.h"

namespace tact::internal::charts {

struct Point {
  double x = 0.0, y = 0.0;
};
struct Label {
  double at = 0.0;
  std::string text;
};

class Plot {
 public:
  Plot(Scale x, Scale y, int height) : x_(x), y_(y), height_(height) {}

  double share_x(double x) const { return x_.share(x); }
  double pixel_y(double y) const { return (1.0 - y_.share(y)) * height_; }

  // Shapes, drawn in this order inside the area.
  void line(std::string_view css, const std::vector<Point>& points);
  void steps(std::string_view css, const std::vector<Point>& points);  // holds until the next x
  void band(std::string_view css, const std::vector<Point>& low, const std::vector<Point>& high);
  void step_band(std::string_view css, const std::vector<Point>& low,
                 const std::vector<Point>& high);
  void level(std::string_view css, double y);  // across the whole width
  // Over the area, not cut: words and markers (markup).
  void over(const std::string& markup) { over_ += markup; }
  void y_labels(const std::vector<Label>& labels);  // left of the area, with a fine line each
  void x_labels(const std::vector<Label>& labels);  // below it

  std::string markup(const Frame& frame) const;

 private:
  std::string path(const std::vector<Point>& points, bool stepped, bool first_moves) const;

  Scale x_, y_;
  int height_;
  std::string grid_, area_, over_;
};

}  // namespace tact::internal::charts
