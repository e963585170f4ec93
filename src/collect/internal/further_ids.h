// context.externalIds (Segment) → the visitors they point to. Internal to collect.
#pragma once

#include "base/json.h"
#include "collect/collect.h"

namespace tact::internal {

// Takes the member out of the context: what is in it is never stored. Only a secret key and an
// import are believed; of them at most kMaxFurtherIds, of a kind that is_further_kind() and at most
// kMaxIdBytes each. `type` may also be written email_address or "loyalty-card".
std::vector<FurtherId> take_further_ids(json::object& context, const RequestInfo& info);

}  // namespace tact::internal
