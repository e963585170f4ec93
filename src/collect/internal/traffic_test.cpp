#include "collect/internal/traffic.h"

#include <gtest/gtest.h>

namespace tact::internal {
namespace {

TrafficSource by_referrer(std::string_view host) {
  return classify_traffic({}, "", "www.shop.example", host, true);
}
TrafficSource by_medium(std::string_view medium) {
  return classify_traffic({"s", std::string(medium), "n", "", ""}, "gclid=1", "", "google.com",
                          true);
}

TEST(Traffic, TheReferrerTells) {
  EXPECT_EQ(by_referrer(""), TrafficSource::kDirect);
  EXPECT_EQ(by_referrer("shop.example"), TrafficSource::kInternal);
  EXPECT_EQ(by_referrer("www.google.de"), TrafficSource::kSearch);
  EXPECT_EQ(by_referrer("google.co.uk"), TrafficSource::kSearch);
  EXPECT_EQ(by_referrer("duckduckgo.com"), TrafficSource::kSearch);
  EXPECT_EQ(by_referrer("mail.google.com"), TrafficSource::kEmail);
  EXPECT_EQ(by_referrer("outlook.live.com"), TrafficSource::kEmail);
  EXPECT_EQ(by_referrer("com.google.android.gm"), TrafficSource::kEmail);
  EXPECT_EQ(by_referrer("l.facebook.com"), TrafficSource::kSocial);
  EXPECT_EQ(by_referrer("t.co"), TrafficSource::kSocial);
  EXPECT_EQ(by_referrer("www.pinterest.at"), TrafficSource::kSocial);
  EXPECT_EQ(by_referrer("navigator.gmx.net"), TrafficSource::kEmail);  // a name of two labels
  EXPECT_EQ(by_referrer("gmx.net"), TrafficSource::kReferral);
  EXPECT_EQ(by_referrer("search.brave.com"), TrafficSource::kSearch);
  EXPECT_EQ(by_referrer("brave.com"), TrafficSource::kReferral);
  EXPECT_EQ(by_referrer("old.reddit.com"), TrafficSource::kSocial);
  EXPECT_EQ(by_referrer("pinterest.google.com"), TrafficSource::kSearch);  // search goes before
  EXPECT_EQ(by_referrer("blog.example.org"), TrafficSource::kReferral);
  EXPECT_EQ(by_referrer("netflix.com"), TrafficSource::kReferral);  // not x.com
  EXPECT_EQ(by_referrer("notgoogle.com"), TrafficSource::kReferral);
  EXPECT_EQ(by_referrer("google.example.org"), TrafficSource::kSearch);  // the price of "google."
}

TEST(Traffic, TheLinkTellsBeforeTheReferrer) {
  EXPECT_EQ(by_medium("cpc"), TrafficSource::kAd);
  EXPECT_EQ(by_medium("Paid_Social"), TrafficSource::kAd);
  EXPECT_EQ(by_medium("email"), TrafficSource::kEmail);
  EXPECT_EQ(by_medium("social"), TrafficSource::kSocial);
  EXPECT_EQ(by_medium("organic"), TrafficSource::kSearch);
  EXPECT_EQ(by_medium("print"), TrafficSource::kCampaign);
  EXPECT_EQ(by_medium(""), TrafficSource::kCampaign);
  EXPECT_EQ(classify_traffic({}, "x=1&gclid=abc", "", "google.com", true), TrafficSource::kAd);
}

TEST(Traffic, NothingKnownIsUnknown) {
  EXPECT_EQ(classify_traffic({}, "", "", "", false), TrafficSource::kUnknown);
}

}  // namespace
}  // namespace tact::internal
