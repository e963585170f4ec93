// Any bytes through Beast's parser and the gate, in one piece and cut in two at a place the input
// chooses. What is accepted must have exactly one reading.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/result.h"
#include "serve/internal/request_parser.h"

namespace {

using tact::internal::RequestParser;

struct Outcome {
  int refused = 0;
  bool complete = false;
  std::string body;
  std::size_t used = 0;
};

// As the connection does: the head first, then the gate, then the body.
Outcome parse(std::string_view bytes, std::size_t cut) {
  static const tact::GateLimits limits;
  RequestParser parser(limits);
  Outcome outcome;
  std::size_t available = std::min(cut, bytes.size());
  bool accepted = false;
  for (;;) {
    const std::size_t used = available > outcome.used
                                 ? parser.feed(bytes.substr(outcome.used, available - outcome.used))
                                 : 0;
    outcome.used += used;
    if (!parser.refusal() && !accepted && parser.is_header_done()) {
      parser.check(bytes.substr(0, outcome.used));
      if (!parser.refusal()) parser.accept_body(64 * 1024, {});
      accepted = true;
    }
    if (parser.refusal()) {
      outcome.refused = parser.refusal()->status;
      return outcome;
    }
    if (accepted && parser.is_done()) break;
    if (used > 0) continue;
    if (available == bytes.size()) return outcome;
    available = bytes.size();
  }
  outcome.complete = true;
  outcome.body = parser.request().body;
  const tact::Headers& headers = parser.request().headers;
  CHECK(headers.size() <= limits.fields_max);
  CHECK(headers.count("Host") <= 1 && headers.count("Content-Length") <= 1);
  CHECK(!headers.has("Content-Length") || !headers.has("Transfer-Encoding"));
  CHECK(!headers.has("Transfer-Encoding") ||
        tact::iequals(headers.get("Transfer-Encoding"), "chunked"));
  CHECK(parser.chunked() == headers.has("Transfer-Encoding"));
  const auto length = tact::content_length(headers);
  CHECK(length.has_value() == headers.has("Content-Length"));
  if (length && !headers.has("Content-Encoding")) CHECK(outcome.body.size() == *length);
  CHECK(parser.request().path == "*" || parser.request().path.front() == '/');
  CHECK(outcome.body.size() <= 64 * 1024);
  for (std::size_t i = 0; i < headers.size(); ++i) {
    CHECK(headers.at(i).value.find_first_of("\r\n") == std::string_view::npos);
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t cut = data[0] * 256u + data[1];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const Outcome whole = parse(bytes, bytes.size());
  const Outcome halves = parse(bytes, bytes.empty() ? 0 : cut % bytes.size());
  // A cut may only change which of two refusals comes first.
  CHECK(whole.complete == halves.complete);
  if (whole.complete) CHECK(whole.body == halves.body && whole.used == halves.used);
  return 0;
}
