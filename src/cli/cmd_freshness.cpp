// tact freshness: which facts are stale, and who relies on them.
#include "engine/freshness.h"

#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/terminal.h"

namespace tact::cli {
namespace {

struct Given {
  std::string data;
  bool json = false;
};

struct Printed {
  std::string text;
  bool findings = false;
};

Result<Printed> read_here(const Given& given) {
  TACT_ASSIGN(const OpenedData data, open_data(given.data));
  const auto state = data.playbooks->current();
  TACT_ASSIGN(const Freshness all, freshness(*data.store, *state->playbook, WallClock().now()));
  bool findings = false;
  for (const FactFreshness& fact : all.facts) findings = findings || fact.is_finding();
  return Printed{given.json ? to_pretty_string(to_json(all)) : to_text(all), findings};
}

bool has_findings(const json::value& answer) {
  for (const json::value& fact : answer.at("facts").as_array()) {
    if (!fact.at("finding").is_null()) return true;
  }
  return false;
}

// A running server answers for the directory it has open.
Result<Printed> ask(const Given& given) {
  TACT_ASSIGN(const json::value answer, ask_server(given.data, "/v1/freshness"));
  Printed out{.text = {}, .findings = has_findings(answer)};
  if (given.json) {
    out.text = to_pretty_string(answer);
  } else {
    TACT_ASSIGN(out.text, ask_server_text(given.data, "/v1/freshness?format=text"));
  }
  return out;
}

int print(const Given& given) {
  auto printed = read_here(given);
  if (!printed.has_value() && printed.error().code == ErrorCode::kConflict) printed = ask(given);
  if (!printed.has_value()) return fail_to_open(printed.error(), given.data);
  std::fputs(printed->text.c_str(), stdout);
  return printed->findings ? 1 : 0;
}

}  // namespace

void add_freshness(CLI::App& app, Run& run) {
  auto given = std::make_shared<Given>();
  CLI::App* command = app.add_subcommand(
      "freshness", "How old what is known of customers is, and which moments rely on it");
  command->add_option("--data", given->data, "Data directory")->type_name("DIR")->required();
  command->add_flag("--json", given->json, "As JSON");
  command->footer(
      "Exit status: 0, or 1 if a moment asks for a fact that nobody told or that is stale for "
      "half\n"
      "of those who have it; 2 wrong use.");
  command->callback([&run, given] { run = [given] { return print(*given); }; });
}

}  // namespace tact::cli
