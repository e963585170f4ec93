#include "collect/request.h"

#include <gmock/gmock.h>

namespace tact {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Site kSite;

DecideBody body_of(std::string_view text) {
  auto body = parse_decide_body(text, kSite);
  EXPECT_TRUE(body.has_value()) << (body ? "" : body.error().to_text());
  return body ? *std::move(body) : DecideBody{};
}

std::string where_of(std::string_view text) {
  const auto body = parse_decide_body(text, kSite);
  return body.has_value() ? "fine" : body.error().where;
}

TEST(DecideRequest, ReadsTheDocumentedExample) {
  const DecideBody body = body_of(R"({
    "writeKey": "wk_1", "requestId": "r-1", "explain": true,
    "visitor": {"anonymousId": "a-1", "userId": null, "token": "t"},
    "page": {"url": "https://shop.example/p/trail-shoe", "type": "product", "title": "T",
             "referrer": "", "product": {"id": "p7", "category": ["shoes", "trail"], "price": 129,
                                         "name": "Trail shoe"}},
    "context": {"timezone": "Europe/Berlin", "locale": "de-DE", "weather": "rain",
                "consent": {"categoryPreferences": {"personalization": true, "analytics": true}}},
    "events": [{"type": "track", "event": "Size Guide Opened", "messageId": "m1"},
               {"type": "track", "event": "\ud800", "messageId": "m2"},
               {"type": "page", "anonymousId": "other", "context": {"locale": "en"}}],
    "slots": ["product.reassurance", "page.banner", "page.banner"], "sentAt": "2026-11-21",
    "somethingNew": {"x": 1}})");
  EXPECT_EQ(body.write_key, "wk_1");
  EXPECT_EQ(body.request_id, "r-1");
  EXPECT_TRUE(body.explain);
  EXPECT_EQ(body.anonymous_id, "a-1");
  EXPECT_EQ(body.user_id, "");
  EXPECT_EQ(body.token, "t");
  EXPECT_EQ(string_at(body.page, "url"), "https://shop.example/p/trail-shoe");
  EXPECT_TRUE(body.product == (Product{"p7", "shoes/trail", 12'900, 1}));
  EXPECT_EQ(body.product_name, "Trail shoe");
  EXPECT_EQ(body.category, "shoes/trail");
  EXPECT_EQ(body.time_zone, "Europe/Berlin");
  EXPECT_EQ(body.locale, "de-DE");
  EXPECT_EQ(body.weather, "rain");
  EXPECT_EQ(body.consent.choices[static_cast<int>(Purpose::kPersonalization)],
            ConsentState::kGranted);
  EXPECT_EQ(body.sent_at, parse_time("2026-11-21"));
  EXPECT_THAT(body.slots, ElementsAre("product.reassurance", "page.banner"));
  ASSERT_THAT(body.events, SizeIs(2));
  EXPECT_EQ(body.events[0].anonymous_id, "a-1");
  EXPECT_EQ(string_at(body.events[0].context, "locale"), "de-DE");
  EXPECT_EQ(body.events[1].anonymous_id, "other");
  EXPECT_EQ(string_at(body.events[1].context, "locale"), "en");
  ASSERT_THAT(body.rejected, SizeIs(1));
  EXPECT_EQ(body.rejected[0].message_id, "m2");
}

TEST(DecideRequest, NeedsOnlySlots) {
  const DecideBody body = body_of(R"({"slots":["a"]})");
  EXPECT_EQ(body.anonymous_id, "");
  EXPECT_EQ(body.product.id, "");
  EXPECT_EQ(body.consent, ConsentSignal{});
  EXPECT_FALSE(body.explain);
  EXPECT_EQ(where_of(
                R"({"slots":["a"],"visitor":null,"page":null,"context":null,"events":null,
                    "explain":null,"writeKey":null})"),
            "fine");
}

TEST(DecideRequest, NamesTheMemberThatIsWrong) {
  EXPECT_EQ(where_of(R"({})"), "slots");
  EXPECT_EQ(where_of(R"({"slots":[]})"), "slots");
  EXPECT_EQ(where_of(R"({"slots":"a"})"), "slots");
  EXPECT_EQ(where_of(R"({"slots":["a",""]})"), "slots[1]");
  EXPECT_EQ(where_of(R"({"slots":["A"]})"), "slots[0]");
  EXPECT_EQ(where_of(R"({"slots":["a b"]})"), "slots[0]");
  EXPECT_EQ(where_of(R"({"slots":[1]})"), "slots[0]");
  EXPECT_EQ(where_of(R"({"slots":[")" + std::string(64, 'x') + "\"]}"), "fine");
  EXPECT_EQ(where_of(R"({"slots":[")" + std::string(65, 'x') + "\"]}"), "slots[0]");
  EXPECT_EQ(where_of(R"({"slots":["a"],"explain":"yes"})"), "explain");
  EXPECT_EQ(where_of(R"({"slots":["a"],"writeKey":{}})"), "writeKey");
  EXPECT_EQ(where_of(R"({"slots":["a"],"requestId":[]})"), "requestId");
  EXPECT_EQ(where_of(R"({"slots":["a"],"visitor":"a"})"), "visitor");
  EXPECT_EQ(where_of(R"({"slots":["a"],"visitor":{"anonymousId":{}}})"), "visitor.anonymousId");
  EXPECT_EQ(where_of(R"({"slots":["a"],"visitor":{"userId":")" + std::string(257, 'x') + "\"}}"),
            "visitor.userId");
  EXPECT_EQ(where_of(R"({"slots":["a"],"page":"/"})"), "page");
  EXPECT_EQ(where_of(R"({"slots":["a"],"page":{"product":[]}})"), "page.product");
  EXPECT_EQ(where_of(R"({"slots":["a"],"page":{"product":{"id":"p","price":-1}}})"),
            "page.product.price");
  EXPECT_EQ(where_of(R"({"slots":["a"],"context":7})"), "context");
  EXPECT_EQ(where_of(R"({"slots":["a"],"events":{}})"), "events");
  EXPECT_EQ(where_of(R"({"slots":["a"],"page":{"url":"\ud800"}})"), "page");
}

TEST(DecideRequest, BoundsTheSlots) {
  std::string slots = "\"s0\"";
  for (std::size_t i = 1; i < kMaxSlots; ++i) slots += ",\"s" + std::to_string(i) + "\"";
  EXPECT_THAT(body_of(R"({"slots":[)" + slots + "]}").slots, SizeIs(kMaxSlots));
  EXPECT_EQ(where_of(R"({"slots":[)" + slots + ",\"x\"]}"), "slots");
}

TEST(DecideRequest, ReadsProductsAndCategoriesInEveryForm) {
  const DecideBody text = body_of(R"({"slots":["a"],"page":{"product":"p7","category":"shoes"}})");
  EXPECT_EQ(text.product.id, "p7");
  EXPECT_EQ(text.product.category, "shoes");
  const DecideBody list = body_of(R"({"slots":["a"],"page":{"category":["shoes","trail"]}})");
  EXPECT_EQ(list.product.id, "");
  EXPECT_EQ(list.category, "shoes/trail");
  const DecideBody number = body_of(
      R"({"slots":["a"],"page":{"product":{"product_id":7,"category":"a > b","price":"1.005"}}})");
  EXPECT_TRUE(number.product == (Product{"7", "a/b", 101, 1}));
}

TEST(DecideRequest, WhatADeviceReportsNeverRefuses) {
  const DecideBody body = body_of(
      R"({"slots":["a"],"context":{"timezone":7,"locale":"<x>","weather":{"t":1},"consent":"all"},
          "page":{"url":7,"title":[],"type":{}}})");
  EXPECT_EQ(body.time_zone, "");
  EXPECT_EQ(body.locale, "");
  EXPECT_EQ(body.weather, "");
  EXPECT_EQ(body_of(R"({"slots":["a"],"context":{"weather":"4 C"}})").weather, "4 C");
}

// --- surroundings
// -----------------------------------------------------------------------------------

Surroundings surroundings(const std::string& page, const std::string& context = "{}",
                          const std::string& user_agent = "") {
  RequestInfo info;
  info.user_agent = user_agent;
  return surroundings_of(parse_json(page)->as_object(), parse_json(context)->as_object(),
                         *parse_time("2026-11-16T00:00:00Z"), info, Playbook{});
}

TEST(SurroundingsOf, ReadsThePath) {
  EXPECT_EQ(surroundings(R"({"url":"https://s.example/p/x?y#z"})").path, "/p/x");
  EXPECT_EQ(surroundings(R"({"url":"https://s.example"})").path, "/");
  EXPECT_EQ(surroundings(R"({"url":"https://s.example/a","path":"/b?c"})").path, "/b");
  EXPECT_EQ(surroundings("{}", R"({"page":{"url":"https://s.example/a"}})").path, "/a");
  EXPECT_EQ(surroundings("{}").path, "");
  EXPECT_THAT(surroundings(R"({"path":"/)" + std::string(5'000, 'x') + "\"}").path,
              SizeIs(kMaxPathBytes));
}

TEST(SurroundingsOf, AGivenPageTypeWinsOverTheRules) {
  RequestInfo info;
  Playbook book;
  book.pages = {{"/p/*", "", "", "product"}};
  const auto type = [&](const json::object& page) {
    return surroundings_of(page, {}, Time{}, info, book).page_type;
  };
  EXPECT_EQ(type({{"path", "/p/1"}}), "product");
  EXPECT_EQ(type({{"path", "/p/1"}, {"type", "gift"}}), "gift");
  EXPECT_EQ(type({{"path", "/x"}}), "");
}

TEST(SurroundingsOf, TheContextsCampaignWinsOverTheUrls) {
  const std::string page = R"({"url":"https://s.example/?utm_source=a&utm_term=red+shoes"})";
  EXPECT_EQ(surroundings(page).campaign.source, "a");
  EXPECT_EQ(surroundings(page).campaign.term, "red shoes");
  EXPECT_EQ(surroundings(page, R"({"campaign":{"source":"b"}})").campaign.source, "b");
  EXPECT_EQ(surroundings(page, R"({"campaign":{"source":7}})").campaign.source, "a");
}

TEST(SurroundingsOf, ReadsTheSource) {
  const std::string url = R"("url":"https://www.s.example/")";
  EXPECT_EQ(surroundings("{" + url + "}").source, TrafficSource::kDirect);
  EXPECT_EQ(surroundings("{" + url + R"(,"referrer":"https://S.example/x"})").source,
            TrafficSource::kInternal);
  EXPECT_EQ(surroundings("{" + url + R"(,"referrer":"https://www.bing.com/"})").source,
            TrafficSource::kSearch);
  EXPECT_EQ(surroundings("{}").source, TrafficSource::kUnknown);
}

TEST(SurroundingsOf, ReadsTheDevice) {
  const std::string iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Mobile/1";
  const auto device = [](const std::string& context, const std::string& agent = "") {
    return surroundings("{}", context, agent).device;
  };
  EXPECT_EQ(device("{}"), Device::kUnknown);
  EXPECT_EQ(device("{}", iphone), Device::kMobile);
  EXPECT_EQ(device(R"j({"userAgent":"Mozilla/5.0 (Windows NT 10.0)"})j", iphone), Device::kDesktop);
  EXPECT_EQ(device(R"({"device":{"type":"android"}})"), Device::kMobile);
  EXPECT_EQ(device(R"({"device":{"type":"Tablet"}})", iphone), Device::kTablet);
  EXPECT_EQ(device(R"({"userAgentData":{"mobile":false,"platform":"Windows"}})"), Device::kDesktop);
  EXPECT_EQ(device(R"({"userAgentData":{"mobile":false,"platform":"Android"}})"), Device::kTablet);
  EXPECT_EQ(device(R"({"screen":{"width":390,"height":844}})"), Device::kMobile);
  EXPECT_EQ(device(R"({"screen":{"width":2560,"height":1440}})"), Device::kDesktop);
  EXPECT_EQ(device(R"({"screen":{"width":-1,"height":"x"},"device":7,"userAgentData":[]})"),
            Device::kUnknown);
}

TEST(ConsentOf, ReadsKnownPurposesOnly) {
  const auto one = [](const std::string& preferences) {
    return consent_of(parse_json(R"({"consent":{"categoryPreferences":)" + preferences + "}}")
                          ->as_object())
        .choices;
  };
  EXPECT_EQ(one("{}"), ConsentChoices{});
  EXPECT_EQ(one(R"({"Functional":true,"C0002":true,"PERSONALIZATION":true})"), ConsentChoices{});
  EXPECT_EQ(one("[true]"), ConsentChoices{});
  for (const std::string refusal : {"false", "0", "1", "\"yes\"", "\"true\"", "{}", "[]"}) {
    EXPECT_EQ(one(R"({"personalization":)" + refusal + "}")[1], ConsentState::kRefused) << refusal;
  }
  EXPECT_EQ(one(R"({"sensitive":"objected"})")[5], ConsentState::kObjected);
}

}  // namespace
}  // namespace tact
