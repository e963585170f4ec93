// BLAKE2b with 32 bytes and no key (RFC 7693, Saarinen & Aumasson 2015), for reports over many
// millions of rows: libsodium's takes twice as long on processors on which vectors do not pay.
// Anything with a key is libsodium's.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tact {

std::array<std::uint8_t, 32> blake2b_256(std::string_view bytes);  // O(size)

}  // namespace tact
