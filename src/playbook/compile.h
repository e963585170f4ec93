// From a folder of YAML to a Playbook, with every finding named by file, line and column.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "playbook/playbook.h"

namespace tact {

// Relative path ("moments/fit.yaml") → text. What is hashed, stored and compiled.
using PlaybookFiles = std::map<std::string, std::string, std::less<>>;

// Reads *.yaml below a folder (no symlinks out of it, ≤ 1 MB a file, ≤ 1,000 files). kNotFound.
Result<PlaybookFiles> read_playbook_folder(const std::string& folder);

// The bytes stored under the hash, and back. Deterministic.
std::string pack_playbook(const PlaybookFiles& files);
Result<PlaybookFiles> unpack_playbook(std::string_view packed);  // kCorrupt

enum class Severity : std::uint8_t { kError, kWarning, kNote };
std::string_view to_string(Severity severity);

struct Finding {
  Severity severity = Severity::kError;
  SourcePosition position;
  std::string rule;        // short stable id: "unknown-name", "duplicate-key", "intent-unreachable"
  std::string message;     // what is wrong
  std::string suggestion;  // what would be right; may be empty

  std::string where() const;    // "moments/fit.yaml:7:9", or the file alone
  Error to_error() const;       // kInvalid
  std::string to_text() const;  // "moments/fit.yaml:7:9: error: … (did you mean …?) [unknown-name]"
  json::object to_json() const;
};

struct Compilation {
  std::shared_ptr<const Playbook> playbook;  // null if any finding is an error
  std::vector<Finding> findings;             // by file, line, column
  bool ok() const { return playbook != nullptr; }
  Error first_error() const;  // precondition: !ok()
};

// Never throws; every problem becomes a finding, as many as can be found in one go. Keys that are
// checked and kept but whose behaviour comes later (`pick: what works`) give a note "not acted on
// yet".
Compilation compile_playbook(const PlaybookFiles& files);
Compilation compile_playbook_folder(const std::string& folder);

// Names a clause can refer to, while it is being parsed.
struct ClauseNames {
  const std::vector<Signal>* signals = nullptr;
  const std::vector<Intent>* intents = nullptr;  // ids filled; may be incomplete otherwise
  const std::vector<Daypart>* dayparts = nullptr;
  const std::vector<KeywordGroup>* keyword_groups = nullptr;
  const std::vector<Segment>* segments = nullptr;
  int minor_digits = 2;  // Site::minor_digits, for `cart over 50`
  bool suggest = true;   // false: an error need not say which name was meant (it costs the most)
};
// One clause as written. The error's `where` is the column within the text, from 1; its message
// ends with a suggestion where there is one. Depth and length are limited (≤ 500 characters).
Result<Clause> parse_clause(std::string_view text, const ClauseNames& names);
Result<Expression> parse_expression(std::string_view text);

}  // namespace tact
