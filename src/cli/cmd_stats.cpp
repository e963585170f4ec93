// tact stats: the estimators as calculators with a fixed contract (docs/stats.md).
#include "cli/commands.h"
#include "cli/stats/calculators.h"

namespace tact::cli {

void add_stats(CLI::App& app, Run& run) {
  CLI::App* stats =
      app.add_subcommand("stats", "Calculators: one JSON object (or CSV) in, one JSON object out");
  stats->require_subcommand(1);
  add_compare(*stats, run);
  add_sample_ratio(*stats, run);
  add_power(*stats, run);
  add_adjust(*stats, run);
  add_value(*stats, run);
  add_off_policy(*stats, run);
  add_uplift(*stats, run);
  stats->footer(
      "Wrong input is answered with {\"error\": {\"code\", \"message\", \"field\"}}.\n"
      "Exit status: 0, or 2 for wrong input.");
}

}  // namespace tact::cli
