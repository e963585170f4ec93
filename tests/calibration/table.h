// The rows as markdown tables, and whether a document holds just these rows.
#pragma once

#include <string>
#include <vector>

#include "harness.h"

namespace tact::calibration {

// A heading and a table for each kind of world ("kind: world" are their names).
std::string to_markdown(const std::vector<Row>& rows);

// The tables of `document` name just these worlds, methods and targets; on standard error what is
// missing there or does not exist any more.
bool same_rows(const std::vector<World>& worlds, const std::string& document);

}  // namespace tact::calibration
