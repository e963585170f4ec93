// tact verify, tact rebuild: state = fold(history).
#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/terminal.h"
#include "engine/check.h"

namespace tact::cli {
namespace {

struct Given {
  std::string data;
  bool json = false;
};

void print(const CheckReport& report, bool as_json, std::string_view verdict) {
  if (as_json) {
    json::array problems;
    for (const std::string& problem : report.problems) problems.emplace_back(problem);
    std::fputs(to_pretty_string(json::object{{"ok", report.ok()},
                                             {"records", report.records},
                                             {"visitors", report.visitors},
                                             {"facts", report.facts},
                                             {"refold_later", report.refold_later},
                                             {"problems_total", report.problems_total},
                                             {"problems", std::move(problems)}})
                   .c_str(),
               stdout);
    return;
  }
  for (const std::string& problem : report.problems) std::printf("  %s\n", problem.c_str());
  std::printf("%s  %s records, %s visitors, %s rows of facts, %.0f MB at most in memory\n",
              bold(verdict).c_str(), with_thousands(report.records).c_str(),
              with_thousands(report.visitors).c_str(), with_thousands(report.facts).c_str(),
              peak_memory_mb());
  if (report.refold_later > 0) {
    std::printf(
        "%s visitors' signals are of an older playbook; the server folds them anew in the "
        "background\n",
        with_thousands(report.refold_later).c_str());
  }
}

int run_verify(const Given& given) {
  auto data = open_data(given.data);
  if (!data.has_value()) return fail_to_open(data.error(), given.data);
  Progress progress("verify: partitions", kPartitions);
  const auto report = verify(*data->store, *data->playbooks,
                             [&](int done) { progress.update(static_cast<std::uint64_t>(done)); });
  progress.finish();
  if (!report.has_value()) return fail(report.error());
  print(*report, given.json, report->ok() ? "equal: state is what the log gives" : "NOT equal");
  return report->ok() ? 0 : 1;
}

int run_rebuild(const Given& given) {
  auto data = open_data(given.data);
  if (!data.has_value()) return fail_to_open(data.error(), given.data);
  Progress progress("rebuild: partitions", kPartitions);
  const auto report = rebuild(*data->store, *data->playbooks,
                              [&](int done) { progress.update(static_cast<std::uint64_t>(done)); });
  progress.finish();
  if (!report.has_value()) return fail(report.error());
  print(*report, given.json, "rebuilt");
  return 0;
}

void add(CLI::App& app, Run& run, const char* name, const char* help, int (*act)(const Given&)) {
  auto given = std::make_shared<Given>();
  CLI::App* command = app.add_subcommand(name, help);
  command->add_option("--data", given->data, "Data directory")->type_name("DIR")->required();
  command->add_flag("--json", given->json, "The result as JSON");
  command->callback([&run, given, act] { run = [given, act] { return act(*given); }; });
}

}  // namespace

void add_verify(CLI::App& app, Run& run) {
  add(app, run, "verify", "Check every file, count and profile against the log", run_verify);
  add(app, run, "rebuild", "Write profiles and facts anew from the log", run_rebuild);
}

}  // namespace tact::cli
