// What a request's head must not be. Beast's parser accepts several forms on which two HTTP servers
// in a row may disagree where a request ends (request smuggling); the gate refuses them all.
// Source: RFC 9112 sections 2.2, 3, 5.2, 6.1, 6.3; architecture.md "HTTP".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "serve/http.h"

namespace tact {

struct GateLimits {
  std::size_t fields_max = 64;
  std::size_t head_bytes_max = 16 * 1024;   // request line and fields
  std::size_t target_bytes_max = 4 * 1024;  // path and query
};

// Why a request is refused. After a refusal the connection is closed: nobody can know for sure
// where the next request would begin.
struct Refusal {
  int status = 400;
  std::string_view detail;  // static text, never the client's bytes
};

struct RequestHead {
  std::string_view raw;  // from the method to the blank line, both included
  std::string_view method;
  std::string_view target;  // as sent
  int version = 11;         // 10 or 11
  const Headers* headers = nullptr;
};

std::optional<Refusal> check_head(const RequestHead& head, const GateLimits& limits);

// The value of Content-Length: digits only, one number. nullopt: absent or not of that form
// (check_head refuses the latter).
std::optional<std::uint64_t> content_length(const Headers& headers);

struct TargetParts {
  std::string_view path;  // starts with '/', or is "*"
  std::string_view query;
};
// Splits origin-form, absolute-form (without its authority) and "*". Precondition: check_head
// passed.
TargetParts split_target(std::string_view target);

}  // namespace tact
