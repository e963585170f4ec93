// Reports for the terminal: the verdict first, then the numbers with their uncertainty. At most 100
// columns, UTF-8; colour only if asked for, and never alone.
#pragma once

#include <string>

#include "measure/report.h"

namespace tact {

struct TextOptions {
  bool color = false;  // the caller looks at the terminal and NO_COLOR
};

std::string to_text(const Reports& reports, const TextOptions& options = {});

}  // namespace tact
