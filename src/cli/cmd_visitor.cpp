// tact visitor show ID.
#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/terminal.h"

namespace tact::cli {

void add_visitor(CLI::App& app, Run& run) {
  struct Given {
    std::string id, data;
    bool user = false;
  };
  auto given = std::make_shared<Given>();
  CLI::App* visitor = app.add_subcommand("visitor", "What is known of one visitor");
  visitor->require_subcommand(1);
  CLI::App* show = visitor->add_subcommand("show", "Consent, visit, signals, intents and cart, as JSON");
  show->add_option("ID", given->id, "Anonymous id, or user id with --user")->required();
  show->add_option("--data", given->data, "Data directory of the running server")->required();
  show->add_flag("--user", given->user, "ID is a user id");
  show->callback([&run, given] {
    run = [given] {
      const auto shown = ask_server(given->data, "/v1/visitors/" + given->id + (given->user ? "?kind=user" : ""));
      if (!shown.has_value()) return fail(shown.error(), "start the server that has this data directory");
      std::fputs(to_pretty_string(*shown).c_str(), stdout);
      return 0;
    };
  });
}

}  // namespace tact::cli
