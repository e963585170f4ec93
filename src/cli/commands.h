// One function per command: adds its options to the parser and returns what to run. Exit status: 0
// fine, 1 findings or failure, 2 wrong use.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace tact::cli {

// Registers the command; sets `run` when it was the one given.
using Run = std::function<int()>;
void add_serve(CLI::App& app, Run& run);       // serve, demo
void add_check(CLI::App& app, Run& run);       // check
void add_import(CLI::App& app, Run& run);      // import
void add_verify(CLI::App& app, Run& run);      // verify, rebuild
void add_explain(CLI::App& app, Run& run);     // explain
void add_visitor(CLI::App& app, Run& run);     // visitor show
void add_report(CLI::App& app, Run& run);      // report
void add_experiment(CLI::App& app, Run& run);  // experiment import
void add_freshness(CLI::App& app, Run& run);   // freshness
void add_simulate(CLI::App& app, Run& run);    // simulate
void add_stats(CLI::App& app, Run& run);       // stats compare, srm, …

}  // namespace tact::cli
