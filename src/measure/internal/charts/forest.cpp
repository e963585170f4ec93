#include "measure/internal/charts/forest.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "measure/internal/charts/rows.h"
#include "measure/internal/numbers.h"

namespace tact::internal::charts {
namespace {

constexpr std::size_t kComparable = 4;  // fewer rows do not say what is far
constexpr double kFarOut = 2.0;         // times the median reach is where the drawing ends, ...
constexpr double kWorthCutting = 1.5;   // ... if an interval goes so many times further

// All estimates, and the intervals as far as they are comparable with the others.
Scale scale_of(const Forest& forest) {
  std::vector<double> reach, values = {-forest.smallest, forest.smallest};
  for (const ForestRow& row : forest.rows) {
    if (row.drawn) reach.push_back(std::max(std::abs(row.low), std::abs(row.high)));
  }
  if (reach.empty()) return scale_with_zero(values, 0.06);
  const double furthest = *std::max_element(reach.begin(), reach.end());
  std::nth_element(reach.begin(), reach.begin() + static_cast<std::ptrdiff_t>(reach.size() / 2),
                   reach.end());
  const double end = kFarOut * reach[reach.size() / 2];
  const bool cut = !forest.whole && reach.size() >= kComparable && furthest > kWorthCutting * end;
  const double limit = cut ? end : std::numeric_limits<double>::max();
  for (const ForestRow& row : forest.rows) {
    if (!row.drawn) continue;
    values.push_back(row.estimate);
    for (const double at : {row.low, row.high}) {
      values.push_back(row.emphasis ? at : std::clamp(at, -limit, limit));
    }
  }
  return scale_with_zero(values, 0.06);
}

std::string row_marks(const ForestRow& row, const Scale& scale) {
  const double low = scale.share(row.low), high = scale.share(row.high);
  const std::string tone(css_of(row.tone));
  std::string out = "<line class=\"whisker " + tone + (row.emphasis ? " strong" : "") + "\" x1=\"" +
                    percent_at(low) + "\" x2=\"" + percent_at(high) + "\"/>";
  const auto end = [&](double share, const char* arrow) {
    const bool outside = share < 0.0 || share > 1.0;
    out += "<svg class=\"at\" x=\"" + percent_at(share) + "\"><path class=\"" +
           (outside ? "solid " : "cap ") + tone + "\" d=\"" + (outside ? arrow : "M0-5V5") +
           "\"/></svg>";
  };
  end(low, "M-2 0L7-5V5Z");
  end(high, "M2 0L-7-5V5Z");
  const bool clear = row.low > 0.0 || row.high < 0.0;
  return out +
         marker(row.shape, scale.share(row.estimate), 0.0, (clear ? "solid " : "hollow ") + tone);
}

std::string behind(const Forest& forest, const Scale& scale) {
  std::string out;
  if (forest.smallest > 0.0) {
    const double from = std::max(0.0, scale.share(-forest.smallest));
    const double to = std::min(1.0, scale.share(forest.smallest));
    out += "<rect class=\"tiny\" x=\"" + percent_at(from) + "\" width=\"" + percent_at(to - from) +
           "\" y=\"0\" height=\"100%\"/>";
  }
  const std::string zero = percent_at(scale.share(0.0));
  return out + "<line class=\"zero\" x1=\"" + zero + "\" x2=\"" + zero +
         "\" y1=\"0\" y2=\"100%\"/>";
}

// Round numbers left and right of the zero line's own words, which have the room first. A narrow
// drawing leaves out those of class "roomy".
std::string axis(const Forest& forest, const Scale& scale) {
  const double zero = scale.share(0.0);
  const bool at_edge = zero < 0.1 || zero > 0.9;
  const auto anchor = [](double share) {
    return share < 0.1 ? "start" : share > 0.9 ? "end" : "middle";
  };
  std::string out = text_at(zero, 15.0, anchor(zero), "", forest.zero);
  const std::vector<double> at = ticks(scale, 7);
  for (std::size_t i = 0; i < at.size(); ++i) {
    const double share = scale.share(at[i]), away = std::abs(share - zero);
    if (away < (at_edge ? 0.14 : 0.08) || share < 0.02 || share > 0.98) continue;
    const bool odd = std::lround(at[i] / (at[1] - at[0])) % 2 != 0;
    const bool roomy = away < (at_edge ? 0.36 : 0.26) || (at.size() > 4 && odd);
    out += text_at(share, 15.0, anchor(share), roomy ? "roomy" : "",
                   signed_decimal(at[i], tick_digits(at)));
  }
  return out;
}

}  // namespace

std::string forest(const Forest& forest) {
  if (forest.rows.empty()) return {};
  const Scale scale = scale_of(forest);
  Table table{{forest.name_head, forest.figure_head}, {}};
  std::vector<RowText> texts;
  std::string marks;
  for (std::size_t i = 0; i < forest.rows.size(); ++i) {
    const ForestRow& row = forest.rows[i];
    texts.push_back({row.name, row.aside, row.figure, row.heading, row.emphasis, row.indent});
    table.rows.push_back(
        {row.name + (row.aside.empty() ? "" : " (" + row.aside + ")"), row.figure});
    if (row.drawn) marks += row_group(i, forest.rows.size(), row_marks(row, scale));
  }
  return figure(forest.frame, "forest",
                rows_markup(forest.frame, texts, behind(forest, scale), marks, axis(forest, scale)),
                table);
}

}  // namespace tact::internal::charts
