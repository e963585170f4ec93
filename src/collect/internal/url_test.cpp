#include "collect/internal/url.h"

#include <gtest/gtest.h>

namespace tact::internal {
namespace {

TEST(Url, SplitsWhatClientsSend) {
  const UrlParts whole = split_url("https://u:p@shop.example:8443/p/fjell?utm_source=x&y=1#top");
  EXPECT_EQ(whole.scheme, "https");
  EXPECT_EQ(whole.user, "u:p");
  EXPECT_EQ(whole.host, "shop.example");
  EXPECT_EQ(whole.port, "8443");
  EXPECT_EQ(whole.path, "/p/fjell");
  EXPECT_EQ(whole.query, "utm_source=x&y=1");
  EXPECT_EQ(whole.fragment, "top");
  EXPECT_EQ(split_url("/p?x=https://a.example/b").path, "/p");
  EXPECT_EQ(split_url("https://a.example").path, "");
  EXPECT_EQ(split_url("//a.example/b").host, "a.example");
  EXPECT_EQ(split_url("http://[::1]:80/x").host, "[::1]");
  EXPECT_EQ(split_url("http://[::1]:80/x").port, "80");
  EXPECT_EQ(split_url("android-app://com.google.android.gm/").host, "com.google.android.gm");
  EXPECT_EQ(split_url("").path, "");
  for (const std::string_view odd : {":", "://", "//", "?", "#", "?#", "http:", "http://", "[",
                                     "a@b", "http://[", "http://@", "http://:"}) {
    (void)split_url(odd);
    (void)minimised_url(odd);
  }
}

TEST(Url, ReadsParametersDecoded) {
  EXPECT_EQ(query_value("a=1&Q=red+shoes%21&b", "q"), "red shoes!");
  EXPECT_EQ(query_value("a=1", "q"), std::nullopt);
  EXPECT_EQ(query_value("q", "q"), "");
  EXPECT_EQ(query_value("q=%zz%2", "q"), "%zz%2");
}

TEST(Url, KeepsAllowedParametersOnly) {
  EXPECT_EQ(minimised_url("https://s.example/p?utm_source=n&token=abc&q=shoes&sid=7&Page=2#x"),
            "https://s.example/p?utm_source=n&q=shoes&Page=2");
  EXPECT_EQ(minimised_url("https://s.example/p?token=abc"), "https://s.example/p");
  EXPECT_EQ(minimised_url("/search?query=a&sort=b&category=c&product=d&s=e&search=f&x=g"),
            "/search?query=a&sort=b&category=c&product=d&s=e&search=f");
  EXPECT_EQ(minimised_url("https://user:secret@s.example/"), "https://s.example/");
}

TEST(Url, LeavesCleanUrlsByteForByte) {
  for (const std::string_view url :
       {"https://Shop.Example:8080/P/a%20b/", "/", "", "/p/fjell", "https://s.example",
        "http://s.example/?q=a%20b", "android-app://com.google.android.gm/", "relative/path",
        "/@writer/story", "/npm/react@18.2.0/x.js", "/p/4006381333931", "/o/1795255323123",
        "/2026-11-21/10-02-03", "//cdn.example/x"}) {
    EXPECT_EQ(minimised_url(url), url);
  }
}

TEST(Url, DropsEMailAddresses) {
  EXPECT_EQ(minimised_url("https://s.example/account/jane@example.org/orders"),
            "https://s.example/account/-/orders");
  EXPECT_EQ(minimised_url("/u/jane.doe%2Bshop%40example.co.uk"), "/u/-");
  EXPECT_EQ(minimised_url("/u/jane%2540example.org"), "/u/-");
  EXPECT_EQ(minimised_url("/u/j%C3%BCrgen@m%C3%BCller.de/x"), "/u/-/x");
  EXPECT_EQ(minimised_url("/s?q=jane@example.org&page=2"), "/s?page=2");
  EXPECT_EQ(minimised_url("/s?q=mail+to+jane%40example.org"), "/s");
  EXPECT_EQ(minimised_url("mailto:jane@example.org"), "-");
}

TEST(Url, DropsCardNumbers) {
  for (const std::string_view card :
       {"4111111111111111", "4111-1111-1111-1111", "4111%201111%201111%201111", "5555555555554444",
        "2223003122003222", "378282246310005", "6011111111111117", "3530111333300000",
        "30569309025904", "6240008631401148"}) {
    EXPECT_EQ(minimised_url("/pay/" + std::string(card) + "/x"), "/pay/-/x") << card;
    EXPECT_EQ(minimised_url("/s?q=" + std::string(card)), "/s") << card;
  }
  // A digit off, or a number that no card has.
  EXPECT_EQ(minimised_url("/pay/4111111111111112"), "/pay/4111111111111112");
  EXPECT_EQ(minimised_url("/pay/1111111111111117"), "/pay/1111111111111117");
  EXPECT_EQ(minimised_url("/pay/41111111111111110000"), "/pay/41111111111111110000");
}

}  // namespace
}  // namespace tact::internal
