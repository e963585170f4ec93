#include "serve/cors.h"

#include <algorithm>

namespace tact {

bool origin_allowed(std::string_view origin, std::span<const std::string> allowed) {
  if (origin.empty()) return false;
  return allowed.empty() || std::find(allowed.begin(), allowed.end(), origin) != allowed.end();
}

bool is_preflight(const HttpRequest& request) {
  return request.method == "OPTIONS" && request.headers.has("Origin") &&
         request.headers.has("Access-Control-Request-Method");
}

HttpResponse preflight_response(const HttpRequest& request, std::span<const std::string> allowed,
                                std::string_view methods) {
  HttpResponse response;
  response.status = 204;
  add_cors(request, allowed, response);
  if (origin_allowed(request.headers.get("Origin"), allowed)) {
    response.header("Access-Control-Allow-Methods", std::string(methods));
    response.header("Access-Control-Allow-Headers",
                    "Authorization, Content-Type, Content-Encoding, X-Retry-Count");
    response.header("Access-Control-Max-Age", "86400");
  }
  return response;
}

void add_cors(const HttpRequest& request, std::span<const std::string> allowed,
              HttpResponse& response) {
  const std::string_view origin = request.headers.get("Origin");
  if (origin_allowed(origin, allowed)) {
    response.header("Access-Control-Allow-Origin", std::string(origin));
    response.header("Access-Control-Expose-Headers", "Retry-After");  // else a page cannot read it
  }
  response.header("Vary", "Origin");
}

void add_security_headers(HttpResponse& response) {
  response.header("X-Content-Type-Options", "nosniff");
  response.header("Referrer-Policy", "strict-origin-when-cross-origin");
}

void add_page_security_headers(HttpResponse& response) {
  add_security_headers(response);
  response.header("Content-Security-Policy",
                  "default-src 'self'; img-src 'self' data:; font-src 'self' data:; "
                  "style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; "
                  "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'");
}

}  // namespace tact
