// Keys of every family, big-endian so that they sort by meaning. Worked example:
// docs/formats/store.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace tact::keys {

// The partition is the visitor's first byte, so `visitor` alone already sorts by partition.
std::string history(const VisitorId& visitor, Offset offset);  // visitor(16) · offset(8)
std::string history_prefix(const VisitorId& visitor);
std::string order(Partition partition, Offset offset);  // partition(1) · offset(8)
std::string order_prefix(Partition partition);
std::string profile(const VisitorId& visitor);  // visitor(16)
std::string alias(const VisitorId& external);   // keyed hash(16) → visitor(16)
std::string facts(std::uint64_t experiment,
                  const VisitorId& visitor);  // experiment(8) · visitor(16)
std::string facts_prefix(std::uint64_t experiment);
std::string partition_state(Partition partition);  // meta: "p" · partition(1)
std::string pending_link(const VisitorId& loser,
                         Offset link);  // meta: "l" · visitor(16) · offset(8)
std::string pending_link_prefix();
std::string pending_unlink(const VisitorId& loser,
                           Offset link);  // meta: "x" · visitor(16) · offset(8) → the winner(16)
std::string pending_unlink_prefix();
std::string refolded(Partition partition);   // meta: "r" · partition(1)
std::string responses(Partition partition);  // meta: "a" · partition(1)
std::string responses_prefix();
// meta: "u" · day(8, since 1970, UTC) · moment
std::string unconsented(std::uint64_t day, std::string_view moment);
std::string unconsented_prefix();
// meta: "d" · day(8, since 1970, UTC)
std::string consented(std::uint64_t day);
std::string consented_prefix();
// meta: "n" · day(8, since 1970, UTC) · who
inline constexpr std::string_view kBots = "bots", kStaff = "staff", kPace = "pace";
std::string left_out(std::uint64_t day, std::string_view who);
std::string left_out_prefix();
std::string playbook(const ContentHash& hash);  // hash(32)
std::string meta(std::string_view name);        // meta: "m" · name

struct HistoryKey {
  VisitorId visitor;
  Offset offset;
};
std::optional<HistoryKey> parse_history(std::string_view key);
struct OrderKey {
  Partition partition;
  Offset offset;
};
std::optional<OrderKey> parse_order(std::string_view key);
std::optional<VisitorId> parse_visitor(std::string_view sixteen_bytes);
std::optional<HistoryKey> parse_pending_link(std::string_view key);  // of the link record
std::optional<HistoryKey> parse_pending_unlink(std::string_view key);
struct UnconsentedKey {
  std::uint64_t day = 0;
  std::string_view moment;
};
std::optional<UnconsentedKey> parse_unconsented(std::string_view key);
std::optional<std::uint64_t> parse_consented(std::string_view key);  // → the day
struct LeftOutKey {
  std::uint64_t day = 0;
  std::string_view who;
};
std::optional<LeftOutKey> parse_left_out(std::string_view key);

}  // namespace tact::keys
