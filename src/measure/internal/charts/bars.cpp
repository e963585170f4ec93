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

}  // namespace

std::string bars(const Bars& chart) {
  if (chart.bars.empty()) return {};
  std::vector<double> values;
  for (const Bar& bar : chart.bars) {
    values.push_back(bar.value);
    if (bar.interval) values.insert(values.end(), {bar.interval->low, bar.interval->high});
  }
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
  const std::string zero = percent_at(scale.share(0.0));
  const std::string behind =
      "<line class=\"zero\" x1=\"" + zero + "\" x2=\"" + zero + "\" y1=\"0\" y2=\"100%\"/>";
  return figure(chart.frame, "bars", rows_markup(chart.frame, texts, "", marks + behind, ""),
                table);
}

}  // namespace tact::internal::charts
