// Collects findings while a playbook is compiled.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "playbook/compile.h"

namespace tact::playbook_internal {

class Report {
 public:
  // Beyond this many findings the rest is dropped, and the last one says so.
  static constexpr std::size_t kMost = 500;

  void error(const SourcePosition& at, std::string rule, std::string message,
             std::string suggestion = {}) {
    add(Severity::kError, at, std::move(rule), std::move(message), std::move(suggestion));
  }
  void warning(const SourcePosition& at, std::string rule, std::string message,
               std::string suggestion = {}) {
    add(Severity::kWarning, at, std::move(rule), std::move(message), std::move(suggestion));
  }
  void note(const SourcePosition& at, std::string rule, std::string message,
            std::string suggestion = {}) {
    add(Severity::kNote, at, std::move(rule), std::move(message), std::move(suggestion));
  }

  // What comes now is dropped: it needs no suggestion.
  bool full() const { return findings_.size() > kMost && has_errors(); }
  bool has_errors() const { return errors_ > 0; }
  std::size_t errors() const { return errors_; }
  // By file, line, column, severity, rule; two identical findings are one.
  std::vector<Finding> take_sorted();

 private:
  void add(Severity severity, const SourcePosition& at, std::string rule, std::string message,
           std::string suggestion);
  std::vector<Finding> findings_;
  std::size_t errors_ = 0;
};

}  // namespace tact::playbook_internal
