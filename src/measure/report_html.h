// Reports as one self-contained HTML file: no script, nothing loaded, charts as inline SVG with
// text alternatives; light, dark and print. Every text is escaped. The same reports give the same
// bytes.
#pragma once

#include <string>

#include "measure/report.h"

namespace tact {

std::string to_html(const Reports& reports);

}  // namespace tact
