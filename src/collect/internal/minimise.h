// What is taken out of an event before it is stored. Everything else stays as it was sent.
#pragma once

#include "base/json.h"

namespace tact::internal {

// Members url, path, referrer (as URLs) and search (as a query, where it begins with "?").
void minimise_page(json::object& page);

// Every `ip`; userAgent and userAgentData to family, major version, system; page and referrer URLs.
void minimise_context(json::object& context);

}  // namespace tact::internal
