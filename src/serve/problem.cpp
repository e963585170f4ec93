#include "serve/problem.h"

#include <algorithm>
#include <string>

#include "base/json.h"
#include "base/log.h"

namespace tact {
namespace {

HttpResponse make_problem(int status, std::string_view detail, std::string_view code,
                          std::string_view where) {
  json::object body;
  body["type"] = "about:blank";
  body["title"] = json::string(status_reason(status));
  body["status"] = status;
  if (!detail.empty()) body["detail"] = json::string(detail);
  if (!code.empty()) body["code"] = json::string(code);
  if (!where.empty()) body["where"] = json::string(where);
  HttpResponse response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = to_string(json::value(std::move(body)));
  response.header("Cache-Control", "no-store");
  return response;
}

}  // namespace

int http_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
      return 400;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kUnauthorized:
      return 401;
    case ErrorCode::kForbidden:
      return 403;
    case ErrorCode::kConflict:
      return 409;
    case ErrorCode::kTooLarge:
      return 413;
    case ErrorCode::kUnavailable:
      return 503;
    case ErrorCode::kCorrupt:
      return 500;
    case ErrorCode::kExpired:
      return 410;
    case ErrorCode::kInternal:
      return 500;
  }
  return 500;
}

HttpResponse problem(const Error& error) {
  const int status = http_status(error.code);
  const std::string_view code = to_string(error.code);
  if (status >= 500 && status != 503) {
    log_error("answered 500: " + error.to_text());
    return make_problem(status, "an internal error; see the server's log", code, {});
  }
  HttpResponse response = make_problem(status, error.message, code, error.where);
  if (error.code == ErrorCode::kUnavailable) response.header("Retry-After", "1");
  // Not "Basic": a browser would open its password dialog over the page.
  if (error.code == ErrorCode::kUnauthorized) {
    response.header("WWW-Authenticate", "Bearer realm=\"tact\"");
  }
  return response;
}

HttpResponse problem(int status, std::string_view detail) {
  return make_problem(status, detail, {}, {});
}

HttpResponse problem_retry(int status, std::string_view detail, long retry_after_s) {
  HttpResponse response = make_problem(status, detail, {}, {});
  response.header("Retry-After", std::to_string(std::max(1L, retry_after_s)));
  return response;
}

HttpResponse method_not_allowed(std::string_view allow) {
  HttpResponse response =
      make_problem(405, "this address takes only " + std::string(allow), {}, {});
  response.header("Allow", std::string(allow));
  return response;
}

}  // namespace tact
