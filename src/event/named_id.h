// Ids as people and programs say them, and the visitor they point to when no alias exists.
#pragma once

#include <string>
#include <string_view>

#include "base/hash.h"

namespace tact {

inline constexpr std::string_view kAnonymousKind = "anonymous";
inline constexpr std::string_view kUserKind = "user";
inline constexpr std::string_view kClaimedKind =
    "claimed-user";  // by a browser, unsigned: nobody's but its own
inline constexpr std::string_view kEmailKind = "email";

struct NamedId {
  std::string kind = std::string(kAnonymousKind);  // also "user", "email", "crm", "loyalty", …
  std::string id;
};

// The kind of a further id: [a-z0-9_]{1,32}, and none of those that mean something else.
bool is_further_kind(std::string_view kind);

// Without spaces around it; an e-mail address in small letters.
VisitorId visitor_named(const InstallKey& key, std::string_view kind, std::string_view id);

}  // namespace tact
