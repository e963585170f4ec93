// Reports as JSON for `/v1/reports` and `tact report --json`. Schema: docs/report.md. Rates and
// differences are per visitor (0.031 = 31 per 1,000); money is in minor units; times are RFC 3339.
#pragma once

#include "base/json.h"
#include "measure/report.h"

namespace tact {

json::object to_json(const Findings& report);
json::object to_json(const Reports& reports);

}  // namespace tact
