// tact report: does it help?
#include <cstdio>
#include <fstream>
#include <memory>

#include "cli/commands.h"
#include "cli/indent.h"
#include "cli/paths.h"
#include "cli/report_decisions.h"
#include "cli/report_plan.h"
#include "cli/terminal.h"
#include "measure/report.h"
#include "measure/report_html.h"
#include "measure/report_json.h"
#include "measure/report_text.h"

namespace tact::cli {
namespace {

struct Given {
  std::string moment, data, html, as_of;
  Time now = WallClock().now();
  bool universal = false, json = false, small_cells = false, plan = false, uplift = false;
  DecisionsGiven decisions;
};

Result<Reports> make(const Given& given) {
  TACT_ASSIGN(const OpenedData data, open_data(given.data));
  const auto state = data.playbooks->current();
  const ReportOptions options{
      .now = given.now, .small_cells = given.small_cells, .uplift = given.uplift};
  if (given.universal || !given.moment.empty()) {
    return report_one(*data.store, state->experiments, *state->playbook, given.moment, options);
  }
  return report_all(*data.store, state->experiments, *state->playbook, options);
}

std::string render(const Reports& reports, const Given& given) {
  if (!given.html.empty()) return to_html(reports);
  if (given.json) return to_pretty_string(to_json(reports));
  return to_text(reports, {.color = use_colour()});
}

// A running server answers for the directory it has open.
Result<std::string> ask(const Given& given) {
  std::string target = "/v1/reports";
  if (given.universal) target += "/universal";
  if (!given.universal && !given.moment.empty()) target += "/" + percent_encode(given.moment);
  target += given.json ? "?format=json" : given.html.empty() ? "?format=text" : "?format=html";
  if (given.small_cells) target += "&small_cells=show";
  if (given.uplift) target += "&uplift=show";
  if (!given.as_of.empty()) target += "&as_of=" + percent_encode(given.as_of);
  TACT_ASSIGN(std::string answer, ask_server_text(given.data, target));
  return given.json ? indented(answer) : std::move(answer);
}

Result<std::string> rendered(const Given& given) {
  const auto reports = make(given);
  if (reports.has_value()) return render(*reports, given);
  return reports.error().code == ErrorCode::kConflict ? ask(given) : reports.error();
}

int report(Given given) {
  if (given.uplift && given.moment.empty() && !given.universal) {
    return wrong_use(make_error(ErrorCode::kInvalid, "of one report, not of all", "--uplift"),
                     "tact report MOMENT --uplift, or --universal --uplift");
  }
  if (!given.as_of.empty()) {
    const auto time = parse_time(given.as_of);
    if (!time)
      return wrong_use(make_error(ErrorCode::kInvalid, "--as-of is no time", given.as_of),
                       "--as-of 2026-11-21T10:00:00Z");
    given.now = *time;
  }
  const auto text = rendered(given);
  if (!text.has_value()) {
    Error error = text.error();
    if (error.code != ErrorCode::kNotFound || error.where == given.data)
      return fail_to_open(error, given.data);
    error.where = given.moment;
    return fail(error, "tact report --data " + given.data + ": it tells of every moment");
  }
  if (given.html.empty()) return std::fputs(text->c_str(), stdout) < 0 ? 1 : 0;
  std::ofstream out(given.html, std::ios::binary | std::ios::trunc);
  out << *text;
  if (!out.flush())
    return fail(make_error(ErrorCode::kUnavailable, "cannot write the report", given.html),
                "--html with a file in a folder that exists and may be written to");
  std::printf("%s\n", given.html.c_str());
  return 0;
}

void add_decisions(CLI::App& command, DecisionsGiven& given) {
  CLI::Option* decisions =
      command
          .add_option("--decisions", given.file,
                      "Write the moment's decisions as CSV for `tact stats ope` (- for stdout)")
          ->type_name("FILE");
  for (const char* other : {"--universal", "--html", "--json", "--show-small-cells", "--uplift"})
    decisions->excludes(command.get_option(other));
  command.add_option("--goal", given.goal, "Reward of --decisions: this goal; default: the first")
      ->needs(decisions);
  command.add_flag("--money", given.money, "Reward is the goal's money, not how often it came")
      ->needs(decisions);
  command.add_option("--from", given.from, "Decisions from then on, e.g. 2026-01-05")
      ->needs(decisions);
  command.add_option("--until", given.until, "Decisions before")->needs(decisions);
  command.footer(
      "What would another policy have done? Add the probability with which it would choose what\n"
      "was chosen, as the column target_probability, and ask:\n"
      "  tact report fit-help --data DIR --decisions d.csv\n"
      "  python3 policy.py < d.csv | tact stats ope\n"
      "docs/report.md has a policy.py. Rows have no ids, and are of single persons all the same.");
}

}  // namespace

void add_report(CLI::App& app, Run& run) {
  auto given = std::make_shared<Given>();
  CLI::App* command = app.add_subcommand(
      "report", "Does it help? Verdict first, then numbers with their uncertainty");
  CLI::Option* moment = command->add_option(
      "MOMENT", given->moment, "One moment or A/B experiment; all of them if left out");
  command->add_option("--data", given->data, "Data directory")->type_name("DIR")->required();
  command
      ->add_flag("--universal", given->universal, "The universal holdout: is the program worth it?")
      ->excludes(moment);
  CLI::Option* html =
      command->add_option("--html", given->html, "Write one self-contained HTML file");
  command->add_flag("--json", given->json, "As JSON")->excludes(html);
  command->add_option("--as-of", given->as_of, "The instant the report is made for (default: now)");
  command->add_flag("--show-small-cells", given->small_cells,
                    "Also figures of fewer than 50 visitors, where all of them are simulated");
  command->add_flag("--uplift", given->uplift,
                    "Also who can be persuaded: of MOMENT or --universal, by a model (slower)");
  CLI::Option* plan = command->add_flag("--plan", given->plan,
                                        "How long must it run? From the log, before it does");
  for (const char* other : {"--universal", "--html", "--show-small-cells", "--uplift"})
    plan->excludes(command->get_option(other));
  add_decisions(*command, given->decisions);
  plan->excludes(command->get_option("--decisions"));
  command->callback([&run, given] {
    run = [given] {
      if (given->plan) return report_plan(given->data, given->moment, given->as_of, given->json);
      if (given->decisions.file.empty()) return report(*given);
      given->decisions.as_of = given->as_of;
      return report_decisions(given->data, given->moment, given->decisions);
    };
  });
}

}  // namespace tact::cli
