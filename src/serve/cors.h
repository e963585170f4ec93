// Fields that tell browsers what they may do: CORS (Fetch standard) and page security.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "serve/http.h"

namespace tact {

// An empty list allows any origin. Origins compare as whole strings ("https://shop.example").
bool origin_allowed(std::string_view origin, std::span<const std::string> allowed);

// True if this is a CORS preflight: OPTIONS with Origin and Access-Control-Request-Method.
bool is_preflight(const HttpRequest& request);

// 204 for a preflight; without Access-Control-* if the origin is not allowed, so the browser stops.
// `methods` e.g. "GET, POST".
HttpResponse preflight_response(const HttpRequest& request, std::span<const std::string> allowed,
                                std::string_view methods = "GET, POST");

// Adds Access-Control-Allow-Origin (the origin echoed; never "*", never credentials) and
// Vary: Origin. Adds Vary even where the request has no Origin: caches must keep the two apart.
void add_cors(const HttpRequest& request, std::span<const std::string> allowed,
              HttpResponse& response);

// X-Content-Type-Options and Referrer-Policy.
void add_security_headers(HttpResponse& response);
// The same, and the Content-Security-Policy of Tact's own pages: everything from 'self', inline
// styles allowed (Radix sets them), no framing by other sites.
void add_page_security_headers(HttpResponse& response);

}  // namespace tact
