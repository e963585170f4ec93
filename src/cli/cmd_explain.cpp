// tact explain DECISION: why this visitor saw this, derived again from the log.
#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/terminal.h"
#include "engine/derive.h"
#include "engine/engine.h"

namespace tact::cli {
namespace {

std::string text_at(const json::object& object, std::string_view key) {
  return std::string(string_at(object, key));
}

void print_because(const json::object& why) {
  if (const json::array* because = array_at(why, "because");
      because != nullptr && !because->empty()) {
    std::printf("Because this visitor\n");
    for (const json::value& line : *because) {
      std::printf("  + %s (%+.1f)\n", text_at(line.get_object(), "says").c_str(),
                  line.at("points").to_number<double>());
    }
  }
  std::printf("What the visitor seems to be trying to do\n");
  for (const json::value& intent : why.at("intents").get_array()) {
    std::printf("  %-28s %3.0f %%  %s\n", text_at(intent.get_object(), "id").c_str(),
                intent.at("p").to_number<double>() * 100,
                text_at(intent.get_object(), "level").c_str());
  }
}

void print_text(const json::object& explained) {
  const json::object& why = explained.at("why").get_object();
  const std::string message = text_at(explained, "message");
  const std::string outcome = text_at(explained, "outcome");
  std::printf("%s in %s: %s\n", bold(text_at(explained, "at")).c_str(),
              text_at(explained, "slot").c_str(),
              message.empty() ? "the default" : (message + " was " + outcome).c_str());
  if (why.at("moment").is_string()) {
    std::printf("Moment %s: %s\n", text_at(why, "moment").c_str(), text_at(why, "need").c_str());
  }
  print_because(why);
  if (const json::array* others = array_at(why, "not_shown");
      others != nullptr && !others->empty()) {
    std::printf("Not shown\n");
    for (const json::value& other : *others) {
      const json::object& item = other.get_object();
      const std::string guard = text_at(item, "guard");
      std::printf("  %-20s %s%s\n", text_at(item, "moment").c_str(),
                  guard.empty() ? "" : (guard + ": ").c_str(), text_at(item, "says").c_str());
    }
  }
  std::printf("Playbook %s\n", text_at(why, "playbook").c_str());
  std::printf(explained.at("agrees").get_bool()
                  ? "Derived again from the log: it agrees with what was recorded.\n"
                  : "DERIVED AGAIN, IT DIFFERS from what was recorded: run `tact verify`.\n");
}

// From the store if no server has it open.
Result<json::object> explain_here(const std::string& directory, const DecisionId& id) {
  TACT_ASSIGN(OpenedData data, open_data(directory));
  return explain_decision(*data.store, *data.playbooks, data.keys.install_key(), id);
}

Result<json::object> explain_there(const std::string& directory, const std::string& decision) {
  TACT_ASSIGN(json::value answer, ask_server(directory, "/v1/decisions/" + decision));
  return std::move(answer.get_object());
}

}  // namespace

void add_explain(CLI::App& app, Run& run) {
  struct Given {
    std::string decision, data;
    bool json = false;
  };
  auto given = std::make_shared<Given>();
  CLI::App* command =
      app.add_subcommand("explain", "Why a visitor saw what they saw, derived again from the log");
  command->add_option("DECISION", given->decision, "Decision id, d_…")->required();
  command->add_option("--data", given->data, "Data directory")->type_name("DIR")->required();
  command->add_flag("--json", given->json, "The explanation as JSON");
  command->callback([&run, given] {
    run = [given] {
      const auto id = DecisionId::parse(given->decision);
      if (!id) {
        return wrong_use(make_error(ErrorCode::kInvalid, "not a decision id", given->decision),
                         "an id as decide answers it: d_ and 28 characters");
      }
      auto explained = explain_there(given->data, given->decision);
      if (!explained.has_value() && explained.error().code == ErrorCode::kUnavailable)
        explained = explain_here(given->data, *id);
      if (!explained.has_value()) {
        Error error = explained.error();
        if (error.where != given->data) error.where = given->decision;
        return fail_to_open(error, given->data);
      }
      if (given->json) {
        std::fputs(to_pretty_string(*explained).c_str(), stdout);
      } else {
        print_text(*explained);
      }
      return explained->at("agrees").get_bool() ? 0 : 1;
    };
  });
}

}  // namespace tact::cli
