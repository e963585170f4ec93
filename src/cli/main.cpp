// The `tact` command line.
#include <ios>

#include "cli/commands.h"
#include "cli/terminal.h"

namespace {

// What --help says beside an option's name: what to give, the default, and that it is needed.
class Formatter final : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_type_size() == 0) return {};
    // "TEXT:DIR", "INT:INT in [1 - 16]": behind the colon the check says it better.
    const std::string type = option->get_type_name();
    std::string text = option->nonpositional() ? " " + type.substr(type.find(':') + 1) : "";
    if (option->get_expected_max() > 1) text += "...";
    if (!option->get_default_str().empty()) text += " (" + option->get_default_str() + ")";
    return option->get_required() ? text + " needed" : text;
  }
};

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

// "tact init --help": help for what does not exist would look like an answer.
bool names_no_command(const CLI::App& at) {
  const std::vector<std::string> rest = at.remaining();
  return !rest.empty() && !rest.front().starts_with('-') && !commands_of(at).empty();
}

// CLI11 itself names what it did not expect from the last to the first.
std::string unexpected(const std::vector<std::string>& rest) {
  std::string words = "not expected here:";
  for (const std::string& word : rest) words += " " + word;
  return words;
}

int not_understood(const CLI::App& at, const CLI::ParseError& error) {
  const auto invalid = [](std::string what) {
    return tact::make_error(tact::ErrorCode::kInvalid, std::move(what));
  };
  const std::string commands = commands_of(at);
  const std::vector<std::string> rest = at.remaining();
  if (commands.empty() && !rest.empty()) return tact::cli::wrong_use(invalid(unexpected(rest)));
  if (commands.empty()) return tact::cli::wrong_use(invalid(error.what()));
  if (!rest.empty() && rest.front().starts_with('-'))
    return tact::cli::wrong_use(invalid("there is no option " + rest.front()));
  return tact::cli::wrong_use(
      invalid(rest.empty() ? "a command is missing" : "there is no command " + rest.front()),
      "one of " + commands);
}

// "--html ''": what was to be given is not, most often a variable of a script. Calculators say so
// in JSON.
const CLI::Option* given_empty(const CLI::App& at) {
  if (at.get_parent() != nullptr && at.get_parent()->get_name() == "stats") return nullptr;
  for (const CLI::Option* option : at.get_options()) {
    if (option->get_type_size() == 0) continue;
    for (const std::string& value : option->results()) {
      if (value.empty()) return option;
    }
  }
  return nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);  // std::cin by the block: nothing else reads standard input
  CLI::App app{
      "Tact finds out what a visitor is trying to do right now, shows the one thing that helps — "
      "or\n"
      "nothing — and proves whether it helped.\n\nStart with: tact demo"};
  app.name("tact");
  app.set_version_flag("--version", std::string("tact ") + TACT_VERSION);
  app.require_subcommand(1);
  app.formatter(std::make_shared<Formatter>());
  tact::cli::Run run;
  tact::cli::add_serve(app, run);
  tact::cli::add_check(app, run);
  tact::cli::add_import(app, run);
  tact::cli::add_visitor(app, run);
  tact::cli::add_explain(app, run);
  tact::cli::add_report(app, run);
  tact::cli::add_experiment(app, run);
  tact::cli::add_freshness(app, run);
  tact::cli::add_simulate(app, run);
  tact::cli::add_stats(app, run);
  tact::cli::add_verify(app, run);
  std::string command;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const CLI::App* at = understood(app, command);
    if (error.get_exit_code() == 0 && !names_no_command(*at)) return app.exit(error);
    tact::cli::set_command(command);
    return not_understood(*at, error);
  }
  const CLI::App* at = understood(app, command);
  tact::cli::set_command(command);
  if (const CLI::Option* empty = given_empty(*at)) {
    return tact::cli::wrong_use(
        tact::make_error(tact::ErrorCode::kInvalid, empty->get_name() + " is empty"));
  }
  return run ? run() : 2;
}
