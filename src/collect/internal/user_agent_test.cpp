#include "collect/internal/user_agent.h"

#include <gtest/gtest.h>

namespace tact::internal {
namespace {

struct Case {
  std::string_view text, reduced;
  Device device;
};

TEST(UserAgent, TellsFamilyMajorSystemAndDevice) {
  const Case cases[] = {
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
       "Chrome/131.0.0.0 Safari/537.36",
       "Chrome/131 (Windows)", Device::kDesktop},
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
       "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.51",
       "Edge/131 (Windows)", Device::kDesktop},
      {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
       "Version/18.1 Safari/605.1.15",
       "Safari/18 (macOS)", Device::kDesktop},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
       "Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
       "Safari/18 (iOS)", Device::kMobile},
      {"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
       "CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1",
       "Chrome/131 (iOS)", Device::kTablet},
      {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
       "Chrome/131.0.0.0 Mobile Safari/537.36",
       "Chrome/131 (Android)", Device::kMobile},
      {"Mozilla/5.0 (Linux; Android 14; SM-X910) AppleWebKit/537.36 (KHTML, like Gecko) "
       "SamsungBrowser/27.0 Chrome/125.0.0.0 Safari/537.36",
       "Samsung Internet/27 (Android)", Device::kTablet},
      {"Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
       "Firefox/132 (Linux)", Device::kDesktop},
      {"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
       "Chrome/131.0.0.0 Safari/537.36",
       "Chrome/131 (ChromeOS)", Device::kDesktop},
      {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Bot",
       Device::kUnknown},
      {"analytics-node-next/latest", "analytics-node-next", Device::kUnknown},
      {"curl/8.5.0", "curl/8", Device::kUnknown},
      {"Mozilla/5.0", "other", Device::kUnknown},
      {"", "other", Device::kUnknown},
  };
  for (const Case& one : cases) {
    const UserAgent agent = parse_user_agent(one.text);
    EXPECT_EQ(agent.reduced(), one.reduced) << one.text;
    EXPECT_EQ(agent.device, one.device) << one.text;
  }
}

TEST(UserAgent, KeepsNothingLong) {
  EXPECT_LE(
      parse_user_agent(std::string(5'000, 'x') + "/" + std::string(500, '9')).reduced().size(),
      50U);
}

}  // namespace
}  // namespace tact::internal
