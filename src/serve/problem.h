// Errors as HTTP says them: application/problem+json (RFC 9457). The only mapping of ErrorCode to
// a status in Tact.
#pragma once

#include <string_view>

#include "base/result.h"
#include "serve/http.h"

namespace tact {

int http_status(ErrorCode code);

// {"type":"about:blank","title":…,"status":…,"detail":…,"code":…,"where":…}. Of a 500 the message
// goes to the log and not to the client. kUnavailable says Retry-After: 1, kUnauthorized how to
// authenticate.
HttpResponse problem(const Error& error);

// For what has no ErrorCode (404 of a route, 405, 415, …).
HttpResponse problem(int status, std::string_view detail);

// 429 or 503 with Retry-After in whole seconds (at least 1).
HttpResponse problem_retry(int status, std::string_view detail, long retry_after_s);

// 405 with Allow, e.g. "GET, POST".
HttpResponse method_not_allowed(std::string_view allow);

}  // namespace tact
