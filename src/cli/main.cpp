// The `tact` command line.
#include <iostream>

#include "cli/commands.h"

namespace {

// The command as far as it was understood: "tact visitor show".
const CLI::App* understood(const CLI::App& app, std::string& name) {
  const CLI::App* at = &app;
  name = "tact";
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().front();
    name += " " + at->get_name();
  }
  return at;
}

std::string commands_of(const CLI::App& app) {
  std::string names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names += (names.empty() ? "" : ", ") + command->get_name();
  }
  return names;
}

int wrong_use(const CLI::App& app, const CLI::ParseError& error) {
  std::string name;
  const CLI::App* at = understood(app, name);
  const std::string commands = commands_of(*at);
  const std::vector<std::string> rest = at->remaining();
  if (!commands.empty() && at->get_subcommands().empty()) {
    const std::string what =
        rest.empty() ? "a command is missing" : "there is no command " + rest.front();
    std::cerr << "tact: " << what << "\n  at: " << name << "\n  try: one of " << commands << "\n";
  } else {
    std::cerr << "tact: " << error.what() << "\n  at: " << name << "\n  try: " << name
              << " --help\n";
  }
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Tact finds out what a visitor is trying to do right now, shows the one thing that helps — "
      "or\n"
      "nothing — and proves whether it helped.\n\nStart with: tact demo"};
  app.name("tact");
  app.set_version_flag("--version", std::string("tact ") + TACT_VERSION);
  app.require_subcommand(1);
  tact::cli::Run run;
  tact::cli::add_serve(app, run);
  tact::cli::add_check(app, run);
  tact::cli::add_import(app, run);
  tact::cli::add_visitor(app, run);
  tact::cli::add_explain(app, run);
  tact::cli::add_report(app, run);
  tact::cli::add_freshness(app, run);
  tact::cli::add_simulate(app, run);
  tact::cli::add_stats(app, run);
  tact::cli::add_verify(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? app.exit(error) : wrong_use(app, error);
  }
  return run ? run() : 2;
}
