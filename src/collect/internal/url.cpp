#include "collect/internal/url.h"

#include <algorithm>
#include <array>

#include "collect/internal/text.h"

namespace tact::internal {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::array<std::string_view, 8> kKeptParameters = {
    "q", "query", "search", "s", "page", "sort", "category", "product"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
        hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

bool is_local_character(char c) {
  return is_letter(c) || is_digit(c) || (static_cast<unsigned char>(c) & 0x80) != 0 ||
         std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != kNone;
}

// Something, "@", and a domain that ends in at least two letters.
bool has_email(std::string_view text) {
  for (std::size_t at = text.find('@'); at != kNone; at = text.find('@', at + 1)) {
    if (at == 0 || text[at - 1] == '/' || !is_local_character(text[at - 1])) continue;
    std::size_t end = at + 1;
    std::size_t letters = 0;  // since the last dot
    bool dotted = false;
    for (; end < text.size(); ++end) {
      const char c = text[end];
      if (c == '.') {
        dotted = true;
        letters = 0;
      } else if (is_letter(c) || (static_cast<unsigned char>(c) & 0x80) != 0) {
        ++letters;
      } else if (is_digit(c) || c == '-') {
        letters = 0;
      } else {
        break;
      }
      if (dotted && letters >= 2) return true;
    }
  }
  return false;
}

bool passes_luhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it, twice = !twice) {
    const int digit = (*it - '0') * (twice ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 == 0;
}

// ISO/IEC 7812 prefixes of payment cards and their lengths. Luhn alone would take a tenth of all
// EAN article numbers and millisecond times; the old 13-digit Visa numbers look like German EANs.
bool is_card_prefix(std::string_view digits) {
  const int two = (digits[0] - '0') * 10 + (digits[1] - '0');
  const int four = two * 100 + (digits[2] - '0') * 10 + (digits[3] - '0');
  const std::size_t size = digits.size();
  if (digits[0] == '4') return size == 16 || size == 19;
  if (two == 34 || two == 37) return size == 15;
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return size == 16;
  if (two == 36 || two == 38 || (four >= 3000 && four <= 3059)) return size == 14 || size == 16;
  if (four >= 3528 && four <= 3589) return size >= 16;
  if (two == 62 || two == 65 || four == 6011 || (four >= 6440 && four <= 6499)) return size >= 16;
  return (two == 50 || (two >= 56 && two <= 69)) && size >= 15;
}

// Digits in a row, single blanks or dashes between them allowed.
bool has_card_number(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (!is_digit(text[i])) {
      ++i;
      continue;
    }
    std::string digits;
    while (i < text.size() &&
           (is_digit(text[i]) ||
            ((text[i] == ' ' || text[i] == '-') && i + 1 < text.size() && is_digit(text[i + 1])))) {
      if (is_digit(text[i])) digits += text[i];
      ++i;
    }
    if (digits.size() >= 14 && digits.size() <= 19 && is_card_prefix(digits) &&
        passes_luhn(digits)) {
      return true;
    }
  }
  return false;
}

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

bool looks_personal(std::string_view text) {
  std::string decoded(text);
  for (int i = 0; i < 3; ++i) {  // also "%2540"
    if (has_email(decoded) || has_card_number(decoded)) return true;
    std::string next = percent_decoded(decoded, true);
    if (next == decoded) return false;
    decoded = std::move(next);
  }
  return has_email(decoded) || has_card_number(decoded);
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
