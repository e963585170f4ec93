// The facts the playbook declares, out of an event's traits. Internal to collect.
#pragma once

#include "base/json.h"
#include "collect/collect.h"

namespace tact::internal {

// Sets facts, origin and enriched. A trait is found by the name the playbook gives (a path, where
// it has dots), also in camelCase. Only scalars of ≤ kMaxFactBytes are kept; null tells nothing.
void read_facts(const json::object& traits, const RequestInfo& info,
                const std::vector<Fact>& declared, Event& event);

}  // namespace tact::internal
