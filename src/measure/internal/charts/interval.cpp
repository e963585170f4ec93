#include "measure/internal/charts/interval.h"

#include <algorithm>
#include <cmath>

#include "measure/internal/charts/plot.h"
#include "measure/internal/numbers.h"

namespace tact::internal::charts {
namespace {

constexpr int kHeight = 196;

// The last interval and zero fill about half of the height, so that it can be read.
Scale scale_of(const IntervalOverTime& chart) {
  const Look& last = chart.looks.back();
  const double low = std::min({last.low, 0.0, -chart.smallest});
  const double high = std::max({last.high, 0.0, chart.smallest});
  const double room = (high - low) * 0.75;
  double lowest = low, highest = high;
  for (const Look& look : chart.looks) {
    lowest = std::min(lowest, look.low);
    highest = std::max(highest, look.high);
  }
  const double air = (high - low) * 0.1;
  return {std::max(lowest - air, low - room), std::min(highest + air, high + room)};
}

struct Edges {
  std::vector<Point> low, middle, high;
};

// The looks of one kind; the provisional ones start at the last that is not, to join up.
Edges edges(const std::vector<Look>& looks, bool provisional) {
  Edges out;
  for (std::size_t i = 0; i < looks.size(); ++i) {
    const bool joins =
        provisional && i + 1 < looks.size() && !looks[i].provisional && looks[i + 1].provisional;
    if (looks[i].provisional != provisional && !joins) continue;
    out.low.push_back({looks[i].day, looks[i].low});
    out.middle.push_back({looks[i].day, looks[i].estimate});
    out.high.push_back({looks[i].day, looks[i].high});
  }
  return out;
}

void draw(Plot& plot, const Edges& edges, const std::string& tone, bool provisional) {
  if (edges.low.empty()) return;
  if (edges.low.size() == 1) {  // one look: a whisker
    plot.line("edge " + tone, {edges.low[0], edges.high[0]});
    plot.over(marker(0, plot.share_x(edges.middle[0].x), plot.pixel_y(edges.middle[0].y),
                     "solid " + tone));
    return;
  }
  if (!provisional) plot.band("band " + tone, edges.low, edges.high);
  const std::string dash = provisional ? " dashed" : "";
  plot.line("edge " + tone + dash, edges.low);
  plot.line("edge " + tone + dash, edges.high);
  plot.line("line " + tone + dash, edges.middle);
}

std::vector<Label> value_labels(const Scale& scale) {
  std::vector<Label> labels;
  const std::vector<double> at = ticks(scale, 5);
  for (const double value : at) labels.push_back({value, signed_decimal(value, tick_digits(at))});
  return labels;
}

std::vector<Label> day_labels(const IntervalOverTime& chart) {
  std::vector<Label> labels = {{chart.from_day, chart.from_tick}};
  const Look& last = chart.looks.back();
  const double span = last.day - chart.from_day;
  if (!(span > 0.0)) return {{last.day, last.tick}};
  const Look* middle = nullptr;
  for (const Look& look : chart.looks) {
    const double share = (look.day - chart.from_day) / span;
    if (share >= 0.45 && share <= 0.6 && middle == nullptr) middle = &look;
  }
  if (middle != nullptr) labels.push_back({middle->day, middle->tick});
  labels.push_back({last.day, last.tick});
  return labels;
}

// Just outside the band, on the side where the effect is, clear of what the words stand over.
double words_y(const IntervalOverTime& chart, const Plot& plot) {
  const Look& last = chart.looks.back();
  const bool above = last.estimate >= 0.0;
  double edge = above ? last.high : last.low;
  for (const Look& look : chart.looks) {
    if (plot.share_x(look.day) < 0.5) continue;
    edge = above ? std::max(edge, look.high) : std::min(edge, look.low);
  }
  return std::clamp(plot.pixel_y(edge) + (above ? -8.0 : 18.0), 8.0, kHeight - 6.0);
}

// The zero line's own words stand below it at the left, or at the right where lines cross them
// there and not here. On a phone they are a quarter of the width.
bool cross_words(const IntervalOverTime& chart, const Plot& plot, double from, double to) {
  const double top = plot.pixel_y(0.0) + 2.0, bottom = top + 18.0;
  return std::any_of(chart.looks.begin(), chart.looks.end(), [&](const Look& look) {
    const double share = plot.share_x(look.day);
    if (share < from || share > to) return false;
    const auto hits = [&](double value) {
      return plot.pixel_y(value) > top && plot.pixel_y(value) < bottom;
    };
    return hits(look.low) || hits(look.estimate) || hits(look.high);
  });
}

std::string zero_words(const IntervalOverTime& chart, const Plot& plot) {
  const bool right = cross_words(chart, plot, 0.0, 0.25) && !cross_words(chart, plot, 0.75, 1.0);
  return text_at(right ? 1.0 : 0.0, plot.pixel_y(0.0) + 16.0, right ? "end" : "start", "",
                 chart.zero);
}

Table table_of(const IntervalOverTime& chart) {
  Table table{{"day", "effect and interval"}, {}};
  for (const Look& look : chart.looks) {
    table.rows.push_back({look.when, look.figure + (look.provisional ? ", provisional" : "")});
  }
  return table;
}

}  // namespace

std::string interval_over_time(const IntervalOverTime& chart) {
  if (chart.looks.empty()) return {};
  const Look& last = chart.looks.back();
  const Scale y = scale_of(chart);
  Plot plot({std::min(chart.from_day, last.day - 1e-9), last.day}, y, kHeight);
  plot.y_labels(value_labels(y));
  plot.x_labels(day_labels(chart));
  const std::string tone(css_of(chart.tone));
  if (chart.smallest > 0.0) {
    plot.band("tiny", {{chart.from_day, -chart.smallest}, {last.day, -chart.smallest}},
              {{chart.from_day, chart.smallest}, {last.day, chart.smallest}});
  }
  draw(plot, edges(chart.looks, false), tone, false);
  draw(plot, edges(chart.looks, true), tone, true);
  plot.level("zero", 0.0);
  plot.over(marker(0, 1.0, plot.pixel_y(last.estimate),
                   (last.low > 0.0 || last.high < 0.0 ? "solid " : "hollow ") + tone));
  const double start = plot.share_x(chart.looks.front().day);
  if (!chart.waiting.empty() && start > 0.35) {
    plot.over(text_at(start / 2.0, plot.pixel_y(0.0) - 8.0, "middle", "", chart.waiting));
  }
  plot.over(text_at(1.0, words_y(chart, plot), "end", "ink", chart.figure));
  plot.over(zero_words(chart, plot));
  return figure(chart.frame, "over-time", plot.markup(chart.frame), table_of(chart));
}

}  // namespace tact::internal::charts
