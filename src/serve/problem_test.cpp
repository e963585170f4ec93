#include "serve/problem.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "serve/cors.h"

namespace tact {
namespace {

std::string field(const HttpResponse& response, std::string_view name) {
  std::string found;
  for (const auto& [key, value] : response.headers) {
    if (iequals(key, name)) found += (found.empty() ? "" : ", ") + value;
  }
  return found;
}

TEST(Problem, EveryCodeHasItsStatus) {
  EXPECT_EQ(http_status(ErrorCode::kInvalid), 400);
  EXPECT_EQ(http_status(ErrorCode::kUnauthorized), 401);
  EXPECT_EQ(http_status(ErrorCode::kForbidden), 403);
  EXPECT_EQ(http_status(ErrorCode::kNotFound), 404);
  EXPECT_EQ(http_status(ErrorCode::kConflict), 409);
  EXPECT_EQ(http_status(ErrorCode::kExpired), 410);
  EXPECT_EQ(http_status(ErrorCode::kTooLarge), 413);
  EXPECT_EQ(http_status(ErrorCode::kCorrupt), 500);
  EXPECT_EQ(http_status(ErrorCode::kInternal), 500);
  EXPECT_EQ(http_status(ErrorCode::kUnavailable), 503);
}

TEST(Problem, BodyIsRfc9457) {
  const HttpResponse response = problem(make_error(ErrorCode::kInvalid, "no \"slots\"", "$.slots"));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.content_type, "application/problem+json");
  const json::value parsed = parse_json(response.body).value();
  const json::object& body = parsed.as_object();
  EXPECT_EQ(string_at(body, "title"), "Bad Request");
  EXPECT_EQ(body.at("status").as_int64(), 400);
  EXPECT_EQ(string_at(body, "detail"), "no \"slots\"");
  EXPECT_EQ(string_at(body, "code"), "invalid");
  EXPECT_EQ(string_at(body, "where"), "$.slots");
}

TEST(Problem, InternalMessagesStayInside) {
  const HttpResponse response = problem(make_error(ErrorCode::kInternal, "secret path", "x.cpp:3"));
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
  EXPECT_EQ(response.body.find("x.cpp"), std::string::npos);
}

TEST(Problem, RetryAfterIsAWholeSecond) {
  EXPECT_EQ(field(problem(make_error(ErrorCode::kUnavailable, "busy")), "Retry-After"), "1");
  EXPECT_EQ(field(problem_retry(429, "slow down", 0), "Retry-After"), "1");
  EXPECT_EQ(field(problem_retry(429, "slow down", 17), "Retry-After"), "17");
}

HttpRequest from(const char* origin) {
  HttpRequest request;
  request.method = "OPTIONS";
  if (origin != nullptr) request.headers.add("origin", origin);
  request.headers.add("Access-Control-Request-Method", "POST");
  return request;
}

TEST(Cors, PreflightEchoesAnAllowedOrigin) {
  const std::vector<std::string> list = {"https://shop.example"};
  ASSERT_TRUE(is_preflight(from("https://shop.example")));
  EXPECT_FALSE(is_preflight(from(nullptr)));
  const HttpResponse allowed = preflight_response(from("https://shop.example"), list);
  EXPECT_EQ(allowed.status, 204);
  EXPECT_EQ(field(allowed, "Access-Control-Allow-Origin"), "https://shop.example");
  EXPECT_EQ(field(allowed, "Access-Control-Allow-Headers"),
            "Authorization, Content-Type, Content-Encoding, X-Retry-Count");
  EXPECT_FALSE(field(allowed, "Access-Control-Max-Age").empty());
  EXPECT_EQ(field(allowed, "Vary"), "Origin");
  for (const char* other : {"https://shop.example.evil", "http://shop.example", "null"}) {
    const HttpResponse refused = preflight_response(from(other), list);
    EXPECT_EQ(field(refused, "Access-Control-Allow-Origin"), "") << other;
    EXPECT_EQ(field(refused, "Vary"), "Origin");
  }
  EXPECT_EQ(field(preflight_response(from("https://any"), {}), "Access-Control-Allow-Origin"),
            "https://any");
}

}  // namespace
}  // namespace tact
