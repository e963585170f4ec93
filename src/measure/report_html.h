// Reports as one self-contained HTML file: no script, nothing loaded, plots as inline SVG with text
// alternatives; light, dark and print. Every text is escaped.
#pragma once

#include <string>

#include "measure/report.h"

namespace tact {

std::string to_html(const Reports& reports);

}  // namespace tact
