#include "serve/http_gate.h"

#include <algorithm>
#include <array>

namespace tact {
namespace {

constexpr std::array<std::string_view, 7> kMethods = {"GET",   "HEAD",   "POST",   "PUT",
                                                      "PATCH", "DELETE", "OPTIONS"};
constexpr std::string_view kHttpScheme = "http://";
constexpr std::string_view kHttpsScheme = "https://";

bool is_visible(char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; }

// Lines end with CRLF, no CR or LF stands alone, and none continues the one before (obs-fold).
bool lines_are_clean(std::string_view raw) {
  if (!raw.ends_with("\r\n\r\n")) return false;
  for (std::size_t line = 0; line < raw.size();) {
    if (raw[line] == ' ' || raw[line] == '\t') return false;
    const std::size_t end = raw.find('\r', line);
    if (end == std::string_view::npos || raw[end + 1] != '\n') return false;  // raw ends with LF
    if (raw.substr(line, end - line).find('\n') != std::string_view::npos) return false;
    line = end + 2;
  }
  return true;
}

// The authority of an absolute-form target; empty for the other forms.
std::string_view authority_of(std::string_view target) {
  for (const std::string_view scheme : {kHttpScheme, kHttpsScheme}) {
    if (target.size() > scheme.size() && iequals(target.substr(0, scheme.size()), scheme)) {
      target.remove_prefix(scheme.size());
      return target.substr(0, target.find_first_of("/?"));
    }
  }
  return {};
}

std::optional<Refusal> check_target(const RequestHead& head, const GateLimits& limits) {
  const std::string_view target = head.target;
  if (target.size() > limits.target_bytes_max) return Refusal{414, "the URI is too long"};
  const bool clean = std::all_of(target.begin(), target.end(), is_visible) &&
                     target.find('#') == std::string_view::npos;
  if (!clean || target.empty()) return Refusal{400, "the request target is malformed"};
  if (target.front() == '/') return std::nullopt;
  if (target == "*") {
    if (head.method == "OPTIONS") return std::nullopt;
    return Refusal{400, "the target * is for OPTIONS"};
  }
  const std::string_view authority = authority_of(target);
  // RFC 9112 3.2.2: the target's authority would win over Host; if they differ, something between
  // the client and here may have routed by the other one.
  if (authority.empty() || !iequals(authority, head.headers->get("Host"))) {
    return Refusal{400, "the request target must start with /"};
  }
  return std::nullopt;
}

bool valid_host(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.') return true;  // most of them
    return is_visible(c) && std::string_view("/?#@\\,<>\"").find(c) == std::string_view::npos;
  });
}

std::optional<Refusal> check_host(const RequestHead& head) {
  const std::size_t hosts = head.headers->count("Host");
  if (hosts > 1) return Refusal{400, "more than one Host field"};
  if (hosts == 0 && head.version >= 11) return Refusal{400, "the Host field is missing"};
  if (!valid_host(head.headers->get("Host"))) return Refusal{400, "the Host field is malformed"};
  return std::nullopt;
}

std::optional<Refusal> check_framing(const RequestHead& head) {
  const std::size_t lengths = head.headers->count("Content-Length");
  const std::size_t codings = head.headers->count("Transfer-Encoding");
  if (lengths > 1) return Refusal{400, "more than one Content-Length field"};
  if (lengths == 1 && !content_length(*head.headers)) {
    return Refusal{400, "Content-Length is not a number"};
  }
  if (codings == 0) return std::nullopt;
  if (lengths > 0) return Refusal{400, "both Transfer-Encoding and Content-Length"};
  if (head.version < 11) return Refusal{400, "Transfer-Encoding needs HTTP/1.1"};
  if (codings > 1 || !iequals(head.headers->get("Transfer-Encoding"), "chunked")) {
    return Refusal{400, "Transfer-Encoding must be exactly chunked"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> content_length(const Headers& headers) {
  const std::string_view text = headers.get("Content-Length");
  if (text.empty() || text.size() > 18) return std::nullopt;  // 18 digits cannot overflow
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

std::optional<Refusal> check_head(const RequestHead& head, const GateLimits& limits) {
  if (head.raw.size() > limits.head_bytes_max) return Refusal{431, "the header is too large"};
  if (head.headers->size() > limits.fields_max) return Refusal{431, "too many header fields"};
  if (!lines_are_clean(head.raw)) return Refusal{400, "folded or badly ended header line"};
  if (std::find(kMethods.begin(), kMethods.end(), head.method) == kMethods.end()) {
    return Refusal{501, "this method is not implemented"};
  }
  if (auto refusal = check_host(head)) return refusal;
  if (auto refusal = check_target(head, limits)) return refusal;
  if (auto refusal = check_framing(head)) return refusal;
  const std::string_view expect = head.headers->get("Expect");
  if (!expect.empty() && !iequals(expect, "100-continue")) {
    return Refusal{417, "only 100-continue can be expected"};
  }
  return std::nullopt;
}

TargetParts split_target(std::string_view target) {
  const std::string_view authority = authority_of(target);
  if (!authority.empty()) {
    target.remove_prefix(static_cast<std::size_t>(authority.data() - target.data()) +
                         authority.size());
  }
  const std::size_t question = target.find('?');
  TargetParts parts{target.substr(0, question), {}};
  if (question != std::string_view::npos) parts.query = target.substr(question + 1);
  if (parts.path.empty()) parts.path = "/";
  return parts;
}

}  // namespace tact
