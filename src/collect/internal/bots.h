// Programs that visit sites, by what they call themselves. Our own short list: words that many of
// them share, and a few names. Who pretends to be a browser is not found here.
#pragma once

#include <string_view>

namespace tact::internal {

// Crawlers, previews, monitors, audits and automated browsers. Not the browsers built into apps.
bool is_known_bot(std::string_view user_agent);

// Libraries that scripts fetch pages with. Not curl, HTTPie and the like (somebody is trying things
// out), nor what mobile apps are made with (okhttp, CFNetwork), nor Node's own fetch.
bool is_http_library(std::string_view user_agent);

}  // namespace tact::internal
