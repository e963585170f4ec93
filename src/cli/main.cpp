// The `tact` command line.
#include <iostream>

#include "cli/commands.h"

int main(int argc, char** argv) {
  CLI::App app{
      "Tact finds out what a visitor is trying to do right now, shows the one thing that helps — "
      "or\n"
      "nothing — and proves whether it helped.\n\nStart with: tact demo"};
  app.name("tact");
  app.set_version_flag("--version", std::string("tact ") + TACT_VERSION);
  app.require_subcommand(1);
  app.failure_message([](const CLI::App* failed, const CLI::Error& error) {
    return "tact: " + std::string(error.what()) + "\nTry: " + failed->get_name() + " --help\n";
  });
  tact::cli::Run run;
  tact::cli::add_serve(app, run);
  tact::cli::add_check(app, run);
  tact::cli::add_import(app, run);
  tact::cli::add_visitor(app, run);
  tact::cli::add_explain(app, run);
  tact::cli::add_report(app, run);
  tact::cli::add_simulate(app, run);
  tact::cli::add_verify(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return run ? run() : 2;
}
