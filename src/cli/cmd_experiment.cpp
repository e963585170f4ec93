// tact experiment import: any table of an experiment, with the methods and the report of Tact.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "base/hash.h"
#include "cli/commands.h"
#include "cli/experiment/table_source.h"
#include "cli/terminal.h"
#include "measure/analyse.h"
#include "measure/likelihood.h"
#include "measure/persuadable.h"
#include "measure/report.h"
#include "measure/report_html.h"
#include "measure/report_json.h"
#include "measure/report_text.h"

namespace tact::cli {
namespace {

using experiment::Options;

constexpr std::uint64_t kLargeFile = 32u << 20;  // bytes; from here on progress is told

std::uint64_t size_of(const std::string& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

// Two passes, one bar: of bytes.
class Passes {
 public:
  explicit Passes(const std::string& file) : size_(size_of(file)) {
    if (size_ >= kLargeFile) progress_ = std::make_unique<Progress>("bytes read", 2 * size_);
  }
  experiment::OnProgress pass(int number) {
    return [this, number](std::uint64_t bytes) {
      if (progress_) progress_->update(static_cast<std::uint64_t>(number) * size_ + bytes);
    };
  }

 private:
  std::uint64_t size_;
  std::unique_ptr<Progress> progress_;
};

constexpr std::size_t kMostLearnt = 500'000;  // units of the two arms

Status put_uplift(const Options& options, const Plan& plan, const UnitSource& source,
                  Findings& findings) {
  const auto wrong = [](const std::string& message) {
    return make_error(ErrorCode::kInvalid, message, "--uplift");
  };
  if (options.uplift.empty()) return ok();
  std::size_t arm = 1;
  while (arm < plan.arms.size() && plan.arms[arm].name != options.uplift) ++arm;
  if (arm == plan.arms.size()) {
    return wrong("this is none of the treatment arms: " + options.uplift);
  }
  if (plan.metrics.front().kind == MetricKind::kRatio) {
    return wrong("the primary metric is a ratio");
  }
  if (plan.dimensions.empty() && !plan.metrics.front().covariate) {
    return wrong("name columns from before the treatment: --segments or --covariate");
  }
  return find_persuadable(plan, source,
                          {.arms = {arm}, .alpha = options.alpha, .most = kMostLearnt}, findings);
}

Result<Reports> analysed(const Options& options) {
  Passes passes(options.csv);
  TACT_ASSIGN(const experiment::Survey survey, experiment::survey(options, passes.pass(0)));
  const experiment::TableSource source(options, survey, passes.pass(1));
  AnalyseOptions how;
  how.now =
      start_of(day_of(survey.last) + 1);  // the last day is over: the same table, the same report
  how.alpha = options.alpha;
  how.one_look = !survey.columns.at;
  how.subject = survey.plan.arms.size() == 2 ? survey.plan.arms[1].name : "It";
  TACT_ASSIGN(Findings findings, analyse_by_likelihood(survey.plan, source, how, {}, false));
  findings.data_hash = source.data_hash();
  TACT_TRY(put_uplift(options, survey.plan, source, findings));
  Reports reports;
  reports.site = survey.plan.name;
  reports.currency = survey.plan.currency;
  reports.as_of = how.now;
  reports.alpha = options.alpha;
  reports.dated = survey.columns.at.has_value();
  reports.data_hash = findings.data_hash;
  reports.moments.push_back(std::move(findings));
  return reports;
}

int write(const Reports& reports, const Options& options) {
  if (options.html.empty()) {
    const std::string text = options.json ? to_pretty_string(to_json(reports))
                                          : to_text(reports, {.color = use_colour()});
    return std::fputs(text.c_str(), stdout) < 0 ? 1 : 0;
  }
  std::ofstream out(options.html, std::ios::binary | std::ios::trunc);
  out << to_html(reports);
  if (!out.flush()) {
    return fail(make_error(ErrorCode::kUnavailable, "cannot write the report", options.html),
                "--html with a file in a folder that exists and may be written to");
  }
  std::printf("%s\n", options.html.c_str());
  return 0;
}

int import_table(const Options& options) {
  const auto reports = analysed(options);
  if (!reports.has_value()) {
    const bool of_a_row = reports.error().where.starts_with(options.csv + ":");
    return wrong_use(reports.error(),
                     of_a_row ? "mend it in the table, or name other columns" : "");
  }
  return write(*reports, options);
}

void add_columns(CLI::App& command, Options& options) {
  command.add_option("--csv", options.csv, "The table: CSV with a header, one row a unit")
      ->type_name("FILE")
      ->required();
  command.add_option("--unit", options.unit, "Column that names the unit, each once (each row)")
      ->type_name("COLUMN");
  command.add_option("--unit-name", options.unit_name, "What a unit is called: customer, store")
      ->type_name("WORD");
  command.add_option("--arm", options.arm, "Column that names its arm")
      ->type_name("COLUMN")
      ->required();
  command
      .add_option("--control", options.control, "The arm that got nothing (control, 0, holdout)")
      ->type_name("ARM");
  command
      .add_option("--metrics", options.metrics,
                  "Outcomes, separated by commas, the primary one first; A/B is a ratio")
      ->type_name("COLUMNS")
      ->delimiter(',')
      ->required();
  command.add_option("--fewer", options.fewer, "Metrics of which fewer are wanted")
      ->type_name("COLUMNS")
      ->delimiter(',');
  command.add_option("--not-more", options.not_more, "Guardrails that must not rise")
      ->type_name("COLUMNS")
      ->delimiter(',');
  command.add_option("--not-less", options.not_less, "Guardrails that must not fall")
      ->type_name("COLUMNS")
      ->delimiter(',');
  command.add_option("--segments", options.segments, "Properties from before, to compare by")
      ->type_name("COLUMNS")
      ->delimiter(',');
  command
      .add_option("--covariate", options.covariate, "Number from before, for less noise (CUPED)")
      ->type_name("COLUMN");
  command
      .add_option("--cluster", options.cluster, "Column of what units belong to: store, account")
      ->type_name("COLUMN");
  command.add_option("--at", options.at, "Column with the time of exposure")->type_name("COLUMN");
}

void add_numbers(CLI::App& command, Options& options) {
  command.add_option("--weights", options.weights, "Planned shares: ARM=1,ARM=1 (all alike)")
      ->type_name("SHARES")
      ->delimiter(',');
  command.add_option("--tolerance", options.tolerance, "Of guardrails, a share of control (0.1)");
  command.add_option("--money", options.money, "Metrics that are money: winsorised beside raw")
      ->type_name("COLUMNS")
      ->delimiter(',');
  command.add_option("--currency", options.currency, "Of the money (EUR)");
  command
      .add_option("--uplift", options.uplift,
                  "Whom this arm persuades, learnt from segments and covariate")
      ->type_name("ARM");
  command.add_option("--margin", options.margin, "Share of the money kept before costs (1)");
  command.add_option("--cost", options.cost, "Of each treated unit, in money");
  command.add_option("--fixed-cost", options.fixed_cost, "Of the whole treatment, in money");
  command.add_option("--alpha", options.alpha, "Intervals at 1 - alpha (0.05)");
}

}  // namespace

void add_experiment(CLI::App& app, Run& run) {
  CLI::App* group = app.add_subcommand("experiment", "Experiments from outside");
  group->require_subcommand(1);
  CLI::App* command = group->add_subcommand(
      "import",
      "Analyse any table of an experiment: a mailing, a store trial, another tool's data");
  auto options = std::make_shared<Options>();
  add_columns(*command, *options);
  add_numbers(*command, *options);
  CLI::Option* html =
      command->add_option("--html", options->html, "Write one self-contained HTML file");
  command->add_flag("--json", options->json, "As JSON (docs/report.md)")->excludes(html);
  command->footer(
      "Nothing is stored. The same table gives the same report, byte for byte: "
      "docs/experiments.md");
  command->callback([&run, options] { run = [options] { return import_table(*options); }; });
}

}  // namespace tact::cli
