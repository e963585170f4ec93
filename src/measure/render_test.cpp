// JSON, text and HTML: what they say, what they must never say, and that the HTML is sound.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>
#include <vector>

#include "measure/html_test_util.h"
#include "measure/report_html.h"
#include "measure/report_json.h"
#include "measure/report_test_util.h"
#include "measure/report_text.h"

namespace tact {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string body_of(const std::string& html) { return html.substr(html.find("</style>")); }

std::string json_text(const Reports& reports) { return to_string(json::value(to_json(reports))); }

std::string on_one_line(const std::string& text) {
  std::istringstream words(text);
  std::string out;
  for (std::string word; words >> word;) out += word + " ";
  return out;
}

std::size_t longest_line(const std::string& text) {
  std::size_t most = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    most = std::max<std::size_t>(most, std::count_if(line.begin(), line.end(), [](char c) {
                                   return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
                                 }));
  }
  return most;
}

void fill(World& world) {
  world.add({.visitors = 9'000,
             .reached = 900,
             .treated = true,
             .attributed = 700,
             .returned = 200,
             .simulated = true,
             .crossovers = 7});
  world.add({.visitors = 1'000, .reached = 60, .treated = false, .returned = 20});
  world.add({.visitors = 400, .reached = 20, .treated = true, .attributed = 9}, "gift-note");
  world.add({.visitors = 44, .reached = 3, .treated = false}, "gift-note");
  world.add({.visitors = 9'500, .reached = 950, .treated = true, .attributed = 800}, "");
  world.add({.visitors = 500, .reached = 52, .treated = false}, "");
}

TEST(Render, JsonHasWhatTheLiveViewReads) {
  World world;
  fill(world);
  const json::object out = to_json(world.all());
  const json::object& moment = out.at("moments").at(0).as_object();
  EXPECT_EQ(moment.at("moment").as_string(), "fit-help");
  EXPECT_EQ(moment.at("verdict").as_string(), "helps");
  EXPECT_EQ(moment.at("window").at("from").as_string(), "2025-10-25T00:00:00.000Z");
  EXPECT_EQ(moment.at("arms").at(0).at("arm").as_string(), "shown");
  EXPECT_EQ(moment.at("arms").at(1).at("arm").as_string(), "held back");
  EXPECT_EQ(moment.at("arms").at(1).at("visitors").as_int64(), 1'000);
  EXPECT_EQ(moment.at("arms").at(1).at("outcomes").as_int64(), 60);
  EXPECT_DOUBLE_EQ(moment.at("arms").at(1).at("rate").as_double(), 0.06);
  EXPECT_NEAR(moment.at("difference").at("estimate").as_double(), 0.04, 1e-12);
  EXPECT_LT(moment.at("difference").at("low").as_double(), 0.04);
  EXPECT_EQ(moment.at("attributed").as_int64(), 700);
  EXPECT_NEAR(moment.at("incremental").at("estimate").as_double(), 360.0, 1e-9);
  EXPECT_TRUE(out.at("moments").at(1).at("difference").is_null());
  EXPECT_TRUE(out.at("moments").at(1).at("incremental").is_null());
  EXPECT_EQ(out.at("universal").at("moment").as_string(), "");
  EXPECT_TRUE(out.at("simulated").as_bool());
  EXPECT_TRUE(out.at("data_hash").as_string().starts_with("b2:"));
}

// 49 against an arm that would make any test shout: not a hint of it may get out.
// A hash may hold any three digits.
std::string without_hashes(const std::string& text) {
  return std::regex_replace(text, std::regex("b2:[0-9a-f]+"), "b2:");
}

TEST(Render, NothingButCountsLeaksThroughAClosedGate) {
  World world;
  world.add({.visitors = 9'000, .reached = 4'500, .treated = true, .attributed = 700});
  world.add({.visitors = 1'000, .reached = 49, .treated = false});
  world.add({.visitors = 9'500, .reached = 4'600, .treated = true}, "");
  world.add({.visitors = 500, .reached = 20, .treated = false}, "");
  const Reports reports = world.all();
  const std::string as_json = json_text(reports);
  for (const char* word : {"log10_p", "\"low\"", "\"high\"", "estimate", "lift", "fixed_horizon",
                           "smallest_effect", "helps", "hurts", "no effect", "not clear"}) {
    EXPECT_THAT(as_json, Not(HasSubstr(word)));
  }
  const std::string html = body_of(to_html(reports));
  const std::string main = html.substr(0, html.find("<footer"));
  const std::string text = on_one_line(to_text(reports));
  for (const std::string& shown : {without_hashes(main), without_hashes(text)}) {
    for (const char* word : {"per 1,000", "helps", "hurts", "p =", ", p ", "451", "0.451",
                             "50.0\u00a0%", "4.9\u00a0%", "lift", "relative", "because of it"}) {
      EXPECT_THAT(shown, Not(HasSubstr(word)));
    }
    EXPECT_THAT(shown, HasSubstr("Not enough data yet — about 1 more day."));
    EXPECT_THAT(shown, HasSubstr("held back has 49 of 50"));
  }
  // What is drawn is how much is missing, and nothing else.
  std::size_t drawings = 0;
  for (std::size_t at = main.find("role=\"img\""); at != std::string::npos;
       at = main.find("role=\"img\"", at + 1)) {
    EXPECT_THAT(main.substr(at, 60), HasSubstr("-missing-t ")) << main.substr(at, 60);
    ++drawings;
  }
  EXPECT_EQ(drawings, 2u);
}

// Whom the rule of small cells hides is not nobody.
TEST(Render, ThoseWhoAreTooFewToBeShownAreNotSaidToBeNone) {
  World world;
  world.add({.visitors = 134, .reached = 34, .treated = true});
  world.add({.visitors = 10, .reached = 1, .treated = false});
  Reports reports = world.all();
  reports.universal.reset();  // whom nobody met, as it is
  ASSERT_TRUE(reports.moments.front().all_hidden());
  for (const std::string& shown :
       {on_one_line(to_text(reports)), body_of(to_html(reports)), json_text(reports)}) {
    EXPECT_THAT(shown, Not(HasSubstr("0 of 50")));
    EXPECT_THAT(shown, HasSubstr("those so far are too few to be shown"));
    EXPECT_THAT(shown, Not(HasSubstr("134")));
  }
  EXPECT_THAT(to_text(reports), Not(HasSubstr("0.0 % held back")));
}

TEST(Render, TextPutsTheVerdictFirstWithinItsColumns) {
  World world;
  world.playbook().moments[0].need = std::string(300, 'x') + " and some more words";
  world.relearn();
  fill(world);
  const std::string text = to_text(world.all());
  EXPECT_LE(longest_line(text), 100u);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_LT(text.find("It helps:"), text.find("difference"));
  EXPECT_THAT(text, HasSubstr(" per 1,000"));
  EXPECT_THAT(on_one_line(text), HasSubstr("Not at the cost of more returns: "));
  EXPECT_THAT(text, HasSubstr("simulated"));
  EXPECT_THAT(to_text(world.all(), {.color = true}), HasSubstr("\x1b[32mhelps\x1b[0m"));
}

TEST(Render, ControlCharactersDoNotReachTheTerminal) {
  World world;
  world.playbook().moments[0].need = "be \x1b[2J sure";
  world.playbook().site.name = "shop\n\x1b]0;x\x07";
  world.relearn();
  fill(world);
  const std::string text = to_text(world.all());
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\x07")));
}

TEST(Render, HtmlIsSoundAndLoadsNothing) {
  World world;
  fill(world);
  const std::string html = to_html(world.all());
  EXPECT_EQ(first_html_problem(html), "");
  for (const char* word : {"<script", "http:", "https:", "src=", "href=\"http", "href=\"/", "url(",
                           "@import", "style="}) {
    EXPECT_THAT(html, Not(HasSubstr(word)));
  }
  EXPECT_THAT(html, HasSubstr("-d\">fit-help: +40 ("));
  EXPECT_THAT(html, HasSubstr("last touch credits 700."));
  EXPECT_THAT(html, HasSubstr("prefers-color-scheme:dark"));
  EXPECT_THAT(html, HasSubstr(world.all().data_hash));
  EXPECT_LT(html.find("Of 2 moments, 1 helps and 1 needs more data."), html.find("<svg"));
}

TEST(Render, HtmlEscapesEveryTextOfThePlaybook) {
  World world;
  const std::string attack = "\"><script>alert('1')</script>&";
  world.playbook().moments[0].id += attack;
  world.playbook().moments[0].need += attack;
  world.playbook().moments[0].because += attack;
  world.playbook().site.name += attack;
  world.playbook().site.currency = attack;
  for (Goal& goal : world.playbook().goals) {
    goal.id = attack + goal.id;
    goal.says += attack;
  }
  world.relearn();
  world.add({.visitors = 9'000, .reached = 900, .treated = true}, "fit-help" + attack);
  world.add({.visitors = 1'000, .reached = 60, .treated = false}, "fit-help" + attack);
  world.add({.visitors = 900, .reached = 9, .treated = true}, "gift-note");
  const std::string html = to_html(world.all());
  EXPECT_EQ(first_html_problem(html), "");
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(&#39;1&#39;)"));
}

TEST(Render, EmptyStatesAreSentences) {
  World world;
  const Reports reports = world.all();
  EXPECT_THAT(to_text(reports), HasSubstr("No moment has been met by a visitor yet."));
  const std::string html = to_html(reports);
  EXPECT_EQ(first_html_problem(html), "");
  EXPECT_THAT(html, HasSubstr("No moment has been met by a visitor yet."));
  EXPECT_THAT(html, HasSubstr("Nobody has met it yet."));
  const auto one =
      report_one(world.store(), world.book(), world.playbook(), "gift-note", {World::kNow});
  ASSERT_TRUE(one.has_value());
  EXPECT_THAT(to_text(*one), HasSubstr("nobody has met gift-note"));
  EXPECT_THAT(to_html(*one), HasSubstr("nobody has met gift-note"));
}

// For looking at: TACT_REPORT_DIR=/tmp/x measure_test --gtest_filter=Render.Demo
TEST(Render, Demo) {
  World world;
  world.add_moments({{"delivery-promise", "know whether it arrives in time"},
                     {"summer-sale", "pay less"},
                     {"compare-help", "see what really differs between a few products"},
                     {"complete-the-kit", "have everything for the first night out"},
                     {"who-for", "know whom it is made for"}});
  world.spread(
      60,
      {.visitors = 11'800,
       .reached = 1'510,
       .attributed = 1'012,
       .returned = 210,
       .simulated = true,
       .crossovers = 21},
      {.visitors = 1'310, .reached = 121, .treated = false, .returned = 25, .simulated = true},
      "fit-help");
  world.spread(60, {.visitors = 9'400, .reached = 902, .attributed = 655, .returned = 88},
               {.visitors = 1'020, .reached = 101, .treated = false, .returned = 6},
               "delivery-promise");
  world.spread(60, {.visitors = 30'100, .reached = 2'210, .attributed = 2'004, .returned = 400},
               {.visitors = 3'300, .reached = 335, .treated = false, .returned = 44},
               "summer-sale");
  world.spread(25, {.visitors = 800, .reached = 61, .attributed = 40},
               {.visitors = 92, .reached = 9, .treated = false}, "gift-note");
  world.spread(60, {.visitors = 2'100, .reached = 200, .attributed = 40},
               {.visitors = 620, .reached = 61, .treated = false}, "compare-help");
  world.playbook().moments.back().hold_back = {500'000};
  world.spread(60, {.visitors = 22'100, .reached = 6'300, .attributed = 3'900},
               {.visitors = 22'010, .reached = 6'290, .treated = false}, "who-for");
  world.spread(60, {.visitors = 38'000, .reached = 4'200, .attributed = 3'100},
               {.visitors = 2'010, .reached = 190, .treated = false}, "");
  for (const bool treated : {true, false}) {  // who hesitated a while ago; some did so again
    Group doubting{.visitors = 1'200, .treated = treated, .days_ago = 61};
    doubting.before = {.intent_level = IntentLevel::kLikely, .intent = "choosing_for_whom"};
    doubting.followed = treated ? 130 : 240;
    doubting.after.again_day = 4;
    world.add(doubting, "who-for");
  }
  const auto start = std::chrono::steady_clock::now();
  const Reports reports = world.all();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  const std::string html = to_html(reports);
  EXPECT_EQ(first_html_problem(html), "");
  std::printf("7 reports over 145,000 rows: %.2f s\n", took.count());
  if (const char* folder = std::getenv("TACT_REPORT_DIR")) {
    std::ofstream(std::string(folder) + "/report.html") << html;
    std::ofstream(std::string(folder) + "/report.txt") << to_text(reports);
    std::ofstream(std::string(folder) + "/report.json")
        << to_pretty_string(json::value(to_json(reports)));
  }
}

// Whose events are in no number is said beside the numbers.
TEST(Render, SaysHowMuchWasLeftOut) {
  World world;
  world.add({.visitors = 10});
  const std::string words =
      "Left out were 1,203 events of bots, 40 of staff and 5 of programs told by their pace.";
  for (const std::string& text : {to_text(world.all(), {}), to_html(world.all())}) {
    EXPECT_THAT(text, Not(HasSubstr("Left out")));
  }
  Batch batch;
  const auto put = [&batch](std::uint64_t day, std::string_view who, std::uint64_t events) {
    ByteWriter value;
    value.varint(events);
    batch.put(Family::kMeta, keys::left_out(day, who), value.take());
  };
  put(20'000, keys::kBots, 1'200);
  put(20'001, keys::kBots, 3);
  put(20'001, keys::kStaff, 40);
  put(20'001, keys::kPace, 5);
  world.write(batch);
  const Reports reports = world.all();
  EXPECT_THAT(on_one_line(to_text(reports, {})), HasSubstr(words));
  EXPECT_THAT(to_html(reports), HasSubstr(words));
  EXPECT_THAT(json_text(reports), HasSubstr(R"("left_out":{"bots":1203,"staff":40,"pace":5})"));
  EXPECT_EQ(first_html_problem(to_html(reports)), "");
}

}  // namespace
}  // namespace tact
