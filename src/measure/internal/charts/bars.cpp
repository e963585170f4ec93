#include "measure/internal/charts/bars.h"

#include <algorithm>
#include <cmath>

#include "measure/internal/charts/rows.h"

namespace tact::internal::charts {
namespace {

std::string bar_marks(const Bar& bar, const Scale& scale) {
  const double zero = scale.share(0.0), end = scale.share(bar.value);
  const std::string tone(css_of(bar.tone));
  std::string out = "<rect class=\"bar " + tone + (bar.dashed ? " dashed" : "") + "\" x=\"" +
                    percent_at(std::min(zero, end)) + "\" width=\"" +
                    percent_at(std::max(std::abs(end - zero), 0.003)) +
                    "\" y=\"-9\" height=\"18\" rx=\"3\"/>";
  if (bar.interval) {
    const double low = scale.share(bar.interval->low), high = scale.share(bar.interval->high);
    out += "<line class=\"whisker " + tone + "\" x1=\"" + percent_at(low) + "\" x2=\"" +
           percent_at(high) + "\" y1=\"14\" y2=\"14\"/>";
    for (const double share : {low, high}) {
      out += "<svg class=\"at\" x=\"" + percent_at(share) + "\"><path class=\"cap " + tone +
             "\" d=\"M0 11V17\"/></svg>";
    }
  }
  return out;
}

std::string upright(const char* css, double share) {
  const std::string x = percent_at(share);
  return std::string("<line class=\"") + css + "\" x1=\"" + x + "\" x2=\"" + x +
         "\" y1=\"0\" y2=\"100%\"/>";
}

}  // namespace

std::string bars(const Bars& chart) {
  if (chart.bars.empty()) return {};
  std::vector<double> values;
  for (const Bar& bar : chart.bars) {
    values.push_back(bar.value);
    if (bar.interval) values.insert(values.end(), {bar.interval->low, bar.interval->high});
  }
  if (chart.target) values.push_back(*chart.target);
  const Scale scale = scale_with_zero(values, 0.02);
  Table table{{chart.name_head, chart.figure_head}, {}};
  std::vector<RowText> texts;
  std::string marks;
  for (std::size_t i = 0; i < chart.bars.size(); ++i) {
    const Bar& bar = chart.bars[i];
    texts.push_back({bar.name, bar.aside, bar.figure, false, bar.emphasis, bar.indent});
    table.rows.push_back(
        {bar.name + (bar.aside.empty() ? "" : " (" + bar.aside + ")"), bar.figure});
    marks += row_group(i, chart.bars.size(), bar_marks(bar, scale));
  }
  std::string lines = upright("zero", scale.share(0.0)), below;
  if (chart.target) {
    const double share = scale.share(*chart.target);
    lines += upright("target", share);
    below = text_at(share, 15.0, share > 0.9 ? "end" : "middle", "", chart.target_says);
  }
  return figure(chart.frame, "bars", rows_markup(chart.frame, texts, "", marks + lines, below),
                table);
}

}  // namespace tact::internal::charts
