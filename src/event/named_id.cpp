#include "event/named_id.h"

#include <algorithm>

namespace tact {

bool is_further_kind(std::string_view kind) {
  if (kind.empty() || kind.size() > 32 || kind == kAnonymousKind || kind == kUserKind) return false;
  return std::all_of(kind.begin(), kind.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

VisitorId visitor_named(const InstallKey& key, std::string_view kind, std::string_view id) {
  if (!is_further_kind(kind)) return key.visitor_id(kind, id);
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!id.empty() && is_space(id.front())) id.remove_prefix(1);
  while (!id.empty() && is_space(id.back())) id.remove_suffix(1);
  if (kind != kEmailKind) return key.visitor_id(kind, id);
  std::string small(id);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return key.visitor_id(kind, small);
}

}  // namespace tact
