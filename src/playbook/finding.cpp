#include <algorithm>
#include <tuple>

#include "playbook/internal/report.h"

namespace tact {

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      return "note";
  }
  return "error";
}

std::string Finding::where() const {
  if (position.line <= 0) return position.file;
  return position.file + ":" + std::to_string(position.line) + ":" +
         std::to_string(position.column);
}

Error Finding::to_error() const {
  return make_error(ErrorCode::kInvalid,
                    message + (suggestion.empty() ? "" : " (" + suggestion + ")"), where());
}

std::string Finding::to_text() const {
  std::string text = where();
  if (!text.empty()) text += ": ";
  text += std::string(to_string(severity)) + ": " + message;
  if (!suggestion.empty()) text += " (" + suggestion + ")";
  return text + " [" + rule + "]";
}

Error Compilation::first_error() const {
  const auto first = std::find_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.severity == Severity::kError;
  });
  CHECK(first != findings.end());
  return first->to_error();
}

json::object Finding::to_json() const {
  json::object object;
  object["severity"] = to_string(severity);
  object["file"] = position.file;
  object["line"] = position.line;
  object["column"] = position.column;
  object["rule"] = rule;
  object["message"] = message;
  if (!suggestion.empty()) object["suggestion"] = suggestion;
  return object;
}

namespace playbook_internal {

void Report::add(Severity severity, const SourcePosition& at, std::string rule, std::string message,
                 std::string suggestion) {
  const bool first_error = severity == Severity::kError && errors_ == 0;
  if (severity == Severity::kError) ++errors_;
  if (findings_.size() == kMost) {
    findings_.push_back({Severity::kNote,
                         {},
                         "too-many-findings",
                         "there are more findings; these are the first " + std::to_string(kMost),
                         ""});
  }
  if (findings_.size() > kMost && !first_error) return;
  findings_.push_back({severity, at, std::move(rule), std::move(message), std::move(suggestion)});
}

std::vector<Finding> Report::take_sorted() {
  const auto key = [](const Finding& f) {
    return std::tie(f.position.file, f.position.line, f.position.column, f.severity, f.rule,
                    f.message, f.suggestion);
  };
  std::sort(findings_.begin(), findings_.end(),
            [&key](const Finding& a, const Finding& b) { return key(a) < key(b); });
  findings_.erase(
      std::unique(findings_.begin(), findings_.end(),
                  [&key](const Finding& a, const Finding& b) { return key(a) == key(b); }),
      findings_.end());
  return std::move(findings_);
}

}  // namespace playbook_internal
}  // namespace tact
