#include "measure/internal/charts/retention.h"

#include <algorithm>
#include <map>

#include "measure/internal/charts/plot.h"
#include "measure/internal/numbers.h"

namespace tact::internal::charts {
namespace {

constexpr int kHeight = 220;

// One row per day that any arm has words for, one column per arm.
Table table_of(const Retention& chart) {
  Table table{{"day after exposure"}, {}};
  std::map<double, std::vector<std::string>> days;
  for (std::size_t i = 0; i < chart.arms.size(); ++i) {
    table.head.push_back(chart.arms[i].name + ": " + chart.share_head);
    for (const RetentionStep& step : chart.arms[i].steps) {
      if (step.figure.empty()) continue;
      std::vector<std::string>& row = days[step.day];
      row.resize(chart.arms.size());
      row[i] = step.figure;
    }
  }
  for (auto& [day, cells] : days) {
    cells.insert(cells.begin(), decimal(day, 0));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

struct End {
  double y = 0.0;  // pixels
  std::size_t arm = 0;
};

// Words at the ends, from top to bottom, at least a line apart; none covers its own line's end.
void name_arms(Plot& plot, const Retention& chart) {
  std::vector<End> ends;
  for (std::size_t i = 0; i < chart.arms.size(); ++i) {
    if (chart.arms[i].steps.empty()) continue;
    ends.push_back({plot.pixel_y(chart.arms[i].steps.back().share), i});
  }
  std::stable_sort(ends.begin(), ends.end(), [](const End& a, const End& b) { return a.y < b.y; });
  double free_from = 12.0;
  for (std::size_t k = 0; k < ends.size(); ++k) {
    const RetentionArm& arm = chart.arms[ends[k].arm];
    const RetentionStep& last = arm.steps.back();
    const double share = plot.share_x(last.day);
    const double wanted = ends[k].y + (k == 0 ? -12.0 : 20.0);
    const double y = std::max(wanted, free_from);
    free_from = y + 16.0;
    plot.over(marker(static_cast<int>(ends[k].arm), share, ends[k].y,
                     "solid " + std::string(css_of(arm.tone))));
    plot.over(text_at(std::max(share - 0.01, 0.0), std::min(y, kHeight - 4.0), "end", "ink",
                      arm.name + " " + percent(last.share, 1)));
  }
}

// Whole weeks, months or quarters, four of them at most beside the start.
std::vector<Label> day_labels(double last_day) {
  double step = 1.0;
  for (const double next : {2.0, 7.0, 14.0, 28.0, 56.0, 91.0, 182.0, 364.0, 728.0, 1820.0}) {
    if (last_day / step <= 4.0) break;
    step = next;
  }
  std::vector<Label> labels = {{0.0, "exposure"}};
  for (int i = 1; i <= 4 && i * step <= last_day; ++i) {
    labels.push_back({i * step, "day " + decimal(i * step, 0)});
  }
  return labels;
}

void draw(Plot& plot, const RetentionArm& arm, std::size_t index) {
  std::vector<Point> low, middle, high;
  for (const RetentionStep& step : arm.steps) {
    low.push_back({step.day, step.low});
    middle.push_back({step.day, step.share});
    high.push_back({step.day, step.high});
  }
  const std::string tone(css_of(arm.tone));
  plot.step_band("band " + tone, low, high);
  plot.steps("line " + tone + " arm-" + std::to_string(index % 4), middle);
}

}  // namespace

std::string retention(const Retention& chart) {
  double last_day = 0.0, most = 0.0;
  for (const RetentionArm& arm : chart.arms) {
    for (const RetentionStep& step : arm.steps) {
      last_day = std::max(last_day, step.day);
      most = std::max(most, step.high);
    }
  }
  if (!(last_day > 0.0)) return {};
  const Scale y(0.0, std::min(1.0, most * 1.08));
  Plot plot({0.0, last_day}, y, kHeight);
  const std::vector<double> at = ticks({y.from() * 100.0, y.to() * 100.0}, 5);
  std::vector<Label> labels;
  for (const double value : at) {
    labels.push_back({value / 100.0, percent(value / 100.0, tick_digits(at))});
  }
  plot.y_labels(labels);
  plot.x_labels(day_labels(last_day));
  for (std::size_t i = chart.arms.size(); i-- > 0;) draw(plot, chart.arms[i], i);
  plot.level("zero", 0.0);
  name_arms(plot, chart);
  return figure(chart.frame, "retention", plot.markup(chart.frame), table_of(chart));
}

}  // namespace tact::internal::charts
