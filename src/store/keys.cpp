#include "store/keys.h"

#include <algorithm>

#include "base/bytes.h"

namespace tact::keys {
namespace {

constexpr std::size_t kVisitorBytes = 16;
constexpr std::size_t kNumberBytes = 8;

std::string_view view(const VisitorId& visitor) {
  return {reinterpret_cast<const char*>(visitor.bytes.data()), visitor.bytes.size()};
}

std::string visitor_and_number(const VisitorId& visitor, std::uint64_t number) {
  ByteWriter writer;
  writer.raw(view(visitor));
  writer.u64_be(number);
  return writer.take();
}

// Precondition: bytes.size() == kVisitorBytes.
VisitorId read_visitor(std::string_view bytes) {
  VisitorId visitor;
  std::transform(bytes.begin(), bytes.end(), visitor.bytes.begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  return visitor;
}

std::uint64_t read_number(std::string_view bytes) { return ByteReader(bytes).u64_be(); }

}  // namespace

std::string history(const VisitorId& visitor, Offset offset) {
  return visitor_and_number(visitor, offset.value);
}

std::string history_prefix(const VisitorId& visitor) { return std::string(view(visitor)); }

std::string order(Partition partition, Offset offset) {
  ByteWriter writer;
  writer.u8(partition.value);
  writer.u64_be(offset.value);
  return writer.take();
}

std::string order_prefix(Partition partition) {
  return std::string(1, static_cast<char>(partition.value));
}

std::string profile(const VisitorId& visitor) { return std::string(view(visitor)); }

std::string alias(const VisitorId& external) { return std::string(view(external)); }

std::string facts(std::uint64_t experiment, const VisitorId& visitor) {
  ByteWriter writer;
  writer.u64_be(experiment);
  writer.raw(view(visitor));
  return writer.take();
}

std::string facts_prefix(std::uint64_t experiment) {
  ByteWriter writer;
  writer.u64_be(experiment);
  return writer.take();
}

std::string partition_state(Partition partition) {
  return std::string{'p', static_cast<char>(partition.value)};
}

std::string pending_link(const VisitorId& loser, Offset link) { return "l" + history(loser, link); }

std::string pending_link_prefix() { return "l"; }

std::string pending_unlink(const VisitorId& loser, Offset link) {
  return "x" + history(loser, link);
}

std::string pending_unlink_prefix() { return "x"; }

std::string refolded(Partition partition) {
  return std::string{'r', static_cast<char>(partition.value)};
}

std::string responses(Partition partition) {
  return std::string{'a', static_cast<char>(partition.value)};
}

std::string responses_prefix() { return "a"; }

std::string unconsented(std::uint64_t day, std::string_view moment) {
  ByteWriter writer;
  writer.u8('u');
  writer.u64_be(day);
  writer.raw(moment);
  return writer.take();
}

std::string unconsented_prefix() { return "u"; }

std::string consented(std::uint64_t day) {
  ByteWriter writer;
  writer.u8('d');
  writer.u64_be(day);
  return writer.take();
}

std::string consented_prefix() { return "d"; }

std::string left_out(std::uint64_t day, std::string_view who) {
  ByteWriter writer;
  writer.u8('n');
  writer.u64_be(day);
  writer.raw(who);
  return writer.take();
}

std::string left_out_prefix() { return "n"; }

std::string playbook(const ContentHash& hash) {
  return {reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()};
}

std::string meta(std::string_view name) { return "m" + std::string(name); }

std::optional<HistoryKey> parse_history(std::string_view key) {
  if (key.size() != kVisitorBytes + kNumberBytes) return std::nullopt;
  return HistoryKey{read_visitor(key.substr(0, kVisitorBytes)),
                    Offset{read_number(key.substr(kVisitorBytes))}};
}

std::optional<OrderKey> parse_order(std::string_view key) {
  if (key.size() != 1 + kNumberBytes) return std::nullopt;
  return OrderKey{Partition{static_cast<std::uint8_t>(key[0])}, Offset{read_number(key.substr(1))}};
}

std::optional<UnconsentedKey> parse_unconsented(std::string_view key) {
  if (key.size() < 1 + kNumberBytes || key.front() != 'u') return std::nullopt;
  return UnconsentedKey{read_number(key.substr(1, kNumberBytes)), key.substr(1 + kNumberBytes)};
}

std::optional<std::uint64_t> parse_consented(std::string_view key) {
  if (key.size() != 1 + kNumberBytes || key.front() != 'd') return std::nullopt;
  return read_number(key.substr(1));
}

std::optional<LeftOutKey> parse_left_out(std::string_view key) {
  if (key.size() < 1 + kNumberBytes || key.front() != 'n') return std::nullopt;
  return LeftOutKey{read_number(key.substr(1, kNumberBytes)), key.substr(1 + kNumberBytes)};
}

std::optional<VisitorId> parse_visitor(std::string_view sixteen_bytes) {
  if (sixteen_bytes.size() != kVisitorBytes) return std::nullopt;
  return read_visitor(sixteen_bytes);
}

std::optional<HistoryKey> parse_pending_link(std::string_view key) {
  if (key.empty() || key.front() != 'l') return std::nullopt;
  return parse_history(key.substr(1));
}

std::optional<HistoryKey> parse_pending_unlink(std::string_view key) {
  if (key.empty() || key.front() != 'x') return std::nullopt;
  return parse_history(key.substr(1));
}

}  // namespace tact::keys
