// Who asks: keys and tokens.
#include "base/log.h"
#include "serve/internal/routes.h"

namespace tact::routes {
namespace {

// RFC 4648 section 4; stops at the first character that is not in the alphabet.
std::string decode_base64(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const std::size_t digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) break;
    buffer = buffer << 6 | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>(buffer >> bits & 0xFF);
    }
  }
  return out;
}

std::string header_key(const HttpRequest& request) {
  const std::string_view value = request.headers.get("Authorization");
  const std::size_t blank = value.find(' ');
  if (blank == std::string_view::npos) return {};
  const std::string_view scheme = value.substr(0, blank);
  const std::string_view rest = value.substr(value.find_first_not_of(' ', blank));
  if (iequals(scheme, "Bearer")) return std::string(rest);
  if (!iequals(scheme, "Basic")) return {};
  const std::string pair = decode_base64(rest);
  return pair.substr(0, pair.find(':'));
}

}  // namespace

Result<const Source*> source_of(const HttpRequest& request, const KeyRing& keys,
                                std::string_view body_key) {
  const std::string from_header = header_key(request);
  const std::string_view key = from_header.empty() ? body_key : std::string_view(from_header);
  if (key.empty()) {
    return make_error(
        ErrorCode::kUnauthorized,
        "no key: send it by Basic auth (user = key), Bearer, or as writeKey in the body");
  }
  const Source* source = keys.find(key);
  if (source == nullptr) return make_error(ErrorCode::kUnauthorized, "this key is not known here");
  if (!origin_allowed(*source, request.headers.get("Origin"))) {
    return make_error(ErrorCode::kForbidden, "this key may not be used from this origin");
  }
  return source;
}

Status may_read(const HttpRequest& request, const KeyRing& keys) {
  const auto token = query_parameter(request.query, "token");
  if (token && keys.is_live_token(*token)) return ok();
  if (token && header_key(request).empty())
    return make_error(ErrorCode::kUnauthorized, "this token is not known here");
  TACT_ASSIGN(const Source* source, source_of(request, keys, {}));
  if (source->kind == KeyKind::kSecret) return ok();
  return make_error(ErrorCode::kForbidden, "a write key reads nothing; use a secret key");
}

RequestInfo info_of(const HttpRequest& request, const Source& source, Context& context) {
  Engine& engine = context.engine;
  if (engine.simulated()) {
    if (const auto time = parse_time(request.headers.get("Tact-Time"))) {
      if (const Status moved = engine.set_simulated_time(*time); !moved.has_value()) {
        log_warning("a simulated time was refused: " + moved.error().message);
      }
    }
  }
  RequestInfo info;
  info.source = &source;
  info.now = engine.now();
  info.user_agent = request.headers.get("User-Agent");
  info.remote_address = request.remote_address;
  info.regions = context.options.regions;
  info.gpc = request.headers.get("Sec-GPC") == "1";
  info.key = &engine.key();
  info.simulated = engine.simulated();
  return info;
}

std::uint8_t flags_of(const RequestInfo& info) {
  std::uint8_t flags = 0;
  if (info.gpc) flags |= record_flags::kGpc;
  if (!info.source->consent_required) flags |= record_flags::kBasisGranted;
  if (info.source->kind == KeyKind::kSecret) flags |= record_flags::kTrustedIdentity;
  if (info.simulated) flags |= record_flags::kSimulated;
  return flags;
}

}  // namespace tact::routes
