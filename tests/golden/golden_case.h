// A golden decision case as text (README.md): settings, then one line for each thing that happens.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace tact::golden {

using Options = std::vector<std::pair<std::string, std::string>>;  // as written, in order
// The last value of `key`, or empty.
std::string_view option(const Options& options, std::string_view key);

struct Step {
  enum class What { kPage, kTrack, kReaction, kConsent, kFact, kDecide };
  What what = What::kPage;
  int line = 0;
  Time at{};                     // when it reaches Tact
  std::optional<Time> happened;  // `late 09:50`: when it happened, if earlier
  std::string name;              // path, event name, reaction's event name, consent answer, slot
  Options options;
  std::string expected;           // decide: a message's id, or "default"
  bool withheld = false;          // decide: it is held back, the default stays
  std::vector<std::string> says;  // decide: each must stand in the explanation
};

enum class Consent { kPersonalization, kSensitive, kAnalytics, kNone, kGpc };

struct Visitor {  // who, by the hold-backs and the arms the id falls into
  bool universal = false;
  std::string moment;                                     // empty = of none
  std::vector<std::pair<std::string, std::string>> arms;  // of an experiment; arm "none": of none
};

struct Case {
  std::string file;
  std::string playbook;  // folder, from the repository's root
  Consent consent = Consent::kPersonalization;
  Visitor visitor;
  std::string locale = "en-GB", device = "desktop";
  std::vector<Step> steps;
};

// kInvalid with `where` = file:line.
Result<Case> parse_case(std::string file, std::string_view text);

}  // namespace tact::golden
