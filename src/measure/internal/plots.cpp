// Drawings in percent of their width, so that they fit a phone and a page without a script; only
// the words around them have a size.
#include <algorithm>
#include <cmath>

#include "measure/internal/html.h"
#include "measure/internal/words.h"

namespace tact::internal {
namespace {

std::string at(double percent_of_width) {  // a coordinate
  const double inside = std::clamp(percent_of_width, 0.0, 100.0);
  const auto tenths = static_cast<long>(std::lround(inside * 100.0));
  const std::string rest = std::to_string(tenths % 100);
  return std::to_string(tenths / 100) + "." + (rest.size() == 1 ? "0" + rest : rest) + "%";
}

std::string vertical(const char* css, double x, int from, int to) {
  return std::string("<line class=\"") + css + "\" x1=\"" + at(x) + "\" x2=\"" + at(x) +
         "\" y1=\"" + std::to_string(from) + "\" y2=\"" + std::to_string(to) + "\"/>";
}

std::string bar(const char* css, double a, double b, int y, int height) {
  const double left = std::min(a, b);
  return std::string("<rect class=\"") + css + "\" x=\"" + at(left) + "\" width=\"" +
         at(std::max(std::abs(a - b), 0.4)) + "\" y=\"" + std::to_string(y) + "\" height=\"" +
         std::to_string(height) + "\" rx=\"4\"/>";
}

std::string drawing(const std::string& says, int height, const std::string& parts) {
  return "<svg role=\"img\" aria-label=\"" + escape_html(says) + "\" width=\"100%\" height=\"" +
         std::to_string(height) + "\">" + parts + "</svg>";
}

std::string row(std::string_view tone, const std::string& name, const std::string& drawn,
                const std::string& figure) {
  return "<div class=\"row " + std::string(tone) + "\"><span class=\"name\">" + escape_html(name) +
         "</span>" + drawn + "<span class=\"figure\">" + escape_html(figure) + "</span></div>\n";
}

std::string interval(const Scale& scale, const Estimate& e, const std::string& says) {
  return drawing(says, 28,
                 bar("range", scale.at(e.low), scale.at(e.high), 8, 12) +
                     vertical("zero", scale.at(0.0), 0, 28) +
                     vertical("point", scale.at(e.estimate), 5, 23));
}

// "no effect" under the zero line; at the edges it is kept inside.
std::string zero_label(const Scale& scale) {
  const double x = scale.at(0.0);
  const char* anchor = x < 12.0 ? "start" : x > 88.0 ? "end" : "middle";
  return "<div class=\"row axis\"><span class=\"name\"></span><svg aria-hidden=\"true\" "
         "width=\"100%\" height=\"18\"><text x=\"" +
         at(x) + "\" y=\"12\" text-anchor=\"" + anchor +
         "\">no effect</text></svg><span class=\"figure\"></span></div>\n";
}

std::string says_interval(const Findings& report) {
  return headline_name(report) + ": " + per_thousand(report.primary()->of(1)->difference) +
         " visitors, " + goal_name(report.plan.metrics.front().name) + "; " +
         std::string(to_string(report.verdict));
}

}  // namespace

Scale::Scale(const std::vector<double>& values, double air) {
  double low = 0.0, high = 0.0;
  for (const double value : values) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  const double span = high > low ? high - low : 1.0;
  from_ = low < 0.0 ? low - air * span : 0.0;
  to_ = high > 0.0 || low == 0.0 ? high + air * span : 0.0;
}

std::string forest_plot(const std::vector<const Findings*>& reports) {
  std::vector<double> values;
  for (const Findings* report : reports) {
    const Estimate& e = report->primary()->of(1)->difference;
    values.insert(values.end(), {e.low, e.high});
  }
  if (values.empty()) return {};
  const Scale scale(values);
  std::string rows;
  for (const Findings* report : reports) {
    const Estimate& e = report->primary()->of(1)->difference;
    const std::string tone(tone_of(report->verdict));
    rows += row(report->plan.name.empty() ? tone + " whole" : tone, headline_name(*report),
                interval(scale, e, says_interval(*report)),
                with_interval(e, 1e3) + " " + goal_name(report->plan.metrics.front().name));
  }
  return "<div class=\"plot\">" + rows + zero_label(scale) + "</div>\n";
}

std::string interval_plot(const Findings& report) {
  const Estimate& e = report.primary()->of(1)->difference;
  const Scale scale({e.low, e.high}, 0.25);
  return "<div class=\"plot\">" +
         row(tone_of(report.verdict), "shown − held back",
             interval(scale, e, says_interval(report)), with_interval(e, 1e3)) +
         zero_label(scale) + "</div>\n";
}

std::string credit_plot(const Findings& report) {
  const Estimate& extra = report.primary()->of(1)->incremental;
  const double credited = report.credit.credited.last;
  const Scale scale({credited, extra.low, extra.high}, 0.02);
  const std::string name = goal_name(report.plan.metrics.front().name);
  const std::string figure = with_interval(extra, 1.0);
  const std::string first = drawing("Last click credits " + decimal(credited, 0) + " " + name, 28,
                                    bar("credited", scale.at(0.0), scale.at(credited), 4, 20) +
                                        vertical("zero", scale.at(0.0), 0, 28));
  const std::string second =
      drawing("Because of the message: " + figure + " " + name, 34,
              bar("solid", scale.at(0.0), scale.at(extra.estimate), 2, 20) +
                  "<line class=\"whisker\" x1=\"" + at(scale.at(extra.low)) + "\" x2=\"" +
                  at(scale.at(extra.high)) + "\" y1=\"29\" y2=\"29\"/>" +
                  vertical("zero", scale.at(0.0), 0, 34));
  return "<div class=\"plot\">" + row("none", "last click credits", first, decimal(credited, 0)) +
         row(tone_of(report.verdict), "because of the message", second, figure) + "</div>\n";
}

}  // namespace tact::internal
