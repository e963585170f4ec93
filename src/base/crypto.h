// Checking what somebody signed. Comparisons take the same time wherever the bytes differ.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tact {

// HMAC-SHA-256, RFC 2104 with FIPS 180-4; `mac` is 32 bytes. Any size of key.
bool hmac_sha256_matches(std::string_view key, std::string_view message, std::string_view mac);

// Ed25519, RFC 8032: `public_key` 32 bytes, `signature` 64. False for any other size.
bool ed25519_matches(std::string_view public_key, std::string_view message,
                     std::string_view signature);

// RFC 4648 section 5, without padding; nullopt for anything else.
std::optional<std::string> decode_base64url(std::string_view text);
// Hexadecimal digits of either case; nullopt for anything else.
std::optional<std::string> decode_hex(std::string_view text);

}  // namespace tact
