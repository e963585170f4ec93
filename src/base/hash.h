// Hashes, each with the one use it has in Tact.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"

namespace tact {

// XXH3-64 / XXH3-128 (xxHash specification): fast, not keyed. Ids inside state, checksums.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);

// hash64 (seed 0) of bytes that come piece by piece.
class Hash64Stream {
 public:
  Hash64Stream();
  ~Hash64Stream();
  Hash64Stream(const Hash64Stream&) = delete;
  Hash64Stream& operator=(const Hash64Stream&) = delete;

  void add(std::string_view bytes);
  std::uint64_t value() const;  // of all so far

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

struct Sum128 {  // a 128-bit integer, addition modulo 2^128
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool operator==(const Sum128&) const = default;
  Sum128& operator+=(const Sum128& other);
  Sum128& operator-=(const Sum128& other);
};
Sum128 hash128(std::string_view first, std::string_view second);  // of first ‖ second

// FNV-1a over UTF-16 code units (as GrowthBook does), for bucketing only.
std::uint32_t fnv1a32_utf16(std::string_view utf8);

// BLAKE2b-256, RFC 7693: content addresses.
ContentHash content_hash(std::string_view bytes);

// The keys of one installation: 32 random bytes from which each use derives its own.
class InstallKey {
 public:
  static InstallKey generate();
  static Result<InstallKey> from_hex(std::string_view hex);
  std::string to_hex() const;

  // keyed BLAKE2b-128(kind ‖ 0 ‖ id): the visitor an external id points to when no alias exists.
  VisitorId visitor_id(std::string_view kind, std::string_view external_id) const;
  // keyed BLAKE2b-128 as text, for identifiers that must not be stored raw.
  std::string pseudonym(std::string_view kind, std::string_view external_id) const;
  std::uint64_t decision_mac(Partition partition, Offset offset, const VisitorId& visitor) const;
  // A random-looking secret for a named purpose, e.g. "live-token".
  std::string derive_token(std::string_view purpose) const;

 private:
  std::array<std::uint8_t, 32> key_{};
};

std::string random_token(std::size_t bytes);  // hex, from the system's source
bool equal_in_constant_time(std::string_view a, std::string_view b);  // for secrets

}  // namespace tact
