// Whose address a request has, and who may tell more of the visitor than a browser.
#pragma once

#include <optional>

#include "base/json.h"
#include "base/network.h"
#include "collect/collect.h"

namespace tact::internal {

// A secret key or an import: a server of the site, which tells of its visitors.
bool is_trusted(const RequestInfo& info);

// The visitor's: of a browser's request its own, of a server or an import what context.ip says.
std::optional<IpAddress> address_of(const json::object& context, const RequestInfo& info);

}  // namespace tact::internal
