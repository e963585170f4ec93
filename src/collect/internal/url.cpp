#include "collect/internal/url.h"

#include <algorithm>
#include <array>

#include "collect/internal/personal_data.h"
#include "collect/internal/text.h"

namespace tact::internal {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::array<std::string_view, 8> kKeptParameters = {
    "q", "query", "search", "s", "page", "sort", "category", "product"};

bool is_kept_parameter(std::string_view name) {
  const std::string folded = lower(name);
  return folded.starts_with("utm_") ||
         std::find(kKeptParameters.begin(), kKeptParameters.end(), folded) != kKeptParameters.end();
}

// Calls f(name, value, whole) for each parameter; stops where f gives true.
template <typename F>
void each_parameter(std::string_view query, F f) {
  while (!query.empty()) {
    const std::string_view whole = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), whole.size() + 1));
    const std::size_t equals = whole.find('=');
    const std::string_view value = equals == kNone ? std::string_view{} : whole.substr(equals + 1);
    if (f(whole.substr(0, equals), value, whole)) return;
  }
}

}  // namespace

UrlParts split_url(std::string_view url) {
  UrlParts parts;
  if (const std::size_t hash = url.find('#'); hash != kNone) {
    parts.fragment = url.substr(hash + 1);
    url = url.substr(0, hash);
  }
  if (const std::size_t mark = url.find('?'); mark != kNone) {
    parts.query = url.substr(mark + 1);
    url = url.substr(0, mark);
  }
  std::size_t authority = kNone;
  if (url.starts_with("//")) authority = 2;
  const std::size_t scheme = url.find("://");
  if (scheme != kNone && url.find('/') > scheme) {
    parts.scheme = url.substr(0, scheme);
    authority = scheme + 3;
  }
  if (authority == kNone) {
    parts.path = url;
    return parts;
  }
  const std::size_t slash = std::min(url.find('/', authority), url.size());
  std::string_view host = url.substr(authority, slash - authority);
  parts.path = url.substr(slash);
  if (const std::size_t at = host.rfind('@'); at != kNone) {
    parts.user = host.substr(0, at);
    host.remove_prefix(at + 1);
  }
  const std::size_t colon = host.find(':', host.starts_with("[") ? host.find(']') : 0);
  if (colon != kNone) parts.port = host.substr(colon + 1);
  parts.host = host.substr(0, colon);
  return parts;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  std::optional<std::string> found;
  each_parameter(query, [&](std::string_view key, std::string_view value, std::string_view) {
    if (lower(percent_decoded(key, true)) != name) return false;
    found = percent_decoded(value, true);
    return true;
  });
  return found;
}

// Not national ids: a path of an article numbered like one must still be that article's.
std::string searched_for(std::string_view url) {
  const std::string_view query = split_url(url).query;
  for (const std::string_view name : {"q", "query", "search", "s"}) {
    const std::optional<std::string> value = query_value(query, name);
    if (value && !value->empty() && !looks_personal(*value)) return cut(*value, kMaxTextBytes);
  }
  return {};
}

bool looks_personal(std::string_view text) {
  const auto looks = [](std::string_view written) {
    const auto found = personal_data_in(written);
    return found && *found != Dropped::kNationalId;
  };
  return looks(text) || (text.find('+') != kNone && looks(percent_decoded(text, true)));
}

std::string minimised_path(std::string_view path) {
  if (!looks_personal(path)) return std::string(path);
  std::string out;
  while (true) {
    const std::string_view segment = path.substr(0, path.find('/'));
    out += looks_personal(segment) ? std::string_view("-") : segment;
    if (segment.size() == path.size()) return out;
    out += '/';
    path.remove_prefix(segment.size() + 1);
  }
}

std::string minimised_query(std::string_view query) {
  std::string out;
  each_parameter(query, [&](std::string_view key, std::string_view value, std::string_view whole) {
    if (!is_kept_parameter(percent_decoded(key, true)) || looks_personal(value)) return false;
    if (!out.empty()) out += '&';
    out += whole;
    return false;
  });
  return out;
}

std::string minimised_url(std::string_view url) {
  const UrlParts parts = split_url(url);
  std::string out;
  if (!parts.scheme.empty()) out.append(parts.scheme).append(":");
  if (!parts.host.empty() || !parts.scheme.empty()) out.append("//").append(parts.host);
  if (!parts.port.empty()) out.append(":").append(parts.port);
  out += minimised_path(parts.path);
  if (const std::string query = minimised_query(parts.query); !query.empty()) {
    out.append("?").append(query);
  }
  return out;
}

}  // namespace tact::internal
