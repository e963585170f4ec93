#include "collect/collect.h"

#include <gmock/gmock.h>

#include "consent/consent.h"

namespace tact {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

const Time kNow = *parse_time("2026-11-21T10:00:00Z");

Source website() {
  Source source;
  source.id = 1;
  source.kind = KeyKind::kWrite;
  return source;
}
const Source kWebsite = website();

RequestInfo request() {
  RequestInfo info;
  info.source = &kWebsite;
  info.now = kNow;
  return info;
}

Playbook playbook() {
  Playbook book;
  book.site.time_zone = "Europe/Berlin";
  book.pages = {
      {"/pricing*", "cost", "", "pricing"}, {"/p/*", "", "", "product"}, {"/p/f*", "fit", "", ""}};
  return book;
}

RawEvent raw(const std::string& json) {
  auto event = parse_event_line(json);
  EXPECT_TRUE(event.has_value()) << (event ? "" : event.error().to_text()) << "\n" << json;
  return event ? *std::move(event) : RawEvent{};
}

RawEvent track(const std::string& properties, const std::string& name = "E") {
  return raw(R"({"type":"track","event":")" + name + R"(","anonymousId":"a","messageId":"m",)" +
             R"("properties":)" + properties + "}");
}

Record record_of(RawEvent event, const RequestInfo& info = request()) {
  auto record = collect_event(std::move(event), info, playbook());
  EXPECT_TRUE(record.has_value()) << (record ? "" : record.error().to_text());
  return record ? *std::move(record) : Record{kNow, kNow, 0, 0, Event{}};
}

Event collected(RawEvent event, const RequestInfo& info = request()) {
  return std::get<Event>(record_of(std::move(event), info).body);
}

Error refused(RawEvent event) {
  const auto record = collect_event(std::move(event), request(), playbook());
  EXPECT_FALSE(record.has_value());
  return record.has_value() ? Error{} : record.error();
}

// --- time
// -----------------------------------------------------------------------------------------

Time event_time(const std::string& members, std::optional<Time> sent_at = std::nullopt,
                bool imported = false) {
  RequestInfo info = request();
  info.sent_at = sent_at;
  info.imported = imported;
  const Record record = record_of(raw(R"({"type":"page","anonymousId":"a")" + members + "}"), info);
  EXPECT_EQ(record.received_at, kNow);
  return record.event_time;
}

TEST(CollectTime, APromisedDayLastsToItsEndWhereTheSiteIs) {
  const auto due = [](const std::string& promised) {
    return format_time(
        collected(track(R"({"order_id":"o","delivery_promised":")" + promised + R"("})")).due);
  };
  EXPECT_EQ(due("2026-11-24"), "2026-11-24T23:00:00.000Z");
  EXPECT_EQ(due("2026-11-24T09:00:00+01:00"), "2026-11-24T08:00:00.000Z");
}

TEST(CollectTime, ASkewedClockCancelsOut) {
  // The client's clock is 3 hours ahead; the event happened 90 seconds before it was sent.
  const Time ahead = kNow + 3h;
  EXPECT_EQ(event_time(R"(,"timestamp":")" + format_time(ahead - 90s) + "\"", ahead), kNow - 90s);
  // Years behind.
  const Time behind = kNow - days(2'000);
  EXPECT_EQ(event_time(R"(,"timestamp":")" + format_time(behind - 1s) + "\"", behind), kNow - 1s);
}

TEST(CollectTime, FallsBackFromMemberToMember) {
  const std::string sent = R"(,"sentAt":"2026-11-21T09:59:00Z")";
  const std::string stamp = R"(,"timestamp":"2026-11-21T09:58:00Z")";
  EXPECT_EQ(event_time(""), kNow);
  EXPECT_EQ(event_time(sent), kNow);
  EXPECT_EQ(event_time(stamp), kNow - 2min);
  EXPECT_EQ(event_time(stamp + sent), kNow - 1min);
  EXPECT_EQ(event_time(stamp + sent, kNow - 90s), kNow - 30s);  // the batch's sentAt counts
  EXPECT_EQ(event_time(R"(,"originalTimestamp":"2026-11-21T09:57:00Z")"), kNow - 3min);
  EXPECT_EQ(event_time(stamp + R"(,"originalTimestamp":"2026-11-21T09:57:00Z")"), kNow - 2min);
}

TEST(CollectTime, ALiveEventLiesInTheLastThirtyDays) {
  EXPECT_EQ(event_time(R"(,"timestamp":"2026-11-21T12:00:00Z")"), kNow);
  EXPECT_EQ(event_time(R"(,"timestamp":"2026-11-21T09:00:00Z")", kNow - 3h), kNow);
  EXPECT_EQ(event_time(R"(,"timestamp":"1971-01-01")"), kNow - days(30));
  EXPECT_EQ(event_time(R"(,"timestamp":"2199-01-01")", time_from_ms(0)), kNow);
}

TEST(CollectTime, AnImportKeepsItsTime) {
  EXPECT_EQ(event_time(R"(,"timestamp":"1997-01-01")", kNow - 1h, true), *parse_time("1997-01-01"));
  EXPECT_EQ(event_time("", std::nullopt, true), kNow);
}

// --- identity, limits, flags
// ------------------------------------------------------------------------

TEST(Collect, NeedsAnId) {
  EXPECT_EQ(refused(raw(R"({"type":"page"})")).code, ErrorCode::kInvalid);
  EXPECT_EQ(refused(raw(R"({"type":"page","userId":null,"anonymousId":""})")).where, "anonymousId");
  EXPECT_EQ(collected(raw(R"({"type":"page","userId":"u"})")).user_id, "u");
}

TEST(Collect, LimitsIdsAndNames) {
  const std::string fits(256, 'x');
  const auto with = [](const std::string& key, const std::string& value) {
    std::string json = R"({"type":"page","userId":"u","anonymousId":"a")";
    return raw(json + ",\"" + key + "\":\"" + value + "\"}");
  };
  for (const std::string key : {"userId", "anonymousId", "previousId", "groupId", "name"}) {
    EXPECT_TRUE(collect_event(with(key, fits), request(), playbook()).has_value());
    EXPECT_EQ(refused(with(key, fits + "x")).where, key);
  }
  EXPECT_EQ(refused(track("{}", fits + "x")).where, "event");
}

TEST(Collect, MakesAMessageIdOfTheContent) {
  const auto id = [](const std::string& members) {
    return collected(raw(R"({"type":"track","event":"E","userId":"u",)" + members + "}"))
        .message_id;
  };
  const std::string one = id(R"("properties":{"a":1,"b":{"c":2,"d":[3]}})");
  EXPECT_THAT(one, StartsWith("c_"));
  EXPECT_THAT(one, SizeIs(18));
  // Sent again later, by a client that orders members otherwise.
  EXPECT_EQ(id(R"("sentAt":"2026-11-21","properties":{"b":{"d":[3],"c":2},"a":1})"), one);
  EXPECT_NE(id(R"("properties":{"a":1,"b":{"c":2,"d":[4]}})"), one);
  EXPECT_NE(id(R"("properties":{"a":1,"b":{"c":2,"d":[3]}},"timestamp":"2026-11-21")"), one);
  EXPECT_NE(id(R"("traits":{"a":1,"b":{"c":2,"d":[3]}})"), one);
  EXPECT_EQ(collected(track("{}")).message_id, "m");
}

TEST(Collect, SetsTheFlags) {
  EXPECT_EQ(record_of(track("{}")).flags, 0);
  RequestInfo info = request();
  info.gpc = info.simulated = info.imported = true;
  Source server;
  server.id = 9;
  server.kind = KeyKind::kSecret;
  server.consent_required = false;
  info.source = &server;
  const Record record = record_of(track("{}"), info);
  EXPECT_EQ(record.source, 9);
  EXPECT_EQ(record.flags, record_flags::kGpc | record_flags::kSimulated | record_flags::kImported |
                              record_flags::kBasisGranted | record_flags::kTrustedIdentity);
}

// --- typed fields
// -----------------------------------------------------------------------------------

TEST(CollectFields, ReadsAnOrder) {
  const Event event = collected(track(
      R"({"order_id":1234,"total":27.505,"revenue":25,"currency":"EUR","products":[
          {"product_id":"p1","sku":"s1","category":"shoes/trail","price":"19.99","quantity":2},
          {"sku":507,"category":["Home"," Lamps "],"price":7.5},
          {"id":"p3","category":"Men > Shirts"},
          {"name":"no id"},"odd",null]})",
      "Order Completed"));
  EXPECT_EQ(event.order_id, "1234");
  EXPECT_EQ(event.value_minor, 2'751);
  ASSERT_THAT(event.products, SizeIs(3));
  EXPECT_TRUE(event.products[0] == (Product{"p1", "shoes/trail", 1'999, 2}));
  EXPECT_TRUE(event.products[1] == (Product{"507", "Home/Lamps", 750, 1}));
  EXPECT_TRUE(event.products[2] == (Product{"p3", "Men/Shirts", 0, 1}));
}

Event ordered(const std::string& properties) {
  return collected(track(properties, "Order Completed"));
}

TEST(CollectFields, ReadsWhetherAnOrderWasAtFullPrice) {
  EXPECT_EQ(ordered(R"({"total":5})").price, OrderPrice::kUntold);
  EXPECT_EQ(ordered(R"({"discount":0})").price, OrderPrice::kFull);
  EXPECT_EQ(ordered(R"({"coupon":null})").price, OrderPrice::kFull);
  EXPECT_EQ(ordered(R"({"discount":"2.50"})").price, OrderPrice::kDiscounted);
  EXPECT_EQ(ordered(R"({"discount":0,"coupon":"SPRING"})").price, OrderPrice::kDiscounted);
  EXPECT_EQ(ordered(R"({"discount":"lots"})").price, OrderPrice::kUntold);
  EXPECT_EQ(collected(track(R"({"discount":1})", "Product Viewed")).price, OrderPrice::kUntold);
}

TEST(CollectFields, ReadsTheMarginOfAnOrder) {
  EXPECT_FALSE(ordered(R"({"total":5})").has_margin);
  EXPECT_FALSE(ordered(R"({"margin":"secret"})").has_margin);
  EXPECT_EQ(ordered(R"({"margin":-2.505})").margin_minor, -251);
  EXPECT_TRUE(ordered(R"({"margin":0})").has_margin);
  const Event summed = ordered(R"({"discount":3,"products":[
      {"id":"a","price":20,"cost":12.5,"quantity":2},{"id":"b","price":5,"cost":"6"}]})");
  EXPECT_TRUE(summed.has_margin);
  EXPECT_EQ(summed.margin_minor, 2 * 750 - 100 - 300);
  EXPECT_FALSE(
      ordered(R"({"products":[{"id":"a","price":20,"cost":1},{"id":"b","price":5}]})").has_margin)
      << "half of the products say nothing of all";
}

TEST(CollectFields, ReadsTheScoreOfASurvey) {
  const Event rated =
      collected(track(R"({"question":"satisfaction","score":8.5})", "Survey Answered"));
  EXPECT_TRUE(rated.has_score);
  EXPECT_EQ(rated.score_milli, 8'500);
  EXPECT_FALSE(collected(track(R"({"score":"good"})", "Survey Answered")).has_score);
  EXPECT_FALSE(collected(track(R"({"score":7})", "Game Played")).has_score);
}

TEST(CollectFields, PutsTheSubjectFirst) {
  const Event event = collected(track(
      R"({"product_id":"p2","category":"c","price":1,"products":[{"id":"p1"},{"id":"p2"}]})"));
  ASSERT_THAT(event.products, SizeIs(2));
  EXPECT_EQ(event.subject_product(), "p2");
  EXPECT_EQ(event.products[1].id, "p1");
  EXPECT_EQ(event.subject_category(), "c");
  EXPECT_EQ(collected(track(R"({"product":{"id":"p","price":2}})")).products.at(0).price_minor,
            200);
}

TEST(CollectFields, APlainIdIsAProductOnlyWhereTheNameSaysSo) {
  EXPECT_EQ(collected(track(R"({"id":"p1"})", "Viewed Product")).subject_product(), "p1");
  EXPECT_EQ(collected(track(R"({"id":"f1"})", "Form Submitted")).subject_product(), "");
}

TEST(CollectFields, ReadsCategoriesOfLists) {
  const Event event =
      collected(track(R"({"category":["shoes","trail"],"list_id":"l"})", "Product List Viewed"));
  EXPECT_THAT(event.products, IsEmpty());
  EXPECT_EQ(event.category, "shoes/trail");
  EXPECT_EQ(event.subject_category(), "shoes");
}

TEST(CollectFields, ReadsTheSdksEvents) {
  const Event left = collected(track(
      R"({"seconds":42,"scroll_percent":80,"path":"/p/fjell?x=1","type":"product","product_id":"p7"})",
      "Page Left"));
  EXPECT_EQ(left.seconds, 42U);
  EXPECT_EQ(left.scroll_percent, 80);
  EXPECT_EQ(left.where.path, "/p/fjell");
  EXPECT_EQ(left.where.page_type, "product");
  const Event no =
      collected(track(R"({"decision":"d_1","slot":"s","reason":"not_me"})", "Message Dismissed"));
  EXPECT_EQ(no.decision, "d_1");
  EXPECT_EQ(no.answer, "not_me");
  const Event answer =
      collected(track(R"({"question":"who","answer":"me","form":"f","field":"x"})"));
  EXPECT_EQ(answer.question, "who");
  EXPECT_EQ(answer.answer, "me");
  EXPECT_EQ(answer.form, "f");
  EXPECT_EQ(answer.field, "x");
  const Event search = collected(track(R"({"query":"trail shoes"})", "Products Searched"));
  EXPECT_EQ(search.query, "trail shoes");
}

TEST(CollectFields, ClampsCounts) {
  const Event event = collected(track(R"({"seconds":1e11,"scroll_percent":400})"));
  EXPECT_EQ(event.seconds, 4'294'967'295U);
  EXPECT_EQ(event.scroll_percent, 100);
  const Event odd = collected(track(R"({"seconds":-5,"scroll_percent":"far"})"));
  EXPECT_EQ(odd.seconds, 0U);
  EXPECT_EQ(odd.scroll_percent, 0);
}

TEST(CollectFields, RefusesWrongAmountsAndNamesThem) {
  EXPECT_EQ(refused(track(R"({"total":-1})")).where, "properties.total");
  EXPECT_EQ(refused(track(R"({"revenue":2e12})")).where, "properties.revenue");
  EXPECT_EQ(refused(track(R"({"price":-0.5})")).where, "properties.price");
  EXPECT_EQ(refused(track(R"({"products":[{"id":"a"},{"id":"b","price":"-3"}]})")).where,
            "properties.products[1].price");
  EXPECT_EQ(refused(track(R"({"quantity":-1,"product_id":"a"})")).where, "properties.quantity");
  EXPECT_EQ(refused(track(R"({"quantity":1000001,"product_id":"a"})")).where,
            "properties.quantity");
  EXPECT_EQ(refused(track(R"({"sku":")" + std::string(257, 'x') + "\"}")).where, "properties.sku");
}

// `value` is what any client calls anything: a slider at -3 must not cost the event.
TEST(CollectFields, AValueThatIsNoAmountIsLeftOut) {
  EXPECT_EQ(collected(track(R"({"value":12.5})")).value_minor, 1'250);
  EXPECT_EQ(collected(track(R"({"value":-3})")).value_minor, 0);
  EXPECT_EQ(collected(track(R"({"value":"left"})")).value_minor, 0);
  EXPECT_EQ(collected(track(R"({"total":"n/a","revenue":3})")).value_minor, 300);
}

TEST(CollectFields, BoundsTheProducts) {
  std::string list = R"({"id":"p0"})";
  for (std::size_t i = 1; i < kMaxProducts; ++i) list += R"(,{"id":"p)" + std::to_string(i) + "\"}";
  EXPECT_THAT(collected(track(R"({"products":[)" + list + "]}")).products, SizeIs(kMaxProducts));
  const Error error = refused(track(R"({"products":[)" + list + R"(,{"id":"x"}]})"));
  EXPECT_EQ(error.code, ErrorCode::kTooLarge);
  EXPECT_EQ(error.where, "properties.products");
}

TEST(CollectFields, CutsLongTextsBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "ü";
  const Event event = collected(track(R"({"answer":"x)" + text + "\"}"));
  EXPECT_THAT(event.answer, SizeIs(255));  // 1 + 127 × 2: no half "ü"
  EXPECT_THAT(event.properties, HasSubstr(text));
}

// --- surroundings of events
// ---------------------------------------------------------------------------

RawEvent page(const std::string& properties, const std::string& context = "{}") {
  return raw(R"({"type":"page","anonymousId":"a","properties":)" + properties + R"(,"context":)" +
             context + "}");
}

TEST(CollectWhere, ReadsAPageView) {
  const Event event = collected(page(
      R"({"url":"https://shop.example/p/fjell?utm_source=n&utm_medium=email&utm_campaign=autumn",
               "path":"/p/fjell","referrer":"https://www.google.com/"})",
      R"({"locale":"de_DE","userAgentData":{"mobile":true,"platform":"Android","brands":[]}})"));
  EXPECT_EQ(event.where.path, "/p/fjell");
  EXPECT_EQ(event.where.page_type, "product");  // by the playbook's page rules
  EXPECT_EQ(event.where.topic, "fit");          // the first that names one
  EXPECT_EQ(event.where.referrer_host, "www.google.com");
  EXPECT_EQ(event.where.locale, "de-DE");
  EXPECT_TRUE(event.where.campaign == (Campaign{"n", "email", "autumn", "", ""}));
  EXPECT_EQ(event.where.source, TrafficSource::kEmail);
  EXPECT_EQ(event.where.device, Device::kMobile);
  EXPECT_EQ(event.where.local_minute_of_week, 5 * 1440 + 11 * 60 + 1);  // Saturday 11:00 in Berlin
}

// analytics-next puts the page into the context of every call.
TEST(CollectWhere, ATrackCallTakesItsPageFromTheContext) {
  const Event event = collected(raw(
      R"({"type":"track","event":"Link Clicked","anonymousId":"a",
          "properties":{"url":"https://other.example/away","type":"button"},
          "context":{"page":{"path":"/pricing","url":"https://s.example/pricing","referrer":""}}})"));
  EXPECT_EQ(event.where.path, "/pricing");
  EXPECT_EQ(event.where.page_type, "pricing");
  EXPECT_EQ(event.where.topic, "cost");
  EXPECT_EQ(event.where.source, TrafficSource::kDirect);
}

TEST(CollectWhere, TheSearchOfAPageIsItsQuery) {
  EXPECT_EQ(collected(page(R"({"url":"https://s.example/search?q=trail+shoes"})")).query,
            "trail shoes");
  EXPECT_EQ(collected(page(R"({"url":"https://s.example/search?q=jane@example.org"})")).query, "");
}

TEST(CollectWhere, AServersUserAgentIsNotTheVisitors) {
  RequestInfo info = request();
  info.user_agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Mobile/1 Safari/1";
  EXPECT_EQ(collected(page("{}"), info).where.device, Device::kMobile);
  Source server;
  server.kind = KeyKind::kSecret;
  info.source = &server;
  EXPECT_EQ(collected(page("{}"), info).where.device, Device::kUnknown);
}

// --- consent
// --------------------------------------------------------------------------------------------

TEST(CollectConsent, AnyEventMayCarryIt) {
  const Event event = collected(page("{}", R"({"consent":{"categoryPreferences":{
      "personalization":true,"analytics":false,"email":"objected","sharing":"yes","replay":null,
      "Functional":true,"Advertising":true,"Analytics":true}}})"));
  const ConsentChoices expected = {ConsentState::kRefused,  ConsentState::kGranted,
                                   ConsentState::kObjected, ConsentState::kRefused,
                                   ConsentState::kUnknown,  ConsentState::kUnknown};
  EXPECT_EQ(event.consent, expected);
  EXPECT_EQ(collected(page("{}", R"({"consent":true})")).consent, ConsentChoices{});
}

TEST(CollectConsent, OfTheTextShownOnlyTheHashIsKept) {
  const Event event = collected(page("{}", R"({"consent":{"text":"May this shop adapt?",
      "categoryPreferences":{"personalization":true}}})"));
  EXPECT_EQ(event.consent_text, consent_text_hash("May this shop adapt?"));
  EXPECT_EQ(event.context.find("adapt"), std::string::npos) << event.context;
  EXPECT_EQ(collected(page("{}", R"({"consent":{"text":"unasked"}})")).consent_text, 0U);
}

TEST(CollectConsent, AGpcSubsectionMarksTheRecordAsTheHeaderDoes) {
  const auto flags_of = [](const char* gpp) {
    RawEvent raw = page("{}", R"({"consent":{"gpp":")" + std::string(gpp) + "\"}}");
    return collect_event(std::move(raw), request(), Playbook{})->flags;
  };
  EXPECT_EQ(flags_of("DBABBg~BAoAAABA.YA") & record_flags::kGpc, record_flags::kGpc);
  EXPECT_EQ(flags_of("DBABBg~BAoAAABA.QA") & record_flags::kGpc, 0);
}

// --- minimisation
// ---------------------------------------------------------------------------------------

TEST(CollectMinimise, DropsWhatIsPersonalAndKeepsTheRest) {
  const Event event = collected(page(
      R"({"url":"https://s.example/u/jane@example.org?token=1&q=a#x","path":"/u/jane@example.org",
          "search":"?token=1&q=a","referrer":"https://o.example/?session=1","title":"T","n":1.5})",
      R"({"ip":"1.2.3.4","traits":{"ip":"1.2.3.4","plan":"pro"},"list":[{"ip":"::1"}],
          "userAgent":"Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
          "userAgentData":{"brands":[{"brand":"Chromium","version":"131.0.6778.85"}],"mobile":false,
             "platform":"Linux","model":"X","architecture":"arm","fullVersionList":[]},
          "page":{"url":"https://s.example/?gclid=1","path":"/","search":"?gclid=1","title":"T"},
          "referrer":{"url":"https://o.example/?session=1","type":"t"},"library":{"name":"l"}})"));
  EXPECT_EQ(event.properties, R"({"url":"https://s.example/u/-?q=a","path":"/u/-","search":"?q=a",)"
                              R"("referrer":"https://o.example/","title":"T","n":1.5E0})");
  EXPECT_EQ(event.context,
            R"json({"traits":{"plan":"pro"},"list":[{}],"userAgent":"Firefox/132 (Linux)",)json"
            R"json("userAgentData":{"brands":[{"brand":"Chromium","version":"131"}],)json"
            R"json("mobile":false,"platform":"Linux"},"page":{"url":"https://s.example/",)json"
            R"json("path":"/","search":"","title":"T"},"referrer":{"url":"https://o.example/",)json"
            R"json("type":"t"},"library":{"name":"l"}})json");
  EXPECT_EQ(event.where.path, "/u/-");
}

TEST(CollectMinimise, KeepsOtherPropertiesAndTraitsAsSent) {
  const std::string properties =
      R"({"image":"https://cdn.example/i.jpg?w=200#a","search":"red shoes","ip":"kept","deep":{"url":"/x?y=1"}})";
  EXPECT_EQ(collected(track(properties)).properties, properties);
  const std::string traits = R"({"email":"jane@example.org","address":{"city":"Köln"}})";
  EXPECT_EQ(collected(raw(R"({"type":"identify","userId":"u","traits":)" + traits + "}")).traits,
            traits);
  EXPECT_EQ(collected(track("{}")).properties, "");
}

TEST(CollectMinimise, WhatIsDroppedIsInNoTypedFieldEither) {
  CollectNotes notes;
  RawEvent search = track(R"({"query":"jane@example.org","answer":"DE89370400440532013000",
                              "order_id":"o-1","total":5})",
                          "Products Searched");
  const auto record = collect_event(search, request(), playbook(), &notes);
  ASSERT_TRUE(record.has_value());
  const auto& event = std::get<Event>(record->body);
  EXPECT_EQ(event.query, "");
  EXPECT_EQ(event.answer, "");
  EXPECT_EQ(event.order_id, "o-1");
  EXPECT_EQ(event.properties, R"({"order_id":"o-1","total":5})");
  EXPECT_EQ(notes.dropped[static_cast<std::size_t>(Dropped::kEmail)], 1U);
  EXPECT_EQ(notes.dropped[static_cast<std::size_t>(Dropped::kIban)], 1U);
}

TEST(CollectMinimise, TitlesAndCampaignsWithAnAddressAreLeftOut) {
  RawEvent profile = page(R"({"title":"Profile of jane@example.org",
                             "url":"https://s.example/?utm_source=n&utm_content=jane@example.org"})");
  profile.name = "jane@example.org";
  const Event event = collected(profile);
  EXPECT_EQ(event.name, "");
  EXPECT_EQ(event.where.campaign.source, "n");
  EXPECT_EQ(event.where.campaign.content, "");
  EXPECT_EQ(event.properties, R"({"url":"https://s.example/?utm_source=n"})");
  const Event given = collected(page("{}", R"({"campaign":{"name":"n","term":"a@b.example"}})"));
  EXPECT_EQ(given.where.campaign.name, "n");
  EXPECT_EQ(given.where.campaign.term, "");
}

TEST(CollectMinimise, APlaybookCannotDropConsent) {
  Playbook strict = playbook();
  strict.site.privacy.drop = {"context.*"};
  const auto record = collect_event(
      page("{}", R"({"consent":{"categoryPreferences":{"analytics":false}},"locale":"de"})"),
      request(), strict);
  ASSERT_TRUE(record.has_value());
  const auto& event = std::get<Event>(record->body);
  EXPECT_EQ(event.consent[0], ConsentState::kRefused);
  EXPECT_EQ(event.context, "");
}

// --- bots and staff -----------------------------------------------------------------------------

std::uint8_t flags_for(const std::string& context, RequestInfo info, const Traffic& traffic = {}) {
  Playbook book = playbook();
  book.site.traffic = traffic;
  const auto record = collect_event(page("{}", context), info, book);
  EXPECT_TRUE(record.has_value());
  return record.has_value() ? record->flags & record_flags::kNobody : 255;
}

RequestInfo by_agent(const std::string& agent) {
  RequestInfo info = request();
  info.user_agent = agent;
  return info;
}

const std::string kFirefox = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132";
const std::string kCrawler = "Mozilla/5.0 (compatible; Googlebot/2.1)";

TEST(CollectNobody, KnownBotsAreMarked) {
  EXPECT_EQ(flags_for("{}", by_agent(kFirefox)), 0);
  EXPECT_EQ(flags_for("{}", by_agent(kCrawler)), record_flags::kBot);
  EXPECT_EQ(flags_for("{}", by_agent("python-requests/2.31")), record_flags::kBot);
  EXPECT_EQ(flags_for(R"({"library":{"name":"analytics-python"}})", by_agent("python-requests/2")),
            0);
  EXPECT_EQ(flags_for(R"({"userAgent":")" + kFirefox + "\"}", by_agent(kCrawler)), 0);
  EXPECT_EQ(flags_for(R"({"userAgent":")" + kCrawler + "\"}", by_agent(kFirefox)),
            record_flags::kBot);
}

// From a server they meant to join somebody; analytics-next sends both without these ids.
TEST(Collect, OfAServerGroupAndAliasNeedTheirIds) {
  Source server;
  server.kind = KeyKind::kSecret;
  RequestInfo from_server = request();
  from_server.source = &server;
  const auto where = [&](const std::string& members, const RequestInfo& info) {
    const auto record = collect_event(raw("{" + members + "}"), info, playbook());
    return record.has_value() ? "fine" : record.error().where;
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"("type":"group","userId":"u")", "groupId"},
      {R"("type":"group","userId":"u","groupId":null)", "groupId"},
      {R"("type":"group","userId":"u","groupId":"")", "groupId"},
      {R"("type":"group","userId":"u","groupId":7)", "fine"},
      {R"("type":"alias","userId":"u")", "previousId"},
      {R"("type":"alias","userId":"u","anonymousId":"a")", "previousId"},
      {R"("type":"alias","previousId":"p","anonymousId":"a")", "userId"},
      {R"("type":"alias","previousId":"p","userId":"u")", "fine"}};
  for (const auto& [members, missing] : cases) {
    EXPECT_EQ(where(members, from_server), missing) << members;
    EXPECT_EQ(where(members, request()), "fine") << members;
  }
}

TEST(CollectNobody, OfAServerOnlyWhatItSaysOfItsVisitorCounts) {
  Source server;
  server.kind = KeyKind::kSecret;
  RequestInfo info = by_agent("python-requests/2.31");
  info.source = &server;
  info.remote_address = "192.0.2.7";
  const Traffic office = {.staff = {*parse_network("192.0.2.0/24")}, .bots = {}};
  EXPECT_EQ(flags_for("{}", info, office), 0);
  EXPECT_EQ(flags_for(R"({"userAgent":")" + kCrawler + "\"}", info), record_flags::kBot);
  EXPECT_EQ(flags_for(R"({"ip":"192.0.2.9"})", info, office), record_flags::kStaff);
}

TEST(CollectNobody, DeclaredNetworksAreMarkedAndNoAddressIsStored) {
  RequestInfo info = by_agent(kFirefox);
  info.remote_address = "2001:db8::7";
  const Traffic traffic = {.staff = {*parse_network("2001:db8::/32")},
                           .bots = {*parse_network("198.51.100.7")}};
  EXPECT_EQ(flags_for("{}", info, traffic), record_flags::kStaff);
  info.remote_address = "198.51.100.7";
  EXPECT_EQ(flags_for(R"({"ip":"2001:db8::7"})", info, traffic), record_flags::kBot);
  info.remote_address = "203.0.113.9";  // what a browser says of its own address counts for nothing
  EXPECT_EQ(flags_for(R"({"ip":"2001:db8::7"})", info, traffic), 0);
  info.remote_address = "unknown";
  EXPECT_EQ(flags_for("{}", info, traffic), 0);
}

TEST(Collect, IsDeterministicAndStorable) {
  const Record one = record_of(page(R"({"url":"https://s.example/p/x","product_id":"p"})"));
  const Record two = record_of(page(R"({"url":"https://s.example/p/x","product_id":"p"})"));
  EXPECT_TRUE(one == two);
}

}  // namespace
}  // namespace tact
