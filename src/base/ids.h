// Strong id types. Formats: docs/formats/ids.md.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tact {

// One of 256 logical partitions, fixed for ever by the visitor id's first byte.
struct Partition {
  std::uint8_t value = 0;
  auto operator<=>(const Partition&) const = default;
};
inline constexpr int kPartitions = 256;

// Position of a record in its partition's log; the first record has offset 1, 0 means "none".
struct Offset {
  std::uint64_t value = 0;
  auto operator<=>(const Offset&) const = default;
};

// One person as far as we may know: keyed BLAKE2b-128 of the first external id seen.
struct VisitorId {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const VisitorId&) const = default;

  Partition partition() const { return Partition{bytes[0]}; }
  std::string to_text() const;  // "v_" and 32 hex digits
  static std::optional<VisitorId> parse(std::string_view text);
};

struct VisitorIdHash {
  using is_avalanching = void;  // for Boost.Unordered: every bit of it is as good as any other
  std::size_t operator()(const VisitorId& id) const;
};

// A content address: BLAKE2b-256 of a playbook's or snapshot's canonical bytes.
struct ContentHash {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const ContentHash&) const = default;
  std::string to_text() const;  // "b2:" and 64 hex digits
  static std::optional<ContentHash> parse(std::string_view text);
};

// Names one decision for ever; the MAC keeps ids from being guessed or made up.
struct DecisionId {
  Partition partition;
  Offset offset;
  std::uint64_t mac = 0;
  auto operator<=>(const DecisionId&) const = default;
  std::string to_text() const;  // "d_" and 28 characters of Crockford base32
  static std::optional<DecisionId> parse(std::string_view text);
};

std::string to_hex(const std::uint8_t* data, std::size_t size);

}  // namespace tact
