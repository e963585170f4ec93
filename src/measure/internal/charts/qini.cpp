#include "measure/internal/charts/qini.h"

#include "measure/internal/charts/plot.h"
#include "measure/internal/numbers.h"

namespace tact::internal::charts {
namespace {

constexpr int kHeight = 220;

double random_gain(const Qini& chart, double fraction) {
  const QiniPoint& end = chart.points.back();
  return end.fraction > 0.0 ? end.gain * fraction / end.fraction : 0.0;
}

Table table_of(const Qini& chart, int digits) {
  Table table{{"best by score", chart.gain_head, chart.by_chance}, {}};
  for (const QiniPoint& point : chart.points) {
    table.rows.push_back({percent(point.fraction, 0), point.figure,
                          signed_decimal(random_gain(chart, point.fraction), digits)});
  }
  return table;
}

// Each word at its line, on the side where the other line is not.
void name_lines(Plot& plot, const Qini& chart, const std::string& tone) {
  const QiniPoint& middle = chart.points[(chart.points.size() - 1) / 2];
  const double chance = random_gain(chart, middle.fraction);
  const bool above = middle.gain >= chance;
  const double share = plot.share_x(middle.fraction);
  plot.over(marker(0, share, plot.pixel_y(middle.gain), "solid " + tone));
  plot.over(text_at(share, plot.pixel_y(middle.gain) + (above ? -12.0 : 22.0),
                    above ? "end" : "start", "ink", chart.by_score));
  plot.over(text_at(share, plot.pixel_y(chance) + (above ? 22.0 : -12.0), above ? "start" : "end",
                    "", chart.by_chance));
}

}  // namespace

std::string qini(const Qini& chart) {
  if (chart.points.empty()) return {};
  std::vector<Point> low = {{0.0, 0.0}}, middle = low, high = low;
  std::vector<double> values;
  for (const QiniPoint& point : chart.points) {
    low.push_back({point.fraction, point.low});
    middle.push_back({point.fraction, point.gain});
    high.push_back({point.fraction, point.high});
    values.insert(values.end(), {point.low, point.gain, point.high});
  }
  const Scale y = scale_with_zero(values, 0.06);
  Plot plot({0.0, 1.0}, y, kHeight);
  const std::vector<double> at = ticks(y, 5);
  std::vector<Label> labels;
  for (const double value : at) labels.push_back({value, signed_decimal(value, tick_digits(at))});
  plot.y_labels(labels);
  plot.x_labels({{0.0, "nobody"}, {0.5, "the best half"}, {1.0, "everybody"}});
  const std::string tone(css_of(chart.tone));
  plot.band("band " + tone, low, high);
  plot.level("zero", 0.0);
  plot.line("chance", {{0.0, 0.0}, {chart.points.back().fraction, chart.points.back().gain}});
  plot.line("line " + tone, middle);
  name_lines(plot, chart, tone);
  return figure(chart.frame, "qini", plot.markup(chart.frame),
                table_of(chart, tick_digits(at) + 1));
}

}  // namespace tact::internal::charts
