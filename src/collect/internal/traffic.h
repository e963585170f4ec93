// Where a visit came from.
#pragma once

#include <string_view>

#include "event/event.h"

namespace tact::internal {

// First what the link says (campaign, then an ad's click id in the page's query), then the
// referrer. knows_page: a page was named, so that an empty referrer means "typed or bookmarked".
TrafficSource classify_traffic(const Campaign& campaign, std::string_view page_query,
                               std::string_view page_host, std::string_view referrer_host,
                               bool knows_page);

}  // namespace tact::internal
