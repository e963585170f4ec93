// IP addresses and networks: RFC 4291 (IPv6), RFC 4632 (CIDR).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tact {

// 16 bytes in network order; an IPv4 address is ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2), so that
// "::ffff:192.0.2.1", as a dual-stack socket names it, is the same address.
using IpAddress = std::array<std::uint8_t, 16>;
std::optional<IpAddress> parse_ip_address(std::string_view text);  // without port, brackets, zone

struct Network {
  IpAddress address{};  // bits behind the prefix are 0
  int prefix = 128;     // of the 16 bytes: an IPv4 /24 is 120
  bool operator==(const Network&) const = default;

  bool contains(const IpAddress& other) const;
};

// "192.0.2.0/24", "2001:db8::/32", or a single address. kInvalid: no network, or bits are set
// behind the prefix; then `where` is the network that was probably meant.
Result<Network> parse_network(std::string_view text);

}  // namespace tact
