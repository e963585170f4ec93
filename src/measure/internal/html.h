// Pieces of the HTML report: escaping, the style sheet, and the plots.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "measure/report.h"

namespace tact::internal {

std::string escape_html(std::string_view text);  // also for attributes in double quotes
std::string_view style_sheet();
std::string_view tone_of(Verdict verdict);  // class: "helps", "hurts", "open", "none"
std::string verdict_tag(const Findings& report);

// From values to percent of a plot's width: zero is always inside, with a little air.
class Scale {
 public:
  explicit Scale(const std::vector<double>& values, double air = 0.06);
  double at(double value) const { return (value - from_) / (to_ - from_) * 100.0; }

 private:
  double from_ = 0.0, to_ = 1.0;
};

// Effects of the judged moments per 1,000 visitors, one row each, on one scale; empty without any.
std::string forest_plot(const std::vector<const Findings*>& reports);
// The interval of one moment.
std::string interval_plot(const Findings& report);
// What last click credits beside what came because of it; needs an effect.
std::string credit_plot(const Findings& report);

}  // namespace tact::internal
