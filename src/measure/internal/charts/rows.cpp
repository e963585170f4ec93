#include "measure/internal/charts/rows.h"

namespace tact::internal::charts {

double row_middle(std::size_t i, std::size_t rows) {
  return (static_cast<double>(i) + 0.5) / static_cast<double>(rows);
}

std::string row_group(std::size_t i, std::size_t rows, const std::string& marks) {
  return "<svg class=\"at\" width=\"100%\" y=\"" + percent_at(row_middle(i, rows)) + "\">" + marks +
         "</svg>";
}

std::string rows_markup(const Frame& frame, const std::vector<RowText>& rows,
                        const std::string& behind, const std::string& marks,
                        const std::string& below) {
  std::string names, figures;
  for (const RowText& row : rows) {
    std::string css = row.heading ? "heading" : row.emphasis ? "strong" : "";
    if (row.indent) css += css.empty() ? "indent" : " indent";
    const std::string title = escape(row.name + (row.aside.empty() ? "" : ", " + row.aside));
    names += "<div" + (css.empty() ? "" : " class=\"" + css + "\"") + "><span title=\"" + title +
             "\">" + escape(row.name) +
             (row.aside.empty() ? "" : " <small>" + escape(row.aside) + "</small>") +
             "</span></div>\n";
    figures += "<div" + (css.empty() ? "" : " class=\"" + css + "\"") + "><span>" +
               escape(row.figure) + "</span></div>\n";
  }
  return "<div class=\"rows\">\n<div class=\"names\" aria-hidden=\"true\">\n" + names +
         "</div>\n<div class=\"marks\">" + svg_start(frame, "width=\"100%\" height=\"100%\"") +
         behind + marks + "</svg></div>\n<div class=\"figures\" aria-hidden=\"true\">\n" + figures +
         "</div>\n" +
         (below.empty()
              ? ""
              : "<svg class=\"below\" aria-hidden=\"true\" width=\"100%\" height=\"20\">" + below +
                    "</svg>\n") +
         "</div>";
}

}  // namespace tact::internal::charts
