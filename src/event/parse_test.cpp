#include "event/parse.h"

#include <gmock/gmock.h>

#include "base/rng.h"

namespace tact {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

ParsedBatch batch_of(std::string_view body) {
  auto batch = parse_batch(body, std::nullopt);
  EXPECT_TRUE(batch.has_value()) << (batch ? "" : batch.error().to_text());
  return batch ? *std::move(batch) : ParsedBatch{};
}

// One good event around what is tested: it must always survive.
ParsedBatch between_good_events(const std::string& element) {
  const std::string good = R"({"type":"track","event":"A","anonymousId":"a"})";
  ParsedBatch batch = batch_of(R"({"batch":[)" + good + "," + element + "," + good + "]}");
  EXPECT_GE(batch.events.size(), 2U);
  return batch;
}

Error error_of(const std::string& element) {
  const ParsedBatch batch = between_good_events(element);
  EXPECT_THAT(batch.events, SizeIs(2));
  if (batch.rejected.size() != 1) {
    ADD_FAILURE() << element << " was not rejected alone";
    return {};
  }
  EXPECT_EQ(batch.rejected[0].index, 1U);
  return batch.rejected[0].error;
}

RawEvent event_of(const std::string& element) {
  const ParsedBatch batch = between_good_events(element);
  if (batch.events.size() != 3) {
    ADD_FAILURE() << element << ": " << batch.rejected.at(0).error.to_text();
    return {};
  }
  return batch.events[1];
}

RawEvent track_with(const std::string& members) {
  return event_of(R"({"type":"track","event":"E",)" + members + "}");
}

Error error_of_track_with(const std::string& members) {
  return error_of(R"({"type":"track","event":"E",)" + members + "}");
}

// What @segment/analytics-node 3.1.0 posts to /v1/batch.
TEST(Parse, ReadsAnalyticsNode) {
  const ParsedBatch batch = batch_of(R"({"batch":[{"timestamp":"2026-11-21T10:02:03.123Z",
    "integrations":{},"userId":"u-1","type":"identify","traits":{"plan":"pro","age":41},
    "context":{"library":{"name":"@segment/analytics-node","version":"3.1.0"}},
    "messageId":"node-next-1795255323123-743be593-7789-4b74-8078-cbcc8894c586",
    "_metadata":{"nodeVersion":"v22.0.0","jsRuntime":"node"}}],
    "writeKey":"wk_1","sentAt":"2026-11-21T10:02:04.000Z"})");
  EXPECT_EQ(batch.write_key, "wk_1");
  EXPECT_EQ(batch.sent_at, parse_time("2026-11-21T10:02:04.000Z"));
  ASSERT_THAT(batch.events, SizeIs(1));
  const RawEvent& event = batch.events[0];
  EXPECT_EQ(event.type, EventType::kIdentify);
  EXPECT_EQ(event.user_id, "u-1");
  EXPECT_EQ(event.anonymous_id, "");
  EXPECT_EQ(event.message_id, "node-next-1795255323123-743be593-7789-4b74-8078-cbcc8894c586");
  EXPECT_EQ(event.timestamp, parse_time("2026-11-21T10:02:03.123Z"));
  EXPECT_EQ(to_string(json::value(event.traits)), R"({"plan":"pro","age":41})");
  EXPECT_EQ(to_string(json::value(event.context)),
            R"({"library":{"name":"@segment/analytics-node","version":"3.1.0"}})");
}

// What @segment/analytics-next 1.84.3 posts to /v1/p: one event with its own writeKey and sentAt.
TEST(Parse, ReadsAnalyticsNextOnASingleRoute) {
  const auto batch = parse_batch(
      R"({"timestamp":"2026-11-21T10:02:03.000Z","integrations":{},"type":"page",
      "properties":{"path":"/","referrer":"","search":"","title":"T","url":"https://s.example/"},
      "context":{"page":{"path":"/"},"userAgent":"UA","locale":"de-DE","timezone":"Europe/Berlin"},
      "messageId":"ajs-next-1-x","writeKey":"wk_2","userId":null,"anonymousId":"a-1",
      "sentAt":"2026-11-21T10:02:03.500Z","_metadata":{"bundled":["Segment.io"],"unbundled":[]}})",
      EventType::kPage);
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->write_key, "wk_2");
  EXPECT_EQ(batch->sent_at, parse_time("2026-11-21T10:02:03.500Z"));
  ASSERT_THAT(batch->events, SizeIs(1));
  EXPECT_EQ(batch->events[0].user_id, "");
  EXPECT_EQ(batch->events[0].anonymous_id, "a-1");
  EXPECT_EQ(batch->events[0].name, "");
}

// What @rudderstack/rudder-sdk-node 3 posts: originalTimestamp, sentAt and channel in each event.
TEST(Parse, ReadsRudderStackNode) {
  const ParsedBatch batch = batch_of(R"({"batch":[{"event":"Bought","userId":"7","type":"track",
    "context":{"library":{"name":"analytics-node","version":"3.0.13"}},"channel":"server",
    "_metadata":{"nodeVersion":"22"},"originalTimestamp":"2026-11-21T10:00:00.000Z",
    "messageId":"m","anonymousId":null,"sentAt":"2026-11-21T10:00:05.000Z"}],
    "sentAt":"2026-11-21T10:00:06.000Z"})");
  ASSERT_THAT(batch.events, SizeIs(1));
  EXPECT_EQ(batch.events[0].original_timestamp, parse_time("2026-11-21T10:00:00Z"));
  EXPECT_EQ(batch.events[0].sent_at, parse_time("2026-11-21T10:00:05Z"));
  EXPECT_FALSE(batch.events[0].timestamp.has_value());
}

TEST(Parse, ReadsFormBodies) {
  const std::string json = R"({"batch":[{"type":"track","event":"a+b"}]})";
  const std::vector<std::string> bodies = {
      json,
      "\xEF\xBB\xBF \r\n" + json,
      "data=eyJiYXRjaCI6W3sidHlwZSI6InRyYWNrIiwiZXZlbnQiOiJhK2IifV19",
      "v=1&data=eyJiYXRjaCI6W3sidHlwZSI6InRyYWNrIiwiZXZlbnQiOiJhK2IifV19%3D%3D",
      "data=%7B%22batch%22:[%7B%22type%22:%22track%22,%22event%22:%22a%2bb%22%7D]%7D",
      "%7B%22batch%22:[%7B%22type%22:%22track%22,%22event%22:%22a%2Bb%22%7D]%7D=",
  };
  for (const std::string& body : bodies) {
    const ParsedBatch batch = batch_of(body);
    ASSERT_THAT(batch.events, SizeIs(1)) << body;
    EXPECT_EQ(batch.events[0].name, "a+b") << body;
  }
}

TEST(Parse, RefusesWhatHoldsNothing) {
  for (const std::string_view body :
       {"", " ", "null", "[]", "\"a\"", "{}", "{", "}", "a=b", "data=", "data=%", "data=!!",
        R"({"batch":{}})", R"({"batch":null})", R"({"batch":[)", R"({"batch":[{"type":"tr)",
        R"({"batch" [1]})", R"({batch:[1]})"}) {
    const auto batch = parse_batch(body, std::nullopt);
    ASSERT_FALSE(batch.has_value()) << body;
    EXPECT_EQ(batch.error().code, ErrorCode::kInvalid) << body;
  }
  EXPECT_EQ(parse_batch(std::string(kMaxBatchBytes + 1, ' '), std::nullopt).error().code,
            ErrorCode::kTooLarge);
}

TEST(Parse, AcceptsAnEmptyBatch) {
  const ParsedBatch batch = batch_of(R"({"batch":[]})");
  EXPECT_THAT(batch.events, IsEmpty());
  EXPECT_THAT(batch.rejected, IsEmpty());
}

TEST(Parse, ABadEventCostsOnlyItself) {
  const std::vector<std::string> bad = {R"("\ud800")",
                                        R"("\udc00")",
                                        R"("\ud800\ud800")",
                                        R"("a\udfffb")",
                                        "18446744073709551616",
                                        "-9223372036854775809",
                                        "1e999",
                                        "01",
                                        "+1",
                                        ".5",
                                        "1.",
                                        "NaN",
                                        "\"\xFF\"",
                                        "\"\xED\xA0\x80\"",
                                        "\"\xC0\x80\"",
                                        "\"a\nb\"",
                                        "\"\\x\"",
                                        "tru",
                                        R"({"a":1,})",
                                        R"([1 2])",
                                        R"({"a" 1})",
                                        R"({1:2})"};
  for (const std::string& value : bad) {
    const Error error = error_of_track_with(R"("messageId":"m","properties":{"v":)" + value + "}");
    EXPECT_EQ(error.code, ErrorCode::kInvalid) << value;
  }
  EXPECT_EQ(error_of_track_with(R"("properties":{"\udc00":1})").code, ErrorCode::kInvalid);
  for (const std::string element : {"1", "null", "\"x\"", "[]", "true"}) {
    EXPECT_THAT(error_of(element).message, HasSubstr("object"));
  }
}

TEST(Parse, SaysWhyAnEventIsNoJson) {
  const auto why = [](const std::string& value) {
    return error_of_track_with(R"("properties":{"v":)" + value + "}").message;
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"("\ud800")", "a lone surrogate in a string"},
      {R"("\udc00")", "a lone surrogate in a string"},
      {R"("a\uDBFF\n")", "a lone surrogate in a string"},
      {R"("\\\ud800\u0041")", "a lone surrogate in a string"},
      {R"("\ud83d\ude00\ud83d")", "a lone surrogate in a string"},
      {R"("\udc00\ud800")", "a lone surrogate in a string"},
      {"18446744073709551616", "an integer that needs more than 64 bits"},
      {"1180591620717411303424", "an integer that needs more than 64 bits"},
      {"-9223372036854775809", "an integer that needs more than 64 bits"},
      {"[1,-1180591620717411303424]", "an integer that needs more than 64 bits"},
      {"NaN", "NaN is not JSON"},
      {"Infinity", "Infinity is not JSON"},
      {"[-Infinity]", "-Infinity is not JSON"},
  };
  for (const auto& [value, words] : cases) EXPECT_EQ(why(value), words) << value;
  // Neither of these is at fault.
  for (const std::string value :
       {R"("\\ud800 NaN \x")", "01", "1e999", R"(["NaN\" Infinity",nan])",
        R"(["\ud83d\ude00",tru])", R"(["18446744073709551616",.5])", R"("\ud80")", "\"\\u"}) {
    const Result<RawEvent> event = parse_event_line(R"({"type":"page","v":)" + value + "}");
    ASSERT_FALSE(event.has_value()) << value;
    EXPECT_THAT(event.error().message, StartsWith("not valid JSON: ")) << value;
  }
}

TEST(Parse, ARejectedEventTellsItsMessageId) {
  const ParsedBatch batch = between_good_events(
      R"({"type":"track","event":"E","properties":{"messageId":"no","v":"\ud800"},"messageId":"m"})");
  ASSERT_THAT(batch.rejected, SizeIs(1));
  EXPECT_EQ(batch.rejected[0].message_id, "m");
}

TEST(Parse, KeepsTheEventsBeforeABreak) {
  const ParsedBatch batch =
      batch_of(R"({"batch":[{"type":"track","event":"A"},{"type":"track","event":"B"} {"type":)");
  EXPECT_THAT(batch.events, SizeIs(2));
  ASSERT_THAT(batch.rejected, SizeIs(1));
  EXPECT_EQ(batch.rejected[0].index, 2U);
  // Brackets that do not match hide what follows, never what came before.
  const ParsedBatch crooked = batch_of(
      R"({"batch":[{"type":"page"},{"type":"page","properties":{"v":[1}]}},{"type":"page"}]})");
  EXPECT_THAT(crooked.events, SizeIs(1));
  EXPECT_THAT(crooked.rejected, SizeIs(2));
}

constexpr std::string_view kFromHereOn = "the body cannot be read from here on";

// The first batch counts, and what follows is not lost without a word.
TEST(Parse, SaysWhatFollowsABatch) {
  const std::string whole = R"({"writeKey":"k","batch":[{"type":"page"},{"type":"page"}]})";
  const std::string cut = whole.substr(0, whole.size() - 1);
  for (const std::string& body :
       {whole + R"({"batch":[{"type":"page"}]})", whole + " trailing", whole + "}", whole + "\x01",
        cut, cut + " \n", cut + "]}", cut + R"( "sentAt":"2026-11-21"})", cut + R"(,"sentAt)",
        cut + ",}", cut + R"(,"a" 1})", cut + R"(,x:1})"}) {
    const ParsedBatch batch = batch_of(body);
    EXPECT_EQ(batch.write_key, "k") << body;
    EXPECT_THAT(batch.events, SizeIs(2)) << body;
    ASSERT_THAT(batch.rejected, SizeIs(1)) << body;
    EXPECT_EQ(batch.rejected[0].index, 2U) << body;
    EXPECT_EQ(batch.rejected[0].error.message, kFromHereOn) << body;
  }
  EXPECT_THAT(batch_of(whole + " \r\n\t").rejected, IsEmpty());
}

TEST(Parse, SaysWhatFollowsASingleEvent) {
  const std::string event = R"({"type":"page","messageId":"m"})";
  for (const std::string& body : {event + event, event + " trailing", event + "}"}) {
    const auto batch = parse_batch(body, EventType::kPage);
    ASSERT_TRUE(batch.has_value()) << body;
    ASSERT_THAT(batch->events, SizeIs(1)) << body;
    EXPECT_EQ(batch->events[0].message_id, "m") << body;
    ASSERT_THAT(batch->rejected, SizeIs(1)) << body;
    EXPECT_EQ(batch->rejected[0].index, 1U) << body;
    EXPECT_EQ(batch->rejected[0].error.message, kFromHereOn) << body;
  }
  // Without its end the event itself is not whole.
  const auto cut = parse_batch(event.substr(0, event.size() - 1), EventType::kPage);
  ASSERT_TRUE(cut.has_value());
  EXPECT_THAT(cut->events, IsEmpty());
  EXPECT_THAT(cut->rejected, SizeIs(1));
}

TEST(Parse, SaysWhatCannotBeReadBesideABatchesEvents) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"("x":nonsense)", "beside the events: not valid JSON"},
      {R"("x":[1}])", "the body cannot be read from here on"},
      {R"("sentAt":"\ud800")", "beside the events: a lone surrogate in a string"},
      {R"("\ud800":1)", "beside the events: a lone surrogate in a string"},
      {R"("x":[")" + std::string(kMaxEventBytes, 'x') + R"(",])",
       "beside the events: not valid JSON"},
      {R"("x":[")" + std::string(kMaxEventBytes, 'x') + R"(\udc00"])",
       "beside the events: a lone surrogate in a string"}};
  for (const auto& [member, words] : cases) {
    for (const std::string& body : {R"({"batch":[{"type":"page"}],)" + member + "}",
                                    "{" + member + R"(,"batch":[{"type":"page"}]})"}) {
      const auto batch = parse_batch(body, std::nullopt);
      if (!batch.has_value()) continue;  // what comes first and does not end hides the batch
      EXPECT_THAT(batch->events, SizeIs(1)) << body;
      ASSERT_THAT(batch->rejected, SizeIs(1)) << body;
      EXPECT_EQ(batch->rejected[0].index, 1U) << body;
      EXPECT_THAT(batch->rejected[0].error.message, StartsWith(words)) << body;
    }
  }
  EXPECT_THAT(batch_of(R"({"batch":[{"type":"page"}],"x":[{}],"y":null})").rejected, IsEmpty());
}

// Nobody reads these members, so an event's limits are not theirs.
TEST(Parse, TakesMembersOfAnyDepthAndSizeBesideABatchesEvents) {
  const std::string long_text(kMaxEventBytes, 'x');
  const std::string deep(std::size_t{1} << 20, '[');
  const std::string ends(deep.size(), ']');
  for (const std::string& member :
       {"\"integrations\":" + std::string(17, '[') + std::string(17, ']'),
        "\"integrations\":" + deep + ends, "\"_metadata\":{\"a\":\"" + long_text + "\"}",
        "\"_metadata\":[\"" + long_text + "\\ud83d\\ude00\",1e5,{\"a\":[null]}]",
        "\"" + long_text + "\\u00e9\":1"}) {
    const ParsedBatch batch = batch_of(R"({"batch":[{"type":"page"}],)" + member + "}");
    EXPECT_THAT(batch.events, SizeIs(1)) << member.substr(0, 40);
    EXPECT_THAT(batch.rejected, IsEmpty()) << member.substr(0, 40);
  }
}

TEST(Parse, KeepsEveryNumberOf64BitsAndEveryCharacter) {
  const RawEvent event = track_with(
      R"("properties":{"a":18446744073709551615,"b":-9223372036854775808,"c":0.1,
         "d":"\u0000\ud83d\ude00\"\\","e":[[],{},true,null]})");
  EXPECT_EQ(event.properties.at("a").as_uint64(), ~std::uint64_t{0});
  EXPECT_EQ(event.properties.at("b").as_int64(), INT64_MIN);
  EXPECT_EQ(event.properties.at("c").as_double(), 0.1);
  EXPECT_EQ(event.properties.at("d").as_string(), std::string("\0😀\"\\", 7));
  EXPECT_EQ(to_string(event.properties.at("e")), "[[],{},true,null]");
}

TEST(Parse, TakesTheLastOfDuplicateMembers) {
  const RawEvent event =
      track_with(R"("userId":5.5,"userId":"last","properties":{"a":1,"b":{"x":1},"a":2,"b":{}})");
  EXPECT_EQ(event.user_id, "last");
  EXPECT_EQ(to_string(json::value(event.properties)), R"({"a":2,"b":{}})");
  const ParsedBatch batch =
      batch_of(R"({"batch":[],"writeKey":"1","writeKey":"2","b\u0061tch":[{"type":"page"}]})");
  EXPECT_EQ(batch.write_key, "2");
  EXPECT_THAT(batch.events, SizeIs(1));
  ASSERT_THAT(batch.rejected, SizeIs(1));
  EXPECT_EQ(batch.rejected[0].index, 1U);
  EXPECT_EQ(batch.rejected[0].error.message,
            "beside the events: there are two of batch, and the last counts");
  const auto request =
      parse_request(R"({"events":[{"type":"page"}],"events":[{"type":"page"}]})", "events");
  ASSERT_TRUE(request.has_value());
  EXPECT_THAT(request->events, SizeIs(1));
  EXPECT_THAT(request->rejected, SizeIs(1));
}

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') +
         std::string(static_cast<std::size_t>(depth), ']');
}

TEST(Parse, AllowsSixteenLevelsAndNoMore) {
  // The event and its properties are two of them.
  EXPECT_EQ(track_with(R"("properties":{"v":)" + nested(14) + "}").properties.size(), 1U);
  EXPECT_THAT(error_of_track_with(R"("properties":{"v":)" + nested(15) + "}").message,
              HasSubstr("deeper"));
  EXPECT_EQ(error_of_track_with(R"("properties":{"v":)" + nested(5'000) + "}").code,
            ErrorCode::kInvalid);
  EXPECT_EQ(error_of_track_with(R"("properties":{"v":)" + nested(14'000) + "}").code,
            ErrorCode::kInvalid);
}

TEST(Parse, AllowsThirtyTwoKilobytesAnEventAndNoMore) {
  const std::string head = R"({"type":"track","event":"E","messageId":"m","properties":{"v":")";
  const std::string tail = "\"}}";
  const std::string fits =
      head + std::string(kMaxEventBytes - head.size() - tail.size(), 'x') + tail;
  EXPECT_EQ(event_of(fits).message_id, "m");
  const std::string over =
      head + std::string(kMaxEventBytes - head.size() - tail.size() + 1, 'x') + tail;
  EXPECT_EQ(error_of(over).code, ErrorCode::kTooLarge);
  EXPECT_EQ(parse_batch(over, EventType::kTrack)->rejected.at(0).error.code, ErrorCode::kTooLarge);
}

TEST(Parse, RefusesTooManyEvents) {
  std::string body = R"({"batch":[1)";
  for (std::size_t i = 1; i < kMaxBatchEvents; ++i) body += ",1";
  EXPECT_THAT(batch_of(body + "]}").rejected, SizeIs(kMaxBatchEvents));
  EXPECT_EQ(parse_batch(body + ",1]}", std::nullopt).error().code, ErrorCode::kTooLarge);
}

TEST(Parse, NamesTheMemberOfAWrongType) {
  EXPECT_EQ(error_of(R"({"event":"E"})").where, "type");
  EXPECT_EQ(error_of(R"({"type":"Track","event":"E"})").where, "type");
  EXPECT_EQ(error_of(R"({"type":"track"})").where, "event");
  EXPECT_EQ(error_of(R"({"type":"page","name":7})").where, "name");
  EXPECT_EQ(error_of_track_with(R"("messageId":7)").where, "messageId");
  EXPECT_EQ(error_of_track_with(R"("userId":{})").where, "userId");
  EXPECT_EQ(error_of_track_with(R"("userId":1.5)").where, "userId");
  EXPECT_EQ(error_of_track_with(R"("anonymousId":true)").where, "anonymousId");
  EXPECT_EQ(error_of_track_with(R"("properties":[])").where, "properties");
  EXPECT_EQ(error_of_track_with(R"("traits":"x")").where, "traits");
  EXPECT_EQ(error_of_track_with(R"("context":1)").where, "context");
  EXPECT_EQ(error_of_track_with(R"("timestamp":"yesterday")").where, "timestamp");
  EXPECT_EQ(error_of_track_with(R"("originalTimestamp":true)").where, "originalTimestamp");
}

TEST(Parse, TakesNullAsAbsentAndIntegersAsIds) {
  const RawEvent event = track_with(
      R"("messageId":null,"userId":42,"anonymousId":null,"properties":null,"traits":null,
         "context":null,"timestamp":null,"sentAt":1795255323123)");
  EXPECT_EQ(event.user_id, "42");
  EXPECT_EQ(event.message_id, "");
  EXPECT_TRUE(event.properties.empty());
  EXPECT_EQ(event.sent_at, time_from_ms(1'795'255'323'123));
}

TEST(Parse, CountsTheCharactersOfAMessageId) {
  std::string umlauts;
  for (int i = 0; i < 99; ++i) umlauts += "ü";
  EXPECT_EQ(track_with(R"("messageId":")" + umlauts + "\"").message_id, umlauts);
  EXPECT_EQ(error_of_track_with(R"("messageId":")" + umlauts + "x\"").where, "messageId");
}

TEST(Parse, AnUnreadableClockIsIgnored) {
  EXPECT_FALSE(batch_of(R"({"batch":[],"sentAt":"soon"})").sent_at.has_value());
  EXPECT_FALSE(batch_of(R"({"batch":[],"sentAt":{}})").sent_at.has_value());
}

TEST(Parse, ReadsARequestWithEvents) {
  const auto request = parse_request(
      R"({"slots":["a"],"events":[{"type":"page"},{"type":"\ud800"}],"context":{"locale":"de"},
          "slots":["b"]})",
      "events");
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(to_string(json::value(request->members)),
            R"({"slots":["b"],"context":{"locale":"de"}})");
  EXPECT_THAT(request->events, SizeIs(1));
  EXPECT_THAT(request->rejected, SizeIs(1));
  EXPECT_EQ(string_at(request->events[0].context, "locale"), "de");
  EXPECT_TRUE(parse_request("{}", "events").has_value());
  EXPECT_TRUE(parse_request(R"({"events":null})", "events").has_value());
}

TEST(Parse, NamesTheMemberOfARequestThatCannotBeRead) {
  const auto where = [](std::string_view body) {
    const auto request = parse_request(body, "events");
    return request.has_value() ? "fine" : request.error().where;
  };
  EXPECT_EQ(where(R"({"events":{}})"), "events");
  EXPECT_EQ(where(R"({"page":{"url":"\ud800"}})"), "page");
  EXPECT_EQ(where(R"({"page":tru})"), "page");
  EXPECT_EQ(where(R"({"page":")" + std::string(40'000, 'x') + "\"}"), "page");
  EXPECT_FALSE(parse_request(R"({"page":{}} x)", "events").has_value());
  EXPECT_FALSE(parse_request(R"({"page":{})", "events").has_value());
}

// Behind 32 KB of white space the same body is too long to be read in one go.
ParsedRequest scanned_request(const std::string& body, bool& readable) {
  auto request = parse_request(std::string(33'000, ' ') + body, "events");
  readable = request.has_value();
  return readable ? *std::move(request) : ParsedRequest();
}

TEST(Parse, ARequestIsTheSameReadInOneGoOrPieceByPiece) {
  Rng rng(11);
  const std::string sound =
      R"({"slots":["a"],"events":[{"type":"page","context":{"a":1}},{"type":"track","event":"E"}],)"
      R"("context":{"a":2,"b":null},"page":{"x":[1,2.5,{}],"\u0065":"\u00e9"},"slots":[]})";
  const std::string_view alphabet = "{}[]\",:\\u0 ed\xC3\xFFtn1-.";
  int read = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string body = sound;
    for (std::uint64_t i = rng.below(3); i > 0; --i) {
      body[rng.below(body.size())] = alphabet[rng.below(alphabet.size())];
    }
    const auto request = parse_request(body, "events");
    bool readable = false;
    const ParsedRequest scanned = scanned_request(body, readable);
    ASSERT_EQ(request.has_value(), readable) << body;
    if (!readable) continue;
    ++read;
    ASSERT_EQ(json::value(request->members), json::value(scanned.members)) << body;
    ASSERT_TRUE(request->events == scanned.events) << body;
    ASSERT_EQ(request->rejected.size(), scanned.rejected.size()) << body;
  }
  EXPECT_GT(read, 5'000);
}

TEST(Parse, ARequestsEventMayBeAsDeepAsAnEventAlone) {
  for (const int depth : {14, 15, 16}) {
    const std::string event = R"({"type":"page","properties":{"a":)" + nested(depth - 2) + "}}";
    const auto request = parse_request(R"({"events":[)" + event + "]}", "events");
    ASSERT_TRUE(request.has_value());
    EXPECT_EQ(request->events.size(), parse_event_line(event).has_value() ? 1u : 0u) << depth;
  }
  const std::string deepest = R"({"type":"page","properties":{"a":)" + nested(14) + "}}";
  EXPECT_TRUE(parse_event_line(deepest).has_value());
  EXPECT_FALSE(
      parse_event_line(R"({"type":"page","properties":{"a":)" + nested(15) + "}}").has_value());
}

TEST(Parse, ReadsOneLine) {
  const auto event = parse_event_line(R"({"type":"page","name":"home","userId":"u"})");
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(event->type, EventType::kPage);
  EXPECT_EQ(event->name, "home");
  for (const std::string_view line : {"", " ", "{", "[]", R"({"type":"page"} x)",
                                      R"({"type":"page"}{"type":"page"})", R"({"event":"E"})"}) {
    EXPECT_FALSE(parse_event_line(line).has_value()) << line;
  }
}

TEST(Parse, SurvivesAndRepeatsOnDamagedBodies) {
  Rng rng(7);
  const std::string body =
      R"({"batch":[{"type":"track","event":"A","properties":{"a":[1,2.5,"x\u00e9"],"b":null}},
          {"type":"identify","userId":"u","traits":{"é":"\ud83d\ude00"}}],"sentAt":"2026-11-21"})";
  const std::string_view alphabet = "{}[]\",:\\u0 ed\xC3\xFFtn1-.";
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = body.substr(0, 1 + rng.below(body.size()));
    if (rng.chance(0.7)) damaged = body;
    for (std::uint64_t i = rng.below(4); i > 0; --i) {
      damaged[rng.below(damaged.size())] = alphabet[rng.below(alphabet.size())];
    }
    const auto first = parse_batch(damaged, std::nullopt);
    const auto second = parse_batch(damaged, std::nullopt);
    ASSERT_EQ(first.has_value(), second.has_value());
    if (!first.has_value()) continue;
    ASSERT_TRUE(first->events == second->events);
  }
}

// Counts what is asked of it and, like an arena, gives nothing back before its end.
class Counting final : public json::memory_resource {
 public:
  std::size_t bytes() const { return bytes_; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t align) override {
    bytes_ += bytes;
    return arena_.allocate(bytes, align);
  }
  void do_deallocate(void*, std::size_t, std::size_t) override {}
  bool do_is_equal(const json::memory_resource& other) const noexcept override {
    return this == &other;
  }
  json::monotonic_resource arena_;
  std::size_t bytes_ = 0;
};

TEST(ParseRequest, ContextForManyEventsIsNotPutIntoTheArena) {
  std::string context = "\"context\":{", events = "\"events\":[";
  for (int i = 0; i < 1'500; ++i) context += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
  for (int i = 0; i < 900; ++i) events += i == 0 ? R"({"type":"page"})" : R"(,{"type":"page"})";
  Counting memory;
  const auto request = parse_request("{" + context + "}," + events + "]}", "events", &memory);
  ASSERT_TRUE(request.has_value()) << request.error().to_text();
  ASSERT_EQ(request->events.size(), 900U);
  EXPECT_EQ(request->events[899].context.size(), 1'500U);
  EXPECT_LT(memory.bytes(), 1U << 20);
}

}  // namespace
}  // namespace tact
