#include "collect/delimited.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/rng.h"

namespace tact {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kClicks = R"(# what the public session sets look like
separator = tab
time = unix_seconds   # with a fraction
type = track
event = Product Viewed
anonymousId = s-${SessionId}
timestamp = ${Time}
properties.product_id = ${ItemId}
)";

ColumnMap map_of(std::string_view text) {
  auto map = parse_column_map(text);
  EXPECT_TRUE(map.has_value()) << (map ? "" : map.error().to_text());
  return map ? *std::move(map) : ColumnMap{};
}

// One character a member: C for its cells, so that quoting shows.
ColumnMap cells_map(int columns, const std::string& separator = "comma") {
  std::string text = "separator = " + separator + "\nheader = no\ntype = track\nevent = E\n";
  for (int i = 1; i <= columns; ++i) {
    text += "properties.c" + std::to_string(i) + " = ${" + std::to_string(i) + "}\n";
  }
  return map_of(text);
}

struct Read {
  std::vector<RawEvent> events;
  std::vector<std::size_t> lines;
  std::vector<std::string> errors;
};

Read read_all(const std::string& text, const ColumnMap& map) {
  std::istringstream in(text);
  DelimitedReader reader(in, map, "f.csv");
  Read read;
  while (true) {
    auto event = reader.next();
    if (!event.has_value()) {
      read.errors.push_back(event.error().to_text());
    } else if (!*event) {
      return read;
    } else {
      read.events.push_back(std::move(**event));
      read.lines.push_back(reader.line());
    }
  }
}

// The cells of each row as JSON.
std::vector<std::string> cells(const std::string& text, int columns,
                               const std::string& separator = "comma") {
  const Read read = read_all(text, cells_map(columns, separator));
  EXPECT_THAT(read.errors, IsEmpty());
  std::vector<std::string> rows;
  for (const RawEvent& event : read.events)
    rows.push_back(to_string(json::value(event.properties)));
  return rows;
}

TEST(Delimited, ReadsSessionsOfClicks) {
  const Read read = read_all(
      "SessionId\tItemId\tTime\n3\t214716935\t1396437466.94\n3\t214832672\t1396438212.318\n",
      map_of(kClicks));
  EXPECT_THAT(read.errors, IsEmpty());
  ASSERT_THAT(read.events, SizeIs(2));
  EXPECT_EQ(read.events[0].anonymous_id, "s-3");
  EXPECT_EQ(read.events[0].name, "Product Viewed");
  EXPECT_EQ(read.events[0].timestamp, time_from_ms(1'396'437'466'940));
  EXPECT_EQ(to_string(json::value(read.events[1].properties)), R"({"product_id":"214832672"})");
  EXPECT_THAT(read.lines, ElementsAre(2, 3));
}

TEST(Delimited, FollowsRfc4180) {
  EXPECT_THAT(cells("a,b\nc,d\n", 2),
              ElementsAre(R"({"c1":"a","c2":"b"})", R"({"c1":"c","c2":"d"})"));
  EXPECT_THAT(cells("a,b\r\nc,d", 2),
              ElementsAre(R"({"c1":"a","c2":"b"})", R"({"c1":"c","c2":"d"})"));
  EXPECT_THAT(cells("\"a,\"\"x\"\"\",\"b\nb\"\n\"c\",\"\"\n", 2),
              ElementsAre(R"({"c1":"a,\"x\"","c2":"b\nb"})", R"({"c1":"c"})"));
  EXPECT_THAT(cells("a \"b\",c\n", 2), ElementsAre(R"({"c1":"a \"b\"","c2":"c"})"));
  EXPECT_THAT(cells("\"a\",", 2), ElementsAre(R"({"c1":"a"})"));
  EXPECT_THAT(cells("a,", 2), ElementsAre(R"({"c1":"a"})"));
  EXPECT_THAT(cells("a,b,beyond\n", 2), ElementsAre(R"({"c1":"a","c2":"b"})"));
  EXPECT_THAT(cells("\xEF\xBB\xBF\n\na\n\n\nb", 1), ElementsAre(R"({"c1":"a"})", R"({"c1":"b"})"));
  EXPECT_THAT(cells("", 1), IsEmpty());
}

TEST(Delimited, KnowsOtherSeparators) {
  EXPECT_THAT(cells("a;b,c\n", 2, "semicolon"), ElementsAre(R"({"c1":"a","c2":"b,c"})"));
  EXPECT_THAT(cells("a|b\n", 2, "pipe"), ElementsAre(R"({"c1":"a","c2":"b"})"));
  EXPECT_THAT(cells(" 00001 \t 19970101  1   11.77\n\n   \n", 4, "blanks"),
              ElementsAre(R"({"c1":"00001","c2":"19970101","c3":"1","c4":"11.77"})"));
}

TEST(Delimited, LinesCountThroughQuotedBreaksAndBlankLines) {
  const Read read = read_all("\"a\n\nb\"\n\nc\n", cells_map(1));
  EXPECT_THAT(read.lines, ElementsAre(1, 5));
}

TEST(Delimited, AnErrorNamesLineAndCellAndCostsOneRow) {
  const ColumnMap map = map_of(
      "type = track\nevent = Order Completed\nuserId = ${user}\ntimestamp = ${day}\n"
      "time = yyyymmdd\nproperties.total:number = ${total}\n");
  const Read read = read_all(
      "user,day,total\nu1,19970101,11.77\nu2,1997-01-01,1\nu3,19970101,\"1,5\"\nu4\n"
      "\"u5\"x,19970101,1\nu6,19971301,1\nu7,19970102,3\n\xFF,19970101,1\nu8,19970103,\n",
      map);
  EXPECT_THAT(read.errors,
              ElementsAre("f.csv:3:2: is not a time of the map's format",
                          "f.csv:4:3: is not a number", "f.csv:5:1: the row ends before column 2",
                          "f.csv:6:1: text behind a closing quote",
                          "f.csv:7:2: is not a time of the map's format",
                          HasSubstr("f.csv:9: not valid JSON: The input is not valid UTF-8")));
  ASSERT_THAT(read.events, SizeIs(3));
  EXPECT_EQ(read.events[0].timestamp, parse_time("1997-01-01"));
  EXPECT_EQ(to_string(json::value(read.events[0].properties)), R"({"total":1.177E1})");
  EXPECT_EQ(read.events[1].user_id, "u7");
  EXPECT_TRUE(read.events[2].properties.empty());  // an empty cell leaves its member out
}

TEST(Delimited, ALateMemberErrorNamesItsCell) {
  const Read read = read_all(std::string("m,t\n") + std::string(100, 'x') + ",track\nm,nothing\n",
                             map_of("type = ${t}\nevent = E\nmessageId = ${m}\n"));
  EXPECT_THAT(read.errors,
              ElementsAre(HasSubstr("f.csv:2:1: messageId"), HasSubstr("f.csv:3:2: type")));
}

TEST(Delimited, AHeaderThatDoesNotFitEndsTheFile) {
  const Read read = read_all("a,b\n1,2\n3,4\n", map_of("type = page\nuserId = ${user}\n"));
  EXPECT_THAT(read.errors, ElementsAre("f.csv:1: there is no column \"user\""));
  EXPECT_THAT(read.events, IsEmpty());
  EXPECT_THAT(read_all("a,b\n1,2\n", map_of("type = page\nuserId = ${3}\n")).errors, SizeIs(1));
  EXPECT_THAT(read_all("a,b\n1,2\n", map_of("type = page\nuserId = ${2}\n")).events, SizeIs(1));
}

TEST(Delimited, BoundsRows) {
  const std::string longest(kMaxRowBytes - 2, 'x');
  EXPECT_THAT(read_all(longest.substr(0, 30'000) + "\n", cells_map(1)).events, SizeIs(1));
  for (const std::string& row :
       {longest + "xxxx", "\"" + longest + "xxxx\"", std::string(2'000, ',')}) {
    const Read read = read_all(row + "\nb\n", cells_map(1));
    EXPECT_THAT(read.errors, SizeIs(1));
    EXPECT_THAT(read.events, SizeIs(1));
  }
  EXPECT_THAT(read_all("\"never ends\n\n", cells_map(1)).errors,
              ElementsAre("f.csv:1:1: a quoted cell does not end"));
}

TEST(ColumnMap, IsTheSameInJson) {
  const ColumnMap lines = map_of(kClicks);
  const ColumnMap json = map_of(R"({"separator":"tab","time":"unix_seconds","header":true,"fields":{
      "type":"track","event":"Product Viewed","anonymousId":"s-${SessionId}","timestamp":"${Time}",
      "properties.product_id":"${ItemId}"}})");
  EXPECT_EQ(json.separator, lines.separator);
  EXPECT_EQ(json.time, lines.time);
  ASSERT_EQ(json.fields.size(), lines.fields.size());
  for (std::size_t i = 0; i < json.fields.size(); ++i) {
    EXPECT_EQ(json.fields[i].member, lines.fields[i].member);
    EXPECT_EQ(json.fields[i].pieces.size(), lines.fields[i].pieces.size());
  }
}

TEST(ColumnMap, BuildsNestedMembers) {
  const Read read = read_all("x\n", map_of("header = no\ntype = page\nuserId = u\n"
                                           "context.page.url = https://s.example/${1}#a\n"
                                           "context.page.title = T\n"));
  ASSERT_THAT(read.events, SizeIs(1));
  EXPECT_EQ(to_string(json::value(read.events[0].context)),
            R"({"page":{"url":"https://s.example/x#a","title":"T"}})");
}

TEST(ColumnMap, NamesTheLineThatIsWrong) {
  const auto where_of = [](const std::string& line) {
    const auto map = parse_column_map("type = page\n\n" + line + "\n");
    return map.has_value() ? "fine" : map.error().where;
  };
  EXPECT_EQ(where_of("userId = ${a}"), "fine");
  for (const std::string line :
       {"userId", "userid = x", "properties = x", "properties. = x", "properties.a. = x",
        "properties..a = x", "userId = ", "userId = ${", "userId = ${}", "separator = ,",
        "header = maybe", "time = soon", "type = page", "= x"}) {
    EXPECT_EQ(where_of(line), "line 3") << line;
  }
  EXPECT_EQ(where_of("properties.a = 1\nproperties.a.b = 2"), "line 4");
  EXPECT_FALSE(parse_column_map("userId = x").has_value());  // no type
  EXPECT_FALSE(parse_column_map("").has_value());
  EXPECT_FALSE(parse_column_map("{").has_value());
  EXPECT_EQ(parse_column_map(R"({"fields":{"type":1}})").error().where, "fields.type");
  EXPECT_EQ(parse_column_map(R"({"columns":{}})").error().where, "columns");
}

TEST(MessageIdFor, IsOneARowAndShortEnough) {
  EXPECT_EQ(message_id_for("abc", 7), "f_abc_7");
  EXPECT_LE(message_id_for(std::string(200, 'f'), ~std::size_t{0}).size(), kMaxMessageIdChars);
}

TEST(Delimited, SurvivesGarbage) {
  Rng rng(3);
  const std::string_view alphabet = "a,\"\n\r;\t \xFF\xC3";
  for (int round = 0; round < 5'000; ++round) {
    std::string text;
    for (std::uint64_t i = rng.below(60); i > 0; --i) text += alphabet[rng.below(alphabet.size())];
    const Read read = read_all(text, cells_map(1));
    EXPECT_LE(read.events.size() + read.errors.size(), 62U);
  }
}

TEST(Delimited, ReadsThePublicSessions) {
  const char* folder = std::getenv("TACT_DATA");
  const std::string path =
      std::string(folder != nullptr ? folder : "../shared/data") + "/rsc15_100k/test.tsv";
  std::ifstream in(path);
  if (!in) GTEST_SKIP() << path << " is absent; set TACT_DATA to the folder that holds rsc15_100k/";
  DelimitedReader reader(in, map_of(kClicks), "test.tsv");
  std::size_t rows = 0;
  while (true) {
    const auto event = reader.next();
    ASSERT_TRUE(event.has_value()) << event.error().to_text();
    if (!*event) break;
    ++rows;
  }
  EXPECT_EQ(rows, 13'568U);
}

}  // namespace
}  // namespace tact
