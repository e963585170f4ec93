// HTTP as the rest of Tact sees it: plain values, no Boost types. http_server.h carries them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tact {

class EventStream;

// ASCII only, as field names, methods and codings are.
bool iequals(std::string_view a, std::string_view b);

// Header fields in the order sent. One text block and one vector, so that a request costs two
// allocations however many fields it has.
class Headers {
 public:
  struct Field {
    std::string_view name;
    std::string_view value;  // without surrounding white space
  };

  void add(std::string_view name, std::string_view value);
  // The first field of that name, in any case; empty if absent (has() tells the two apart).
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const { return find(name) < size(); }
  std::size_t count(std::string_view name) const;
  std::size_t size() const { return spans_.size(); }
  // The first field of that name at or after `from`; size() if there is none.
  std::size_t find(std::string_view name, std::size_t from = 0) const;
  Field at(std::size_t i) const;  // Precondition: i < size()
  void clear();

 private:
  struct Span {
    std::uint32_t name;  // offsets in text_; the value follows the name
    std::uint32_t value;
    std::uint32_t end;
  };
  std::string text_;
  std::vector<Span> spans_;
};

// What has passed the gate. A HEAD request arrives as GET with head_only (the server leaves the
// body out of the answer), so that routes need not know HEAD.
struct HttpRequest {
  std::string method;          // "GET", "POST", …
  std::string path;            // as sent, still percent-encoded; starts with '/', or is "*"
  std::string query;           // after '?', as sent; see query_parameter()
  std::string remote_address;  // the client's, without port; a trusted proxy's X-Forwarded-For
  Headers headers;
  std::string body;  // with chunks joined and Content-Encoding already undone
  bool head_only = false;
  // Of what takes long (ServerOptions::takes_long): asked to stop once no answer can be delivered,
  // because the client has left or the time is over.
  std::stop_token gone;
};

// Bytes that outlive the answer: static storage (no owner) or kept alive by `owner`.
struct SharedBytes {
  std::string_view bytes;
  std::shared_ptr<const void> owner;
};

struct HttpResponse {
  int status = 200;
  std::string content_type;  // empty: no Content-Type field
  std::string body;
  std::vector<std::pair<std::string, std::string>>
      headers;                          // a value with CR, LF or NUL is left out
  SharedBytes shared;                   // sent instead of body where not empty
  std::shared_ptr<EventStream> stream;  // answers with text/event-stream instead of a body
  bool close = false;                   // close the connection after this answer

  HttpResponse& header(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
  }
};

// Answers one request. Call it exactly once, from any thread, also after the handler returned. A
// second call is ignored; dropping every copy without a call answers 500.
using Respond = std::function<void(HttpResponse)>;
// Runs on an I/O thread and must not block.
using Handler = std::function<void(HttpRequest&&, Respond)>;

HttpResponse text_response(int status, std::string body);
HttpResponse json_response(int status, std::string body);

// "OK", "Not Found", …; "Status" for a code without a name here.
std::string_view status_reason(int status);

// %XX undone; '+' becomes a space where `plus_is_space`. nullopt: a broken escape, or a NUL byte.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);
// The first `name=value` of a query, decoded; nullopt if absent or badly escaped.
std::optional<std::string> query_parameter(std::string_view query, std::string_view name);

}  // namespace tact
