// The one choke point: which message, if any, this visitor sees in this slot now — and why.
//
// decide() is pure: the same view, slot, page and decision seed give the same decision on any
// machine, which is how `tact explain` derives a past decision again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "event/event.h"
#include "intent/intent.h"
#include "playbook/playbook.h"
#include "profile/view.h"

namespace tact {

// In the order they are asked (docs/playbook.md). Numbers are those of the design; gaps come later.
enum class Guard : std::uint8_t {
  kConsent = 2,
  kAudience = 4,
  kSensitive = 5,
  kPurchase = 8,
  kStale = 9,
  kUnclear = 10,
  kFrequency = 13,
  kRest = 14,
};
std::string_view to_string(Guard guard);

// Why a moment of this slot is not what the visitor sees. Numbers only; says() makes words of them.
struct NotShown {
  enum class Kind : std::uint8_t { kCondition, kGuard, kLost, kShadow, kNoLanguage };
  enum class Period : std::uint8_t { kVisit, kDay, kWeek, kEver };
  int moment = -1;  // index into Playbook::moments
  Kind kind = Kind::kCondition;
  // kCondition
  const Clause* clause = nullptr;  // the first that failed
  bool negated = false;            // it stands under `unless` or `stop`, and is true
  bool unknown = false;
  Probability p;  // of its intent, where it is about one
  // kGuard
  Guard guard = Guard::kConsent;
  int have = 0, limit = 0;  // frequency: shown so often; unclear: pieces of evidence
  Period period = Period::kVisit;
  bool over_all = false;  // the limit counts every message (or every selling one), not this moment
  Duration ago{};   // purchase: since the order; rest: since it began; stale: since it was told
  Duration rest{};  // rest: its length; stale: how long the fact is fresh
  int fact = -1;    // stale: index into Playbook::facts
  bool about_category = false;  // purchase
  bool dismissed = false;       // rest: the visitor said no (else: ignored)
  // kLost
  int winner = -1;
};

struct Choice {  // how the variant was chosen
  Pick by = Pick::kFirst;
  std::vector<std::string_view> of;  // variant ids left after guards and language
  std::uint32_t propensity_ppm = 0;  // of an experiment's arm: within the arm
};

struct InArm {  // indices into Playbook::experiments and its arms; -1 = in none
  int experiment = -1, arm = -1;
  bool operator==(const InArm&) const = default;
};

struct Decision {
  Outcome outcome = Outcome::kDefault;
  int moment = -1, message = -1, variant = -1;  // the winner, also when withheld; -1 = none
  bool held_out_universal = false, held_out_moment = false;
  InArm assignment;  // to the experiment on the winner, also where that is held back
  // Experiments whose moment would have won here in another arm and is not to be shown in the
  // visitor's: entered now, as there. Those that hold the visitor back are left out.
  std::vector<InArm> triggered;
  bool selling = false;
  Choice choice;
  IntentPicture picture;
  std::vector<EvidenceHit> because;  // the winner's evidence, strongest first
  std::vector<NotShown> not_shown;   // every other moment of this slot
  bool recorded = true;              // false without consent: nothing is stored of such a decision

  // Digest of everything an explanation says: what explain compares with the record.
  std::uint64_t digest() const;
};

// Cost: O(moments of the slot × clauses); p50 well below 10 µs on the shop playbook.
Decision decide(const View& view, std::string_view slot);

// What the log keeps of it: enough to decide again (the profile, the playbook and the page) and to
// compare. The caller adds who asked: anonymous_id, request.
DecisionRecord record_of(const Decision& decision, const View& view, std::string_view slot);

// What the visitor reads under the message; empty without a message. Third-person signals ("opened
// the size guide") become "Because you opened the size guide on this visit".
std::string visitor_sees(const Decision& decision, const View& view);

// The `why` of docs/http.md.
json::object explain(const Decision& decision, const View& view);
// The `show` of docs/http.md, or null.
json::value show(const Decision& decision, const View& view);
std::string says(const NotShown& reason, const Playbook& playbook);
json::array intents_json(const IntentPicture& picture, const View& view, bool with_evidence);

}  // namespace tact
