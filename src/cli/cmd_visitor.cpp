// tact visitor show, export and unlink ID.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/terminal.h"
#include "engine/export.h"

namespace tact::cli {

namespace {

struct Given {
  std::string id, ids, data, kind = std::string(kAnonymousKind), because;
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

// By the running server, else from the data, which is opened once for all ids.
class Exporter {
 public:
  Result<json::value> operator()(const Given& given) {
    if (!data_) {
      auto answer = from_server(given, "/export");
      if (answer.has_value() || answer.error().code != ErrorCode::kUnavailable) return answer;
      TACT_ASSIGN(OpenedData opened, open_data(given.data));
      data_ = std::move(opened);
    }
    TACT_ASSIGN(json::object out,
                export_visitor(*data_->store, data_->keys.install_key(), given.named()));
    return json::value(std::move(out));
  }

 private:
  std::optional<OpenedData> data_;
};

// One line of JSON. False: nothing is known of the id. Any other error ends the export.
Result<bool> write_line(Exporter& exporter, const Given& given) {
  auto answer = exporter(given);
  // What names a place is about the data, not about the id.
  const bool unknown = !answer.has_value() && answer.error().code == ErrorCode::kNotFound &&
                       answer.error().where.empty();
  if (!answer.has_value() && !unknown) return answer.error();
  json::object line{{"id", given.id}, {"kind", given.named().kind}};
  line["visitor"] = unknown ? json::value(nullptr) : answer->as_object()["visitor"];
  line["records"] = unknown ? json::value(json::array{}) : answer->as_object()["records"];
  std::puts(json::serialize(line).c_str());
  return !unknown;
}

int export_lines(Given given, std::istream& in) {
  Exporter exporter;
  std::uint64_t ids = 0, unknown = 0;
  std::string first_unknown;
  while (std::getline(in, given.id)) {
    if (given.id.ends_with('\r')) given.id.pop_back();
    if (given.id.empty()) continue;
    ++ids;
    const auto known = write_line(exporter, given);
    if (!known.has_value()) return fail_to_open(known.error(), given.data);
    if (!*known && unknown++ == 0) first_unknown = given.named().kind + " " + given.id;
  }
  if (in.bad()) {
    return fail(
        make_error(ErrorCode::kUnavailable, "the ids could not be read to their end", given.ids));
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    return fail(make_error(ErrorCode::kUnavailable, "not everything could be written", "stdout"));
  }
  if (unknown == 0) return 0;
  return fail(make_error(ErrorCode::kNotFound,
                         "nothing is known of " + with_thousands(unknown) + " of " +
                             with_thousands(ids) + " ids",
                         first_unknown),
              "is their kind right? --user, --kind email, …; all others are written");
}

int export_given(const Given& given) {
  if (given.ids.empty() && given.id.empty())
    return wrong_use(make_error(ErrorCode::kInvalid, "ID or --ids is required"));
  if (given.ids.empty()) return print(given, Exporter()(given));
  if (given.ids == "-") return export_lines(given, std::cin);
  std::error_code unknown;
  if (std::filesystem::is_directory(given.ids, unknown)) {
    return wrong_use(make_error(ErrorCode::kInvalid, "this is a folder, not a file", given.ids));
  }
  std::ifstream in(given.ids, std::ios::binary);
  if (!in) return wrong_use(make_error(ErrorCode::kNotFound, "cannot read the ids", given.ids));
  return export_lines(given, in);
}

Result<json::value> unlinked(const Given& given) {
  return tell_server(given.data,
                     target_of(given, "/unlink") + "&reason=" + percent_encode(given.because));
}

// What CLI11 shows behind the option's name; empty: it is one.
std::string kind_problem(const std::string& kind) {
  for (const std::string_view known : {kAnonymousKind, kUserKind, kClaimedKind}) {
    if (kind == known) return {};
  }
  if (is_further_kind(kind)) return {};
  return "\"" + kind + "\" is no kind of id: up to 32 of a-z, 0-9 and _, like email or crm";
}

CLI::App* add(CLI::App& parent, const char* name, const char* help,
              const std::shared_ptr<Given>& given) {
  CLI::App* command = parent.add_subcommand(name, help);
  command->add_option("ID", given->id, "Anonymous id; user id with --user; else see --kind");
  command->add_option("--data", given->data, "Data directory")->type_name("DIR")->required();
  CLI::Option* user = command->add_flag("--user", given->user, "ID is a user id");
  command->add_option("--kind", given->kind, "What ID is: email, crm, loyalty, … (anonymous)")
      ->excludes(user)
      ->check(CLI::Validator(kind_problem, ""));
  return command;
}

void require_id(CLI::App& command) { command.get_option("ID")->required(); }

void add_export(CLI::App& visitor, Run& run, const std::shared_ptr<Given>& given) {
  CLI::App* command =
      add(visitor, "export", "Every record of the visitor, in order, as JSON", given);
  command->add_option("--ids", given->ids, "Of many: a file of ids, one a line (- for stdin)")
      ->type_name("FILE")
      ->excludes(command->get_option("ID"));
  command->footer(
      "With --ids one JSON object a line: id, kind, visitor, records, in the order of the ids;\n"
      "visitor is null where nothing is known, and the exit status is then 1.");
  command->callback([&run, given] { run = [given] { return export_given(*given); }; });
}

}  // namespace

void add_visitor(CLI::App& app, Run& run) {
  auto given = std::make_shared<Given>();
  CLI::App* visitor = app.add_subcommand("visitor", "What is known of one visitor");
  visitor->require_subcommand(1);
  CLI::App* show = add(
      *visitor, "show",
      "Consent, visit, signals, affinities, answers, cart, …, as JSON (asks the running server)",
      given);
  require_id(*show);
  show->callback(
      [&run, given] { run = [given] { return print(*given, from_server(*given, "")); }; });
  add_export(*visitor, run, given);
  CLI::App* unlink =
      add(*visitor, "unlink",
          "Undo that this id belongs to another visitor (by the running server)", given);
  require_id(*unlink);
  unlink->add_option("--because", given->because, "Why; kept in both histories");
  unlink->footer(
      "Both are then what they would be had the link never been made; what came while they were\n"
      "one stays with the other. A new login links again.");
  unlink->callback([&run, given] { run = [given] { return print(*given, unlinked(*given)); }; });
}

}  // namespace tact::cli
