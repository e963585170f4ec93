// tact visitor show, export and unlink ID.
#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/terminal.h"
#include "engine/export.h"

namespace tact::cli {

namespace {

struct Given {
  std::string id, data, kind = std::string(kAnonymousKind), because;
  bool user = false;

  NamedId named() const { return {user ? std::string(kUserKind) : kind, id}; }
};

int print(const Given& given, const Result<json::value>& shown) {
  if (!shown.has_value()) {
    Error error = shown.error();
    if (error.code == ErrorCode::kUnavailable)
      return fail(error, "start `tact serve` with this --data: it is asked");
    if (error.where.empty()) error.where = given.named().kind + " " + given.id;
    return fail_to_open(error, given.data);
  }
  std::fputs(to_pretty_string(*shown).c_str(), stdout);
  return 0;
}

std::string target_of(const Given& given, std::string_view what) {
  return "/v1/visitors/" + percent_encode(given.id) + std::string(what) +
         "?kind=" + percent_encode(given.named().kind);
}

Result<json::value> from_server(const Given& given, std::string_view what) {
  return ask_server(given.data, target_of(given, what));
}

Result<json::value> exported(const Given& given) {
  auto answer = from_server(given, "/export");
  if (answer.has_value() || answer.error().code != ErrorCode::kUnavailable) return answer;
  TACT_ASSIGN(const OpenedData data, open_data(given.data));
  TACT_ASSIGN(json::object out,
              export_visitor(*data.store, data.keys.install_key(), given.named()));
  return json::value(std::move(out));
}

Result<json::value> unlinked(const Given& given) {
  return tell_server(given.data,
                     target_of(given, "/unlink") + "&reason=" + percent_encode(given.because));
}

CLI::App* add(CLI::App& parent, const char* name, const char* help,
              const std::shared_ptr<Given>& given) {
  CLI::App* command = parent.add_subcommand(name, help);
  command->add_option("ID", given->id, "Anonymous id; user id with --user; else see --kind")
      ->required();
  command->add_option("--data", given->data, "Data directory")->type_name("DIR")->required();
  CLI::Option* user = command->add_flag("--user", given->user, "ID is a user id");
  command->add_option("--kind", given->kind, "What ID is: email, crm, loyalty, … (anonymous)")
      ->excludes(user);
  return command;
}

}  // namespace

void add_visitor(CLI::App& app, Run& run) {
  auto given = std::make_shared<Given>();
  CLI::App* visitor = app.add_subcommand("visitor", "What is known of one visitor");
  visitor->require_subcommand(1);
  add(*visitor, "show",
      "Consent, visit, signals, affinities, answers, cart, …, as JSON (asks the running server)",
      given)
      ->callback(
          [&run, given] { run = [given] { return print(*given, from_server(*given, "")); }; });
  add(*visitor, "export", "Every record of the visitor, in order, as JSON", given)
      ->callback([&run, given] { run = [given] { return print(*given, exported(*given)); }; });
  CLI::App* unlink =
      add(*visitor, "unlink",
          "Undo that this id belongs to another visitor (by the running server)", given);
  unlink->add_option("--because", given->because, "Why; kept in both histories");
  unlink->footer(
      "Both are then what they would be had the link never been made; what came while they were\n"
      "one stays with the other. A new login links again.");
  unlink->callback([&run, given] { run = [given] { return print(*given, unlinked(*given)); }; });
}

}  // namespace tact::cli
