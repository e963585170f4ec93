// tact report: does it help?
#include <cstdio>
#include <fstream>
#include <memory>

#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/terminal.h"
#include "measure/report.h"
#include "measure/report_html.h"
#include "measure/report_json.h"
#include "measure/report_text.h"

namespace tact::cli {
namespace {

struct Given {
  std::string moment, data, html, as_of;
  bool universal = false, json = false;
};

Result<Reports> make(const Given& given) {
  TACT_ASSIGN(const OpenedData data, open_data(given.data));
  const auto state = data.playbooks->current();
  ReportOptions options{.now = WallClock().now()};
  if (!given.as_of.empty()) {
    const auto time = parse_time(given.as_of);
    if (!time)
      return make_error(ErrorCode::kInvalid, "not a time; it looks like 2026-11-21T10:00:00Z",
                        given.as_of);
    options.now = *time;
  }
  if (given.universal || !given.moment.empty()) {
    return report_one(*data.store, state->experiments, *state->playbook, given.moment, options);
  }
  return report_all(*data.store, state->experiments, *state->playbook, options);
}

int write_html(const Reports& reports, const std::string& file) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << to_html(reports);
  if (!out.flush())
    return fail(make_error(ErrorCode::kUnavailable, "cannot write the report", file));
  std::printf("%s\n", file.c_str());
  return 0;
}

// A running server answers for the directory it has open; HTML and text are made here from its
// store only.
int ask(const Given& given) {
  const std::string target = given.universal        ? "/v1/reports/universal"
                             : given.moment.empty() ? "/v1/reports"
                                                    : "/v1/reports/" + given.moment;
  const auto answer = ask_server(given.data, target);
  if (!answer.has_value()) return fail(answer.error());
  std::fputs(to_pretty_string(*answer).c_str(), stdout);
  return 0;
}

int report(const Given& given) {
  const auto reports = make(given);
  if (!reports.has_value()) {
    const bool open_elsewhere = reports.error().code == ErrorCode::kConflict;
    if (open_elsewhere && given.json) return ask(given);
    return fail(reports.error(),
                open_elsewhere ? "--json, which asks the running server, or stop the server" : "");
  }
  if (!given.html.empty()) return write_html(*reports, given.html);
  if (given.json) {
    std::fputs(to_pretty_string(to_json(*reports)).c_str(), stdout);
  } else {
    std::fputs(to_text(*reports, {.color = use_colour()}).c_str(), stdout);
  }
  return 0;
}

}  // namespace

void add_report(CLI::App& app, Run& run) {
  auto given = std::make_shared<Given>();
  CLI::App* command = app.add_subcommand(
      "report", "Does it help? Verdict first, then numbers with their uncertainty");
  command->add_option("MOMENT", given->moment, "One moment; all of them if left out");
  command->add_option("--data", given->data, "Data directory")->required();
  command->add_flag("--universal", given->universal,
                    "The universal holdout: is the program worth it?");
  command->add_flag("--json", given->json, "As JSON");
  command->add_option("--html", given->html, "Write one self-contained HTML file");
  command->add_option("--as-of", given->as_of, "The instant the report is made for (default: now)");
  command->callback([&run, given] { run = [given] { return report(*given); }; });
}

}  // namespace tact::cli
