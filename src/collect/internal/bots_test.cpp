#include "collect/internal/bots.h"

#include <gtest/gtest.h>

namespace tact::internal {
namespace {

TEST(Bots, AreKnownByWhatTheyCallThemselves) {
  for (const std::string_view agent :
       {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
        "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; "
        "+https://o.example)",
        "facebookexternalhit/1.1", "Mozilla/5.0 (compatible; AhrefsBot/7.0)", "CCBot/2.0",
        "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/131.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Linux; Android 11) Chrome/131 Mobile Safari/537.36 Chrome-Lighthouse",
        "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
        "ia_archiver (+http://archive.org)", "Scrapy/2.11 (+https://scrapy.org)", "SomeCrawler",
        "my bot"}) {
    EXPECT_TRUE(is_known_bot(agent)) << agent;
  }
}

TEST(Bots, BrowsersAndAppsAreNone) {
  for (const std::string_view agent :
       {"", "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 "
        "Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 "
        "Safari/604.1",
        "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/131 Mobile "
        "Safari/537.36",
        "Mozilla/5.0 (Linux; Android 10; Cubot_NOTE_20) Chrome/131 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) [FBAN/FBIOS;FBAV/440.0]",
        "Mozilla/5.0 (Linux; Android 13) Instagram 300.0 Android", "okhttp/4.12.0",
        "MyShop/1.2 CFNetwork/1490 Darwin/23.1.0", "analytics-node-next/latest",
        "Bottega/3.1 (Android 14)", "robotics-shop-app/2"}) {
    EXPECT_FALSE(is_known_bot(agent)) << agent;
    EXPECT_FALSE(is_http_library(agent)) << agent;
  }
}

TEST(Bots, LibrariesAreToldFromToolsPeopleTryThingsOutWith) {
  for (const std::string_view agent : {"python-requests/2.31.0", "Python-urllib/3.11", "Wget/1.21",
                                       "Go-http-client/2.0", "Java/17.0.1", "GuzzleHttp/7"}) {
    EXPECT_TRUE(is_http_library(agent)) << agent;
  }
  for (const std::string_view agent : {"curl/8.5.0", "HTTPie/3.2", "node", "PostmanRuntime/7.36"}) {
    EXPECT_FALSE(is_http_library(agent)) << agent;
  }
}

}  // namespace
}  // namespace tact::internal
