// An HttpResponse's status line and fields as bytes.
#pragma once

#include <cstddef>
#include <ctime>
#include <string>
#include <string_view>

#include "serve/http.h"

namespace tact::internal {

struct Framing {
  std::size_t body_bytes = 0;
  bool chunked = false;      // Transfer-Encoding: chunked instead of Content-Length
  bool until_close = false;  // neither: an event stream to an HTTP/1.0 client
  bool close = false;
  bool keep_alive_1_0 = false;  // HTTP/1.0 needs to be told
};

// Appends the head to `out`. Fields that would break the framing (a CR, LF or NUL in a value, a
// name that is no token, Content-Length and the like) are left out.
void append_head(const HttpResponse& response, const Framing& framing, std::string_view date,
                 std::string& out);

// 204, 304 and 1xx have no body and no Content-Length.
bool status_has_body(int status);

// IMF-fixdate (RFC 9110 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::time_t at);

}  // namespace tact::internal
