#include "collect/identity_token.h"

#include <optional>

#include "base/crypto.h"
#include "base/json.h"

namespace tact {
namespace {

Error refuse(std::string why) {
  return make_error(ErrorCode::kForbidden, "identity token: " + std::move(why));
}

struct Parts {
  std::string_view signed_part;  // header.payload
  json::object header, payload;
  std::string signature;
};

std::optional<json::object> object_in(std::string_view base64url) {
  const auto text = decode_base64url(base64url);
  if (!text) return std::nullopt;
  auto value = parse_json(*text);
  if (!value.has_value() || !value->is_object()) return std::nullopt;
  return std::move(value->get_object());
}

std::optional<Parts> split(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
    return std::nullopt;
  auto header = object_in(token.substr(0, first));
  auto payload = object_in(token.substr(first + 1, second - first - 1));
  auto signature = decode_base64url(token.substr(second + 1));
  if (!header || !payload || !signature) return std::nullopt;
  return Parts{token.substr(0, second), std::move(*header), std::move(*payload),
               std::move(*signature)};
}

bool is_signed(const Parts& parts, const TokenKey& key) {
  const std::string_view algorithm = string_at(parts.header, "alg");
  // RFC 7515 section 4.1.11: what is marked critical must be understood, and nothing is here.
  if (parts.header.contains("crit")) return false;
  switch (key.algorithm) {
    case TokenKey::Algorithm::kNone:
      return false;
    case TokenKey::Algorithm::kHs256:
      return algorithm == "HS256" &&
             hmac_sha256_matches(key.key, parts.signed_part, parts.signature);
    case TokenKey::Algorithm::kEdDsa:
      return algorithm == "EdDSA" && ed25519_matches(key.key, parts.signed_part, parts.signature);
  }
  return false;
}

// NumericDate: seconds since 1970, perhaps with a fraction.
std::optional<Time> time_at(const json::object& payload, std::string_view name) {
  const json::value* value = find_member(payload, name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const double seconds = value->to_number<double>();
  if (!(seconds > 0 && seconds < 1e11)) return std::nullopt;
  return time_from_ms(static_cast<std::int64_t>(seconds * 1000));
}

}  // namespace

Status verify_identity_token(std::string_view token, std::string_view user_id, const TokenKey& key,
                             Time now) {
  if (key.algorithm == TokenKey::Algorithm::kNone) return refuse("this key has no identity key");
  if (token.size() > kMaxTokenBytes) return refuse("too long");
  const auto parts = split(token);
  if (!parts) return refuse("not a JSON Web Token");
  if (!is_signed(*parts, key)) return refuse("not signed with the key's algorithm and secret");
  const auto expires = time_at(parts->payload, "exp");
  if (!expires) return refuse("`exp` is missing");
  if (now > *expires + kTokenLeeway) return refuse("expired");
  if (*expires > now + kMaxTokenLife + kTokenLeeway) return refuse("`exp` is over a day ahead");
  const auto begins = time_at(parts->payload, "nbf");
  if (parts->payload.contains("nbf") && (!begins || now + kTokenLeeway < *begins))
    return refuse("not valid yet");
  if (user_id.empty() || string_at(parts->payload, "sub") != user_id)
    return refuse("`sub` is somebody else");
  return ok();
}

}  // namespace tact
