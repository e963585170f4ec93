// From evidence to what the visitor seems to be trying to do. Pure; a few integer additions per
// intent.
//
// Each intent stands alone: logit p = logit(usually) + Σ points for − Σ points against, each line
// counting once if its clause is true.
#pragma once

#include <string_view>
#include <vector>

#include "base/fixed.h"
#include "intent/clause.h"
#include "playbook/playbook.h"
#include "profile/view.h"

namespace tact {

struct EvidenceHit {  // a line whose clause is true
  const Evidence* evidence = nullptr;
  bool in_favour = true;
  Tally tally;
};

struct IntentScore {
  int intent = -1;           // index into Playbook::intents
  bool applicable = false;   // the page has what the intent is about; else p = 0
  std::string_view subject;  // product id or category; points into the view
  Probability p;
  std::vector<EvidenceHit> hits;
  // Two different pieces of evidence for it, or one that is decisive, or one that came repeatedly.
  bool enough_evidence = false;
};

struct IntentPicture {
  std::vector<IntentScore> scores;  // one per intent, in the playbook's order
  int leading = -1;                 // the applicable intent with the highest p; ties: the first
  // The leading intent has enough evidence and is ahead of the next by Guards::ahead_by.
  bool clear = false;

  // May a moment act on `intent`? It must be the leading one, and clear.
  bool acts_on(int intent) const { return clear && intent == leading; }
};

IntentPicture infer(const View& view);

// The level p reaches, if any ("maybe" from 30 %, "likely" from 50 %, "sure" from 75 %).
std::string_view level_name(Probability p);  // empty below "maybe"

}  // namespace tact
