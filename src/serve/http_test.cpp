#include "serve/http.h"

#include <gtest/gtest.h>

#include "serve/internal/response_head.h"

namespace tact {
namespace {

TEST(Headers, AnyCaseFirstWins) {
  Headers headers;
  headers.add("Host", "a");
  headers.add("X-Two", "1");
  headers.add("x-two", "2");
  EXPECT_EQ(headers.get("HOST"), "a");
  EXPECT_EQ(headers.get("x-TWO"), "1");
  EXPECT_EQ(headers.count("X-Two"), 2u);
  EXPECT_EQ(headers.at(2).value, "2");
  EXPECT_FALSE(headers.has("X-Tw"));
  EXPECT_EQ(headers.get("absent"), "");
}

TEST(Query, DecodesNamesAndValues) {
  EXPECT_EQ(query_parameter("a=1&to%6ben=x%20y+z&b", "token"), "x y z");
  EXPECT_EQ(query_parameter("a=1&b", "b"), "");
  EXPECT_EQ(query_parameter("a=1&b", "c"), std::nullopt);
  EXPECT_EQ(query_parameter("a=%zz", "a"), std::nullopt);
  EXPECT_EQ(query_parameter("a==&a=2", "a"), "=");
  EXPECT_EQ(percent_decode("%00"), std::nullopt);
  EXPECT_EQ(percent_decode("a%2"), std::nullopt);
  EXPECT_EQ(percent_decode("a+%2F"), "a+/");
}

TEST(ResponseHead, LeavesOutWhatWouldBreakFraming) {
  HttpResponse response = text_response(200, "x");
  response.header("X-Good", "1").header("X-Bad", "a\r\nSet-Cookie: b").header("Bad Name", "c");
  response.header("content-length", "99").header("Transfer-Encoding", "chunked");
  std::string out;
  internal::Framing framing;
  framing.body_bytes = 1;
  internal::append_head(response, framing, internal::http_date(784111777), out);
  EXPECT_EQ(out,
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 1\r\nX-Good: 1\r\n\r\n");
}

}  // namespace
}  // namespace tact
