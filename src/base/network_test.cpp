#include "base/network.h"

#include <gtest/gtest.h>

namespace tact {
namespace {

IpAddress ip(std::string_view text) {
  const auto address = parse_ip_address(text);
  EXPECT_TRUE(address.has_value()) << text;
  return address.value_or(IpAddress{});
}

Network network(std::string_view text) {
  const auto parsed = parse_network(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.has_value() ? *parsed : Network{};
}

TEST(Network, ContainsTheAddressesOfItsPrefix) {
  EXPECT_TRUE(network("192.0.2.0/24").contains(ip("192.0.2.255")));
  EXPECT_FALSE(network("192.0.2.0/24").contains(ip("192.0.3.0")));
  EXPECT_TRUE(network("192.0.2.128/25").contains(ip("192.0.2.128")));
  EXPECT_FALSE(network("192.0.2.128/25").contains(ip("192.0.2.127")));
  EXPECT_TRUE(network("192.0.2.7").contains(ip("192.0.2.7")));
  EXPECT_FALSE(network("192.0.2.7").contains(ip("192.0.2.6")));
  EXPECT_TRUE(network("2001:db8::/33").contains(ip("2001:db8:7fff::1")));
  EXPECT_FALSE(network("2001:db8::/33").contains(ip("2001:db8:8000::1")));
  EXPECT_TRUE(network("0.0.0.0/0").contains(ip("203.0.113.9")));
}

TEST(Network, AnIpv4AddressIsTheSameHoweverASocketNamesIt) {
  EXPECT_EQ(ip("::ffff:192.0.2.1"), ip("192.0.2.1"));
  EXPECT_TRUE(network("192.0.2.0/24").contains(ip("::ffff:192.0.2.9")));
  EXPECT_FALSE(network("0.0.0.0/0").contains(ip("2001:db8::1")));
}

TEST(Network, SaysWhatIsWrong) {
  for (const std::string_view bad :
       {"", "office", "192.0.2", "192.0.2.256", "192.0.2.0/33", "::/129", "192.0.2.0/",
        "192.0.2.0/x", "192.0.2.0/-1", "/24", "::1/ 8", "[::1]", "192.0.2.1:80", "fe80::1%eth0"}) {
    EXPECT_FALSE(parse_network(bad).has_value()) << bad;
  }
  EXPECT_EQ(parse_network("10.1.2.3/8").error().where, "10.0.0.0/8");
  EXPECT_EQ(parse_network("2001:db8:1::/32").error().where, "2001:db8::/32");
}

}  // namespace
}  // namespace tact
