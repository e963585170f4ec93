// The calculators: each registers its command below `tact stats` and reads, computes, prints.
#pragma once

#include "cli/commands.h"

namespace tact::cli {

void add_compare(CLI::App& stats, Run& run);
void add_sample_ratio(CLI::App& stats, Run& run);
void add_power(CLI::App& stats, Run& run);
void add_adjust(CLI::App& stats, Run& run);
void add_value(CLI::App& stats, Run& run);
void add_off_policy(CLI::App& stats, Run& run);
void add_uplift(CLI::App& stats, Run& run);

}  // namespace tact::cli
