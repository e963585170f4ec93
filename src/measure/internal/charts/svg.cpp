#include "measure/internal/charts/svg.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace tact::internal::charts {

std::string_view css_of(Tone tone) {
  switch (tone) {
    case Tone::kHelps:
      return "helps";
    case Tone::kHurts:
      return "hurts";
    case Tone::kOpen:
      return "open";
    case Tone::kPlain:
      return "plain";
    case Tone::kCredit:
      return "credit";
  }
  return "plain";
}

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string coordinate(double pixels) {
  if (!std::isfinite(pixels)) return "0";
  const double rounded = std::round(std::clamp(pixels, -1e6, 1e6) * 100.0) / 100.0;
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), rounded + 0.0,
                                 std::chars_format::fixed, 2);
  std::string out(text.data(), end.ptr);
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out == "-0" ? "0" : out;
}

std::string percent_at(double share) {
  return coordinate(std::clamp(std::isfinite(share) ? share : 0.0, 0.0, 1.0) * 100.0) + "%";
}

Scale::Scale(double from, double to) : from_(from), to_(to) {
  if (!std::isfinite(from_)) from_ = 0.0;
  if (!std::isfinite(to_) || !(to_ > from_) || !std::isfinite(to_ - from_)) to_ = from_ + 1.0;
  if (!(to_ > from_)) from_ = 0.0, to_ = 1.0;  // so large that 1 is lost
}

Scale scale_with_zero(const std::vector<double>& values, double air) {
  double low = 0.0, high = 0.0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  const double span = high - low;
  return {low < 0.0 ? low - air * span : 0.0, high > 0.0 ? high + air * span : 0.0};
}

std::vector<double> ticks(const Scale& scale, int at_most) {
  const double span = scale.to() - scale.from();
  double step = std::pow(10.0, std::floor(std::log10(span)) - 1.0);
  for (const double factor : {2.0, 2.5, 2.0, 2.0, 2.5, 2.0, 2.0, 2.5, 2.0}) {
    if (std::floor(scale.to() / step) - std::ceil(scale.from() / step) + 1.0 <= at_most) break;
    step *= factor;
  }
  std::vector<double> out;
  const double first = std::ceil(scale.from() / step);
  for (int i = 0; i < at_most; ++i) {
    const double value = (first + i) * step;
    if (value > scale.to()) break;
    out.push_back(value);
  }
  return out;
}

int tick_digits(const std::vector<double>& ticks) {
  if (ticks.size() < 2) return 0;
  const double step = ticks[1] - ticks[0];
  return step >= 1.0 ? 0 : std::min(6, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
}

std::string svg_start(const Frame& frame, std::string_view attributes) {
  const std::string id = escape(frame.id);
  return "<svg role=\"img\" aria-labelledby=\"" + id + "-t " + id + "-d\" " +
         std::string(attributes) + "><title id=\"" + id + "-t\">" + escape(frame.title) +
         "</title><desc id=\"" + id + "-d\">" + escape(frame.says) + "</desc>";
}

std::string table_markup(const Table& table) {
  std::string out = "<table><thead><tr>";
  for (const std::string& name : table.head) {
    out += "<th scope=\"col\">" + escape(name) + "</th>";
  }
  out += "</tr></thead><tbody>\n";
  for (const std::vector<std::string>& row : table.rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += i == 0 ? "<th scope=\"row\">" + escape(row[i]) + "</th>"
                    : "<td>" + escape(row[i]) + "</td>";
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table>";
}

std::string figure(const Frame& frame, std::string_view css, const std::string& drawing,
                   const Table& table) {
  std::string out = "<figure class=\"chart " + std::string(css) + "\">\n";
  if (!frame.caption.empty()) out += "<figcaption>" + escape(frame.caption) + "</figcaption>\n";
  return out + drawing +
         "\n<details class=\"data\"><summary>These numbers as a table<span class=\"aside\">: " +
         escape(frame.title) + "</span></summary>" + table_markup(table) +
         "</details>\n</figure>\n";
}

std::string marker(int shape, double share, double y, std::string_view css) {
  // A nested svg puts the origin at a percentage and keeps the shape in pixels.
  std::string out =
      "<svg class=\"at\" x=\"" + percent_at(share) + "\" y=\"" + coordinate(y) + "\">";
  const std::string of = " class=\"" + std::string(css) + "\"/></svg>";
  switch (shape % 4) {
    case 1:
      return out + "<rect x=\"-4.5\" y=\"-4.5\" width=\"9\" height=\"9\"" + of;
    case 2:
      return out + "<path d=\"M0-6L6 0 0 6-6 0Z\"" + of;
    case 3:
      return out + "<path d=\"M0-6L5.5 4.5H-5.5Z\"" + of;
    default:
      return out + "<circle r=\"5\"" + of;
  }
}

std::string text_at(double share, double y, std::string_view anchor, std::string_view css,
                    std::string_view text) {
  return "<text x=\"" + percent_at(share) + "\" y=\"" + coordinate(y) + "\" text-anchor=\"" +
         std::string(anchor) + "\"" + (css.empty() ? "" : " class=\"" + std::string(css) + "\"") +
         ">" + escape(text) + "</text>";
}

}  // namespace tact::internal::charts
