#include "playbook/compile.h"

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "playbook/internal/compiler.h"
#include "playbook/internal/did_you_mean.h"

namespace tact {
namespace playbook_internal {
namespace {

constexpr std::array<std::string_view, 8> kFiles = {"playbook.yaml", "content.yaml", "facts.yaml",
                                                    "segments.yaml", "signals.yaml", "intents.yaml",
                                                    "guards.yaml",   "goals.yaml"};
constexpr std::array<std::string_view, 2> kLaterFiles = {"journey.yaml", "brand.yaml"};

bool in_folder(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && path.ends_with(".yaml") &&
         path.find('/', folder.size()) == std::string_view::npos;
}

bool is_known_file(std::string_view path) {
  return std::find(kFiles.begin(), kFiles.end(), path) != kFiles.end() ||
         in_folder(path, "messages/") || in_folder(path, "moments/") ||
         in_folder(path, "experiments/");
}

void report_unknown_file(const std::string& path, Report& report) {
  const SourcePosition at{path, 0, 0};
  if (std::find(kLaterFiles.begin(), kLaterFiles.end(), path) != kLaterFiles.end()) {
    report.error(at, "not-supported", "this file is not supported by this version", "remove it");
    return;
  }
  if (!path.ends_with(".yaml") && !path.ends_with(".yml")) {
    report.error(at, "unknown-file", "a playbook has only .yaml files", "remove it");
    return;
  }
  if (path.ends_with(".yml")) {
    report.error(at, "unknown-file", "playbook files end in .yaml",
                 "rename it to " + path.substr(0, path.size() - 4) + ".yaml");
    return;
  }
  std::vector<std::string> stems;  // ".yaml" would make all of them alike
  for (const std::string_view file : kFiles) stems.emplace_back(file.substr(0, file.size() - 5));
  std::string hint = nearest(path.substr(0, path.size() - 5), stems);
  if (!hint.empty()) hint += ".yaml";
  if (const std::size_t slash = path.find('/'); hint.empty() && slash != std::string::npos) {
    hint = nearest(path.substr(0, slash), {"messages", "moments", "experiments"});
    if (!hint.empty()) hint += path.substr(path.rfind('/'));
    if (hint == path) hint.clear();
  }
  report.error(at, "unknown-file", "a playbook has no such file",
               hint.empty() ? "known are playbook.yaml, content.yaml, facts.yaml, segments.yaml, "
                              "signals.yaml, intents.yaml, guards.yaml, goals.yaml, "
                              "messages/*.yaml, moments/*.yaml, experiments/*.yaml"
                            : "did you mean \"" + hint + "\"?");
}

void read_documents(const PlaybookFiles& files, Compiler& c) {
  for (const auto& [path, text] : files) {
    if (find_unreadable(path) != std::string_view::npos) {
      c.report.error({"", 0, 0}, "unknown-file", "a file's name is not UTF-8");
      continue;
    }
    if (!is_known_file(path)) {
      report_unknown_file(path, c.report);
      continue;
    }
    const YamlDocument& document = c.documents[path] = read_yaml(path, text, c.report);
    if (document.readable) continue;
    if (path == "signals.yaml" || path == "intents.yaml" || path == "content.yaml" ||
        path == "facts.yaml" || path == "segments.yaml") {
      c.names_incomplete = true;
    }
    if (path.starts_with("messages/")) c.messages_incomplete = true;
    if (path == "goals.yaml") c.goals_incomplete = true;
  }
  if (files.find("playbook.yaml") == files.end()) {
    c.report.error({"playbook.yaml", 0, 0}, "missing-file", "a playbook needs this file",
                   "begin it with site: \"Your site\"");
  }
}

}  // namespace

const YamlNode* Compiler::document(const std::string& file) const {
  const auto it = documents.find(file);
  return it == documents.end() || !it->second.readable ? nullptr : &it->second.root;
}

ClauseNames Compiler::names() const {
  return {
      &playbook.signals,  &playbook.intents,          &playbook.dayparts, &playbook.keyword_groups,
      &playbook.segments, playbook.site.minor_digits, !report.full()};
}

}  // namespace playbook_internal

namespace {

Compilation compile(const PlaybookFiles& files) {
  namespace steps = playbook_internal;
  steps::Compiler c;
  steps::read_documents(files, c);
  steps::compile_site(c);
  steps::compile_content(c);
  steps::compile_facts(c);
  steps::compile_segments(c);
  steps::compile_signals(c);
  steps::compile_intents(c);
  steps::check_names(c);
  steps::compile_evidence(c);
  steps::compile_guards(c);
  steps::compile_goals(c);
  steps::compile_messages(c);
  steps::check_answers(c);
  steps::compile_moments(c);
  steps::compile_experiments(c);
  steps::check_use(c);
  steps::check_costs(c);
  steps::check_copy(c);
  Compilation out;
  const bool fine = !c.report.has_errors();
  out.findings = c.report.take_sorted();
  if (!fine) return out;
  c.playbook.hash = content_hash(pack_playbook(files));
  c.playbook.derived_hash = steps::derived_hash(c.playbook);
  out.playbook = std::make_shared<const Playbook>(std::move(c.playbook));
  return out;
}

}  // namespace

Compilation compile_playbook(const PlaybookFiles& files) {
  try {
    return compile(files);
  } catch (const std::exception& e) {  // a bug of ours; the caller gets a finding all the same
    Compilation out;
    out.findings.push_back(
        {Severity::kError, {}, "internal", std::string("the compiler failed: ") + e.what(), ""});
    return out;
  }
}

Compilation compile_playbook_folder(const std::string& folder) {
  const auto files = read_playbook_folder(folder);
  if (files) return compile_playbook(*files);
  Compilation out;
  out.findings.push_back({Severity::kError,
                          {files.error().where, 0, 0},
                          "folder",
                          files.error().message,
                          "name the folder that holds playbook.yaml"});
  return out;
}

}  // namespace tact
