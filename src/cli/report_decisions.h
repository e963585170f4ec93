// tact report MOMENT --decisions FILE: a moment's decisions for `tact stats ope`.
#pragma once

#include <string>

namespace tact::cli {

struct DecisionsGiven {
  std::string file;  // "-": standard output
  std::string goal, from, until, as_of;
  bool money = false;
};

// Exit status. Asks the running server if there is one.
int report_decisions(const std::string& data, const std::string& moment,
                     const DecisionsGiven& given);

}  // namespace tact::cli
