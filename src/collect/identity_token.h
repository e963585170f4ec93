// A browser's proof that it may say who its visitor is: a JSON Web Token that the site's server
// signed for the person who logged in there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace tact {

// Of one write key, in DATA/keys. There is no negotiation: a token names this algorithm or is none.
struct TokenKey {
  enum class Algorithm : std::uint8_t { kNone, kHs256, kEdDsa };
  Algorithm algorithm = Algorithm::kNone;  // kNone: no token is believed
  std::string key;                         // HS256: the shared secret; EdDSA: 32 bytes, public
};

inline constexpr std::size_t kMaxTokenBytes = 4'096;
inline constexpr Duration kMaxTokenLife = days(1);
inline constexpr Duration kTokenLeeway{60'000};  // clocks differ

// JWS compact serialisation (RFC 7515) of a JWT (RFC 7519) with HS256 (RFC 7518) or Ed25519
// (RFC 8037). Ok if it is signed with `key`, `sub` is the user id, and `now` lies between `nbf`, if
// there is one, and `exp`, which may be a day ahead at most. kForbidden otherwise; the message is
// for operators and names no id.
Status verify_identity_token(std::string_view token, std::string_view user_id, const TokenKey& key,
                             Time now);

}  // namespace tact
