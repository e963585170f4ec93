// URLs as clients send them, and what of them may be kept.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tact::internal {

struct UrlParts {           // views into the URL
  std::string_view scheme;  // "https"; empty for "/p"
  std::string_view user;    // "name:password"
  std::string_view host;    // without port
  std::string_view port;
  std::string_view path;      // as written, "/p"
  std::string_view query;     // without "?"
  std::string_view fragment;  // without "#"
};
UrlParts split_url(std::string_view url);

// The value of a query parameter, decoded; nullopt where it is absent.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

// The search a URL shows the results of (q, query, search, s), cut to kMaxTextBytes; empty if there
// is none or it looks personal.
std::string searched_for(std::string_view url);

// Does the text (percent-encoded or not) hold an e-mail address, a payment card number or an IBAN?
bool looks_personal(std::string_view text);

// Path segments that look personal become "-"; other paths come back byte for byte.
std::string minimised_path(std::string_view path);
// Only parameters of the allow-list (utm_*, q, query, search, s, page, sort, category, product)
// that do not look personal.
std::string minimised_query(std::string_view query);
// Both, without credentials and fragment.
std::string minimised_url(std::string_view url);

}  // namespace tact::internal
