// tact stats adjust: p-values of several arms, outcomes or segments.
#include "stats/adjust.h"

#include <cmath>
#include <limits>

#include "cli/stats/calculators.h"
#include "cli/stats/contract.h"

namespace tact::cli {
namespace {

// From "p" or "log10_p", one of them.
Result<std::vector<double>> log10_p_of(const Members& given) {
  if (given.has("p") == given.has("log10_p")) {
    return given.wrong("p", "give a list of p-values as p, or as log10_p");
  }
  if (given.has("log10_p")) {
    TACT_ASSIGN(auto logs, given.numbers("log10_p"));
    for (std::size_t i = 0; i < logs.size(); ++i) {
      if (logs[i] > 0.0) {
        return given.wrong("log10_p[" + std::to_string(i) + "]", "a log10 p-value above 0");
      }
    }
    return logs;
  }
  TACT_ASSIGN(auto logs, given.numbers("p"));
  for (std::size_t i = 0; i < logs.size(); ++i) {
    if (!(logs[i] >= 0.0 && logs[i] <= 1.0)) {
      return given.wrong("p[" + std::to_string(i) + "]", "a p-value lies between 0 and 1");
    }
    logs[i] = std::log10(logs[i]);
  }
  return logs;
}

Result<json::object> run_adjust() {
  TACT_ASSIGN(const json::object object, read_object());
  const Members given(object, "");
  TACT_TRY(given.only({"p", "log10_p", "method"}));
  TACT_ASSIGN(const std::string method, given.word("method", {"holm", "bh", "bonferroni"}, ""));
  TACT_ASSIGN(const std::vector<double> logs, log10_p_of(given));
  TACT_ASSIGN(const std::vector<double> adjusted, method == "holm" ? stats::holm(logs)
                                                  : method == "bh" ? stats::benjamini_hochberg(logs)
                                                                   : stats::bonferroni(logs));
  json::array p;
  json::array log10_p;
  for (const double value : adjusted) {
    p.push_back(number(std::pow(10.0, value)));
    log10_p.push_back(number(value));
  }
  return json::object{{"p", std::move(p)}, {"log10_p", std::move(log10_p)}};
}

}  // namespace

void add_adjust(CLI::App& stats, Run& run) {
  CLI::App* command =
      stats.add_subcommand("adjust", "Adjusted p-values: Holm, Benjamini-Hochberg, Bonferroni");
  command->footer(
      "Standard input: {\"p\": [...], \"method\": \"holm\"|\"bh\"|\"bonferroni\"} (or log10_p, for "
      "p below 1e-300);\nsee docs/stats.md");
  command->callback([&run] { run = [] { return answer(run_adjust()); }; });
}

}  // namespace tact::cli
