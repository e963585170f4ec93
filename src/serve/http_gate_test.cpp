#include "serve/http_gate.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace tact {
namespace {

// A request with every part given, as the server would present it.
class Request {
 public:
  Request(std::string method, std::string target,
          const std::vector<std::pair<std::string, std::string>>& f)
      : method_(std::move(method)), target_(std::move(target)) {
    raw_ = method_ + " " + target_ + " HTTP/1.1\r\n";
    for (const auto& [name, value] : f) {
      headers_.add(name, value);
      raw_ += name + ": " + value + "\r\n";
    }
    raw_ += "\r\n";
  }
  Request& raw(std::string text) {
    raw_ = std::move(text);
    return *this;
  }
  int status(int version = 11, const GateLimits& limits = {}) const {
    const auto refusal = check_head({raw_, method_, target_, version, &headers_}, limits);
    return refusal ? refusal->status : 200;
  }

 private:
  std::string method_;
  std::string target_;
  std::string raw_;
  Headers headers_;
};

TEST(HttpGate, OrdinaryRequestsPass) {
  EXPECT_EQ(Request("GET", "/a?b=c", {{"Host", "x"}}).status(), 200);
  EXPECT_EQ(Request("POST", "/", {{"host", "x:8080"}, {"content-length", "5"}}).status(), 200);
  EXPECT_EQ(Request("POST", "/", {{"Host", "x"}, {"Transfer-Encoding", "chunked"}}).status(), 200);
  EXPECT_EQ(Request("OPTIONS", "*", {{"Host", "x"}}).status(), 200);
  EXPECT_EQ(Request("GET", "/", {}).status(10), 200);
  EXPECT_EQ(Request("GET", "http://x/y", {{"Host", "x"}}).status(), 200);
  EXPECT_EQ(Request("GET", "/", {{"Host", ""}}).status(), 200);
}

TEST(HttpGate, TransferEncodingIsChunkedOrNothing) {
  for (const char* value : {"xchunked", "chunked, identity", "gzip, chunked", "identity", "",
                            "chunked;a=b", "\"chunked\"", "chunked,chunked"}) {
    EXPECT_EQ(Request("POST", "/", {{"Host", "x"}, {"Transfer-Encoding", value}}).status(), 400)
        << value;
  }
  EXPECT_EQ(Request("POST", "/",
                    {{"Host", "x"}, {"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "a"}})
                .status(),
            400);
  EXPECT_EQ(Request("POST", "/", {{"Transfer-Encoding", "chunked"}}).status(10), 400);
}

TEST(HttpGate, OneUnambiguousBodyLength) {
  EXPECT_EQ(Request("POST", "/",
                    {{"Host", "x"}, {"Transfer-Encoding", "chunked"}, {"Content-Length", "3"}})
                .status(),
            400);
  EXPECT_EQ(Request("POST", "/", {{"Host", "x"}, {"Content-Length", "3"}, {"Content-Length", "3"}})
                .status(),
            400);
  for (const char* value : {"3, 3", "+3", "-1", "0x3", "3 ", "", "1234567890123456789"}) {
    EXPECT_EQ(Request("POST", "/", {{"Host", "x"}, {"Content-Length", value}}).status(), 400)
        << value;
  }
}

TEST(HttpGate, ExactlyOneWellFormedHost) {
  EXPECT_EQ(Request("GET", "/", {}).status(), 400);
  EXPECT_EQ(Request("GET", "/", {{"Host", "a"}, {"Host", "a"}}).status(), 400);
  for (const char* value : {"a b", "a/b", "user@a", "a,b", "a\tb"}) {
    EXPECT_EQ(Request("GET", "/", {{"Host", value}}).status(), 400) << value;
  }
}

TEST(HttpGate, FoldedAndBadlyEndedLines) {
  const Request base("GET", "/", {{"Host", "x"}});
  for (const char* raw :
       {"GET / HTTP/1.1\r\nHost: x\r\n y\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n\ty\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: x\r\n\r\n", "GET / HTTP/1.1\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\ry\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\n\n"}) {
    EXPECT_EQ(Request(base).raw(raw).status(), 400) << raw;
  }
}

TEST(HttpGate, Targets) {
  for (const char* target : {"a", "x:443", "/a#b", "*", "http://y/", "ftp://x/", "/a\x7f"}) {
    EXPECT_EQ(Request("GET", target, {{"Host", "x"}}).status(), 400) << target;
  }
  EXPECT_EQ(Request("GET", "/" + std::string(4095, 'a'), {{"Host", "x"}}).status(), 200);
  EXPECT_EQ(Request("GET", "/" + std::string(4096, 'a'), {{"Host", "x"}}).status(), 414);
  EXPECT_EQ(split_target("http://x/a?b").path, "/a");
  EXPECT_EQ(split_target("http://x/a?b").query, "b");
  EXPECT_EQ(split_target("http://x?b=/").path, "/");
  EXPECT_EQ(split_target("http://x?b=/").query, "b=/");
  EXPECT_EQ(split_target("/a?b?c").query, "b?c");
}

TEST(HttpGate, MethodsCountsAndSizes) {
  for (const char* method : {"TRACE", "CONNECT", "get", "PROPFIND", "X"}) {
    EXPECT_EQ(Request(method, "/", {{"Host", "x"}}).status(), 501) << method;
  }
  std::vector<std::pair<std::string, std::string>> fields(64, {"a", "b"});
  fields[0] = {"Host", "x"};
  EXPECT_EQ(Request("GET", "/", fields).status(), 200);
  fields.emplace_back("a", "b");
  EXPECT_EQ(Request("GET", "/", fields).status(), 431);
  EXPECT_EQ(Request("GET", "/", {{"Host", "x"}, {"a", std::string(16 * 1024, 'b')}}).status(), 431);
  EXPECT_EQ(Request("GET", "/", {{"Host", "x"}, {"Expect", "200-ok"}}).status(), 417);
}

}  // namespace
}  // namespace tact
