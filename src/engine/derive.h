// A past decision, derived again from the log: what `tact explain` prints and repeated requests
// answer.
#pragma once

#include "base/hash.h"
#include "base/json.h"
#include "base/result.h"
#include "engine/playbooks.h"
#include "log/log.h"
#include "profile/view.h"
#include "store/store.h"

namespace tact {

// What a recorded question was about, of the profile as it was then. `record` holds a decision, and
// outlives the view.
View view_of_question(const Record& record, const Profile& profile, const Playbook& playbook);

struct DerivedDecision {
  DecisionRecord recorded;
  Time at{};
  bool agrees = false;  // what was derived is what was recorded, down to every reason
  json::object why;     // as derived
  json::value show;     // as derived
};

// Refolds the visitor to just before `offset`, loads the playbook the record names, decides and
// compares. kNotFound if there is no decision at that place or its playbook is gone; kCorrupt if
// bytes are damaged.
Result<DerivedDecision> derive_decision(const Store& store, const Playbooks& playbooks,
                                        const VisitorId& visitor, Offset offset);

// The same by decision id, as JSON:
// {"decision","at","visitor","slot","outcome","message","variant","agrees", "why"}. kNotFound also
// if the id's MAC is wrong.
Result<json::object> explain_decision(const Store& store, const Playbooks& playbooks,
                                      const InstallKey& key, const DecisionId& id);

}  // namespace tact
