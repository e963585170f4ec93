// tact visitor show ID, tact visitor export ID.
#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/terminal.h"
#include "engine/export.h"

namespace tact::cli {

namespace {

struct Given {
  std::string id, data;
  bool user = false;
};

int print(const Result<json::value>& shown) {
  if (!shown.has_value()) return fail(shown.error());
  std::fputs(to_pretty_string(*shown).c_str(), stdout);
  return 0;
}

Result<json::value> from_server(const Given& given, std::string_view what) {
  return ask_server(given.data, "/v1/visitors/" + percent_encode(given.id) + std::string(what) +
                                    (given.user ? "?kind=user" : ""));
}

Result<json::value> exported(const Given& given) {
  auto answer = from_server(given, "/export");
  if (answer.has_value() || answer.error().where != given.data) return answer;
  TACT_ASSIGN(const OpenedData data, open_data(given.data));
  TACT_ASSIGN(json::object out,
              export_visitor(*data.store, data.keys.install_key(), given.user ? "" : given.id,
                             given.user ? given.id : ""));
  return json::value(std::move(out));
}

CLI::App* add(CLI::App& parent, const char* name, const char* help,
              const std::shared_ptr<Given>& given) {
  CLI::App* command = parent.add_subcommand(name, help);
  command->add_option("ID", given->id, "Anonymous id, or user id with --user")->required();
  command->add_option("--data", given->data, "Data directory")->required();
  command->add_flag("--user", given->user, "ID is a user id");
  return command;
}

}  // namespace

void add_visitor(CLI::App& app, Run& run) {
  auto given = std::make_shared<Given>();
  CLI::App* visitor = app.add_subcommand("visitor", "What is known of one visitor");
  visitor->require_subcommand(1);
  add(*visitor, "show",
      "Consent, visit, signals, intents and cart, as JSON (asks the running server)", given)
      ->callback([&run, given] { run = [given] { return print(from_server(*given, "")); }; });
  add(*visitor, "export", "Every record of the visitor, in order, as JSON", given)
      ->callback([&run, given] { run = [given] { return print(exported(*given)); }; });
}

}  // namespace tact::cli
