// A visitor's history as JSON, one object per record, in log order: what `tact visitor export`
// prints.
#pragma once

#include "base/hash.h"
#include "base/json.h"
#include "base/result.h"
#include "event/event.h"
#include "event/named_id.h"
#include "store/store.h"

namespace tact {

// The record as a Segment-shaped event, or as {"type": "decision" | "link_out" | "absorb" |
// "detach" | "unlink", …}.
json::object to_json(const Record& record);

// {"visitor", "records": […]}; of a merged visitor also what came before the merge. kNotFound.
Result<json::object> export_visitor(const Store& store, const InstallKey& key, const NamedId& id);

}  // namespace tact
