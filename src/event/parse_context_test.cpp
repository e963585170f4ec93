// The context of a batch, and that nothing is taken without it: consent may stand in it.
#include <gmock/gmock.h>

#include "event/parse.h"

namespace tact {
namespace {

using testing::SizeIs;

ParsedBatch batch_of(std::string_view body) {
  auto batch = parse_batch(body, std::nullopt);
  EXPECT_TRUE(batch.has_value()) << (batch ? "" : batch.error().to_text());
  return batch ? *std::move(batch) : ParsedBatch{};
}

TEST(ParseContext, MergesTheBatchesContextUnderTheEventsOwn) {
  const ParsedBatch batch = batch_of(
      R"({"context":{"locale":"de","ip":"1.2.3.4"},"batch":[
          {"type":"page","context":{"locale":"en"}},{"type":"page"}]})");
  ASSERT_THAT(batch.events, SizeIs(2));
  EXPECT_EQ(string_at(batch.events[0].context, "locale"), "en");
  EXPECT_EQ(string_at(batch.events[0].context, "ip"), "1.2.3.4");
  EXPECT_EQ(string_at(batch.events[1].context, "locale"), "de");
}

// Consent may stand there: events without it would be taken for something else.
TEST(ParseContext, RefusesABatchWhoseContextCannotBeRead) {
  for (const std::string rest :
       {R"(,"context":{"a":"\ud800"}})", R"(,"context":[]})", R"(,"context":7})", R"(,"context":{)",
        R"( "context":{}})", R"(,"x" 1,"context":{}})"}) {
    const auto batch = parse_batch(R"({"batch":[{"type":"page"}])" + rest, std::nullopt);
    ASSERT_FALSE(batch.has_value());
    EXPECT_EQ(batch.error().where, "context");
  }
}

std::string refused_for(std::string_view body, std::optional<EventType> route = std::nullopt) {
  const auto batch = parse_batch(body, route);
  return batch.has_value() ? "nothing" : batch.error().where;
}

TEST(ParseContext, RefusesABatchWhoseContextMayStandInWhatCannotBeRead) {
  const std::string consent = R"("context":{"consent":{"categoryPreferences":{"a":false}}}})";
  const std::string page = R"({"batch":[{"type":"page"})";
  for (const std::string& body : {
           page + "," + consent,                     // no ]
           page + " " + consent,                     // nor a comma
           page + "}," + consent,                    // } for ]
           page + "]}," + consent,                   // one } too many
           page + "]]," + consent,                   // one ] too many
           page + R"(,{"type":"page"],)" + consent,  // no } of an event
           page + R"(,{"type":"page","properties":{"a":1 ],)" + consent,
           page + R"(,{"type":"page","properties":{"a":1 ],)" + consent + "]}",
           page + R"(,{"type":"page","name":"x}],)" + consent,        // no closing quote
           page + R"(,{"type":"page","name":x"}],)" + consent,        // no opening one
           page + R"(,{"type":"page","name":"say "x"}],)" + consent,  // one too many
           page + R"(],"x":[1,)" + consent,
           page + R"( {"type":"page"}] )" + consent,
           page + R"(,"context")",
           page + R"(,"context":)",
           page + R"(],"context":)",
           page + R"(],"context)",
           page + R"(],"context:{}})",
           page + R"(],context:{}})",
           page + R"(,context:{}})",
           page + R"(,"c\u006Fntext":{}})",
           page + R"(] "\u0063ontext":{}})",
           R"({"batch":[)" + page.substr(9) + "]," + consent,  // one [ too many
       }) {
    EXPECT_EQ(refused_for(body), "context") << body;
  }
  for (const std::string_view body :
       {R"({"type":"page"},"context":{}})", R"({"type":"page","context":{"a":1},"consent":{}}})"}) {
    EXPECT_EQ(refused_for(body, EventType::kPage), "context") << body;
  }
  // A request's is refused with it, whoever reads it.
  const auto request = parse_request(
      R"({"events":[{"type":"page"},{"a":{"b":1 ],"context":{"consent":{}}}]})", "events");
  ASSERT_FALSE(request.has_value());
  EXPECT_EQ(request.error().where, "context");
}

// What is taken of `body` was taken with its context, where a 0 stands.
void expect_context_or_nothing(const std::string& body) {
  const auto batch = parse_batch(body, std::nullopt);
  if (!batch.has_value()) return;
  for (const RawEvent& event : batch->events) EXPECT_TRUE(event.context.contains("0")) << body;
}

// A character put in between the quotes of `name` makes it another, sound one.
bool renames(const std::string& body, std::size_t i, std::string_view name) {
  const std::size_t at = body.find(name);
  return i > at && i < at + name.size();
}

TEST(ParseContext, NoBracketOrQuoteTooManyOrTooFewTakesAnEventWithoutTheBatchesContext) {
  const std::string_view marks = "{}[]\",:\\";
  const std::string events =
      R"("batch":[{"type":"page"},{"type":"page","name":"a, b","c\u006Fntext":{"l":[1,{}]}}])";
  const std::string shared = R"("context")", context = shared + R"(:{"1":{},"0":{"a":[{}]}})";
  for (const std::string& body :
       {"{" + events + "," + context + "}", "{" + context + "," + events + "}",
        "{" + events + R"(,"x":[{}],)" + context + R"(,"y":"z"})"}) {
    for (std::size_t i = 1; i < body.size(); ++i) {
      const std::string before = body.substr(0, i), behind = body.substr(i);
      const bool is_mark = marks.find(body[i]) != std::string_view::npos;
      if (is_mark) expect_context_or_nothing(before + behind.substr(1));
      for (const char c : marks) {
        if (is_mark) expect_context_or_nothing(before + c + behind.substr(1));
        if (!renames(body, i, shared) && !renames(body, i, "\"0\"")) {
          expect_context_or_nothing(before + c + behind);
        }
      }
    }
  }
}

TEST(ParseContext, RefusesAContextThatIsUnreadableOrDoubled) {
  for (const std::string contexts :
       {R"("context":nonsense,"context":{})", R"("context":{},"context":nonsense)",
        R"("context":{},"context":{})", R"("context":{"a":1},"context":null)",
        R"("context":null,"c\u006fntext":{})", R"("c\u006fntext":nonsense)"}) {
    EXPECT_EQ(refused_for(R"({"batch":[{"type":"page"}],)" + contexts + "}"), "context");
    EXPECT_EQ(refused_for("{" + contexts + R"(,"batch":[{"type":"page"}]})"), "context");
    for (const std::string events : {R"(,"events":[{"type":"page"}])", ""}) {
      const auto request = parse_request(R"({"a":1,)" + contexts + events + "}", "events");
      ASSERT_FALSE(request.has_value()) << contexts;
      EXPECT_EQ(request.error().where, "context") << contexts;
    }
  }
}

// SDKs send a context in every event: that one is no batch's.
TEST(ParseContext, AnEventsContextRefusesNoBatch) {
  const std::string event = R"({"type":"page","context":{"locale":"de"}})";
  const std::string two = R"({"batch":[)" + event + "," + event;
  for (std::size_t cut = two.size() - event.size(); cut < two.size(); ++cut) {
    EXPECT_THAT(batch_of(two.substr(0, cut)).events, SizeIs(1)) << cut;
  }
  EXPECT_THAT(batch_of(two).events, SizeIs(2));
  EXPECT_THAT(batch_of(two + "]").events, SizeIs(2));
  EXPECT_THAT(batch_of(two + "]} trailing").events, SizeIs(2));
  for (const std::string bad : {R"({"a":1,})", R"({"a" 1})", R"({"a":[1 2]})", R"({"a":"x"y"z"})",
                                R"({"a":NaN})", R"("context")", "1", R"({"a":"\ud800"})"}) {
    EXPECT_THAT(batch_of(two + "," + bad + "," + event + "]}").events, SizeIs(3)) << bad;
  }
}

TEST(ParseContext, BoundsWhatMergingACostlyContextTakes) {
  std::string body = R"({"context":{"x":")" + std::string(30'000, 'x') + R"("},"batch":[1)";
  for (int i = 0; i < 600; ++i) body += ",1";
  const auto batch = parse_batch(body + "]}", std::nullopt);
  ASSERT_FALSE(batch.has_value());
  EXPECT_EQ(batch.error().code, ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace tact
