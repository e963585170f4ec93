// tact check: is the playbook right?
#include <algorithm>
#include <cstdio>
#include <memory>
#include <tuple>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "collect/collect.h"
#include "playbook/compile.h"

namespace tact::cli {
namespace {

struct Counts {
  int errors = 0, warnings = 0, notes = 0;
};

Counts count(const std::vector<Finding>& findings) {
  Counts counts;
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::kError) ++counts.errors;
    if (finding.severity == Severity::kWarning) ++counts.warnings;
    if (finding.severity == Severity::kNote) ++counts.notes;
  }
  return counts;
}

// What no file tells: the zones are the machine's.
void check_time_zone(Compilation& compiled) {
  if (!compiled.ok()) return;
  const Site& site = compiled.playbook->site;
  if (site.time_zone_position.line == 0 || knows_time_zone(site.time_zone)) return;
  const Finding unknown{
      Severity::kWarning, site.time_zone_position, "unknown-name",
      "this machine knows no time zone \"" + site.time_zone + "\", so no daypart would be told",
      "as IANA writes them, for example Europe/Berlin"};
  const auto place =
      std::upper_bound(compiled.findings.begin(), compiled.findings.end(), unknown,
                       [](const auto& a, const auto& b) {
                         return std::tie(a.position.file, a.position.line, a.position.column) <
                                std::tie(b.position.file, b.position.line, b.position.column);
                       });
  compiled.findings.insert(place, unknown);
}

void print_json(const Compilation& compiled, const Counts& counts) {
  json::array findings;
  for (const Finding& finding : compiled.findings) findings.push_back(finding.to_json());
  json::object out{{"ok", compiled.ok()},
                   {"errors", counts.errors},
                   {"warnings", counts.warnings},
                   {"notes", counts.notes},
                   {"findings", std::move(findings)}};
  if (compiled.ok()) out["playbook"] = compiled.playbook->hash.to_text();
  std::fputs(to_pretty_string(out).c_str(), stdout);
}

std::string counted(int count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

void print_text(const Compilation& compiled, const Counts& counts) {
  for (const Finding& finding : compiled.findings) std::printf("%s\n", finding.to_text().c_str());
  if (compiled.ok()) {
    const Playbook& playbook = *compiled.playbook;
    std::printf("%s  %zu signals, %zu intents, %zu messages, %zu moments\n",
                bold(playbook.site.name).c_str(), playbook.signals.size(), playbook.intents.size(),
                playbook.messages.size(), playbook.moments.size());
  }
  std::printf("%s, %s, %s\n", counted(counts.errors, "error").c_str(),
              counted(counts.warnings, "warning").c_str(), counted(counts.notes, "note").c_str());
}

}  // namespace

void add_check(CLI::App& app, Run& run) {
  struct Given {
    std::string folder;
    bool json = false;
  };
  auto given = std::make_shared<Given>();
  CLI::App* command =
      app.add_subcommand("check", "Check a playbook: errors with file, line and column");
  command->add_option("DIR", given->folder, "Folder with the playbook's YAML")->required();
  command->add_flag("--json", given->json, "Findings as JSON");
  command->callback([&run, given] {
    run = [given] {
      if (const auto files = read_playbook_folder(given->folder); !files.has_value()) {
        return wrong_use(files.error(), "the folder that holds playbook.yaml");
      }
      Compilation compiled = compile_playbook_folder(given->folder);
      check_time_zone(compiled);
      const Counts counts = count(compiled.findings);
      given->json ? print_json(compiled, counts) : print_text(compiled, counts);
      return counts.errors + counts.warnings > 0 ? 1 : 0;
    };
  });
}

}  // namespace tact::cli
