#include "measure/internal/charts/plot.h"

namespace tact::internal::charts {
namespace {

constexpr double kWide = 1000.0;  // the area's own width

std::string shape(std::string_view css, const std::string& d) {
  return "<path class=\"" + std::string(css) + "\" d=\"" + d + "\"/>";
}

}  // namespace

std::string Plot::path(const std::vector<Point>& points, bool stepped, bool first_moves) const {
  std::string d;
  for (const Point& point : points) {
    const std::string x = coordinate(x_.share(point.x) * kWide);
    const std::string y = coordinate(pixel_y(point.y));
    if (d.empty()) {
      d = (first_moves ? "M" : "L") + x + " " + y;
    } else {
      d += stepped ? "H" + x + "V" + y : "L" + x + " " + y;
    }
  }
  return d;
}

void Plot::line(std::string_view css, const std::vector<Point>& points) {
  if (!points.empty()) area_ += shape(css, path(points, false, true));
}

void Plot::steps(std::string_view css, const std::vector<Point>& points) {
  if (!points.empty()) area_ += shape(css, path(points, true, true));
}

void Plot::band(std::string_view css, const std::vector<Point>& low,
                const std::vector<Point>& high) {
  if (low.empty() || high.empty()) return;
  const std::vector<Point> back(low.rbegin(), low.rend());
  area_ += shape(css, path(high, false, true) + path(back, false, false) + "Z");
}

void Plot::step_band(std::string_view css, const std::vector<Point>& low,
                     const std::vector<Point>& high) {
  if (low.empty() || high.empty()) return;
  // Backwards a step falls before it goes left.
  std::vector<Point> back;
  for (std::size_t i = low.size(); i-- > 0;) {
    back.push_back(low[i]);
    if (i > 0) back.push_back({low[i].x, low[i - 1].y});
  }
  area_ += shape(css, path(high, true, true) + path(back, false, false) + "Z");
}

void Plot::level(std::string_view css, double y) {
  area_ += shape(css, "M0 " + coordinate(pixel_y(y)) + "H1000");
}

void Plot::y_labels(const std::vector<Label>& labels) {
  for (const Label& label : labels) {
    const std::string y = coordinate(pixel_y(label.at));
    grid_ += "<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"" + y + "\" y2=\"" + y + "\"/>";
    over_ += "<text x=\"0\" dx=\"-8\" y=\"" + coordinate(pixel_y(label.at) + 4.0) +
             "\" text-anchor=\"end\">" + escape(label.text) + "</text>";
  }
}

void Plot::x_labels(const std::vector<Label>& labels) {
  for (const Label& label : labels) {
    const double share = x_.share(label.at);
    const char* anchor = share < 0.05 ? "start" : share > 0.95 ? "end" : "middle";
    over_ += text_at(share, height_ + 17.0, anchor, "", label.text);
  }
}

std::string Plot::markup(const Frame& frame) const {
  const std::string height = std::to_string(height_);
  return "<div class=\"plot\">" +
         svg_start(frame, "width=\"100%\" height=\"" + std::to_string(height_ + 24) + "\"") +
         grid_ + "<svg class=\"area\" width=\"100%\" height=\"" + height +
         "\" viewBox=\"0 0 1000 " + height + "\" preserveAspectRatio=\"none\">" + area_ + "</svg>" +
         over_ + "</svg></div>";
}

}  // namespace tact::internal::charts
