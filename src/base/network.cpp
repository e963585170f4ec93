#include "base/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace tact {
namespace {

constexpr std::array<std::uint8_t, 12> kIpv4Prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr int kIpv4Bits = 96;  // in front of an IPv4 address

IpAddress masked(const IpAddress& address, int prefix) {
  IpAddress out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int bits = std::clamp(prefix - static_cast<int>(i) * 8, 0, 8);
    out[i] = address[i] & static_cast<std::uint8_t>(0xFF00 >> bits);
  }
  return out;
}

std::optional<int> parse_prefix(std::string_view text, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > most) {
    return std::nullopt;
  }
  return value;
}

std::string to_text(const IpAddress& address, bool is_ipv4) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(is_ipv4 ? AF_INET : AF_INET6, address.data() + (is_ipv4 ? kIpv4Prefix.size() : 0),
            text.data(), text.size());
  return text.data();
}

}  // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  IpAddress address{};
  if (text.find(':') == std::string_view::npos) {
    std::copy(kIpv4Prefix.begin(), kIpv4Prefix.end(), address.begin());
    if (inet_pton(AF_INET, terminated.c_str(), address.data() + kIpv4Prefix.size()) != 1) {
      return std::nullopt;
    }
  } else if (inet_pton(AF_INET6, terminated.c_str(), address.data()) != 1) {
    return std::nullopt;
  }
  return address;
}

bool Network::contains(const IpAddress& other) const { return masked(other, prefix) == address; }

Result<Network> parse_network(std::string_view text) {
  const auto bad = [&](std::string suggestion) {
    return make_error(ErrorCode::kInvalid, "\"" + std::string(text) + "\" is not a network",
                      std::move(suggestion));
  };
  const std::size_t slash = text.find('/');
  const auto address = parse_ip_address(text.substr(0, slash));
  if (!address) return bad("for example 192.0.2.0/24 or 2001:db8::/32");
  const bool is_ipv4 = text.find(':') == std::string_view::npos;
  const int front = is_ipv4 ? kIpv4Bits : 0;
  Network network{*address, 128};
  if (slash == std::string_view::npos) return network;
  const auto prefix = parse_prefix(text.substr(slash + 1), 128 - front);
  if (!prefix) return bad(is_ipv4 ? "a prefix of 0 to 32" : "a prefix of 0 to 128");
  network.prefix = front + *prefix;
  network.address = masked(*address, network.prefix);
  if (network.address != *address) {
    return bad(to_text(network.address, is_ipv4) + "/" + std::to_string(*prefix));
  }
  return network;
}

}  // namespace tact
