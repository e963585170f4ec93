// A small blocking HTTP/1.1 client for the command line: talks to a Tact on this machine or
// another.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace tact {

struct ClientResponse {
  int status = 0;
  std::string body;
};

// One keep-alive connection; reconnects when the server has closed it. Used by one thread at a
// time.
class HttpClient {
 public:
  // base: "http://127.0.0.1:8080", no path.
  static Result<HttpClient> create(std::string_view base);
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  ~HttpClient();

  using Fields = std::vector<std::pair<std::string, std::string>>;
  // kUnavailable if nobody listens or the connection breaks (tried once more on a new one).
  Result<ClientResponse> get(std::string_view target, const Fields& fields = {});
  Result<ClientResponse> post(std::string_view target, std::string body, const Fields& fields = {});

 private:
  class Impl;
  explicit HttpClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tact
