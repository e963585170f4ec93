// The charts of the HTML report: sound, escaped, told in words, and drawn where the numbers are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>

#include "measure/html_test_util.h"
#include "measure/internal/charts/bars.h"
#include "measure/internal/charts/forest.h"
#include "measure/internal/charts/interval.h"
#include "measure/internal/charts/qini.h"
#include "measure/internal/charts/retention.h"
#include "measure/internal/charts/style.h"
#include "measure/internal/charts/tiles.h"
#include "measure/internal/page/style.h"

namespace tact::internal::charts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
const std::string kAttack = "\"><script>alert('1')</script>&";

std::size_t count(const std::string& text, const std::string& of) {
  std::size_t n = 0;
  for (std::size_t at = text.find(of); at != std::string::npos; at = text.find(of, at + 1)) ++n;
  return n;
}

Forest some_forest(const std::string& suffix = "") {
  Forest chart;
  chart.frame = {"forest", "Effect by moment" + suffix, "One helps, one does not." + suffix,
                 "more or fewer orders per 1,000 visitors" + suffix};
  chart.name_head = "moment";
  chart.figure_head = "orders per 1,000";
  chart.smallest = 8;
  chart.rows = {{.name = "fit-help" + suffix,
                 .figure = "+40 (21 to 59)",
                 .estimate = 40,
                 .low = 21,
                 .high = 59,
                 .tone = Tone::kHelps},
                {.name = "summer-sale-with-a-name-that-goes-on-and-on-until-nobody-reads-it",
                 .figure = "−28 (−47 to −9)",
                 .estimate = -28,
                 .low = -47,
                 .high = -9,
                 .tone = Tone::kHurts},
                {.name = "By visit" + suffix, .drawn = false, .heading = true},
                {.name = "new visitors",
                 .aside = "men's e-mail",
                 .figure = "+3 (−12 to 18)",
                 .estimate = 3,
                 .low = -12,
                 .high = 18,
                 .indent = true,
                 .shape = 1},
                {.name = "returning",
                 .aside = "women's e-mail",
                 .figure = "+31 (−400 to 462)",
                 .estimate = 31,
                 .low = -400,
                 .high = 462,
                 .indent = true,
                 .shape = 2},
                {.name = "on a tablet",
                 .figure = "hidden: fewer than 50 visitors",
                 .drawn = false,
                 .indent = true},
                {.name = "Everything together",
                 .figure = "+12 (2 to 22)",
                 .estimate = 12,
                 .low = 2,
                 .high = 22,
                 .emphasis = true,
                 .tone = Tone::kHelps}};
  return chart;
}

IntervalOverTime some_interval(const std::string& suffix = "") {
  IntervalOverTime chart;
  chart.frame = {"over-time", "Effect on orders over time" + suffix,
                 "It has been above zero since 2 Nov." + suffix,
                 "incremental orders per 1,000, may be read any day"};
  for (int day = 9; day <= 60; ++day) {
    const double half = 19.0 * std::sqrt(60.0 / day) * (1.0 + 8.0 / day);
    const double estimate = 31.0 + 14.0 * std::sin(day / 6.0) / (1.0 + day / 10.0);
    chart.looks.push_back({static_cast<double>(day), "day " + std::to_string(day) + suffix,
                           "day " + std::to_string(day), estimate, estimate - half, estimate + half,
                           "+31 (12 to 50)" + suffix, day > 50});
  }
  chart.from_tick = "14 Sep";
  chart.waiting = "not enough data";
  chart.figure = "+31 (12 to 50) per 1,000" + suffix;
  chart.smallest = 4;
  chart.tone = Tone::kHelps;
  return chart;
}

Bars some_bars(const std::string& suffix = "") {
  return {{"bars", "Credited and incremental orders" + suffix, "Last click credits 412." + suffix,
           "orders"},
          {{.name = "last click credits" + suffix,
            .figure = "412",
            .value = 412,
            .tone = Tone::kCredit},
           {.name = "because of it",
            .aside = "created",
            .figure = "41 (16 to 66)",
            .value = 41,
            .interval = Span{16, 66},
            .tone = Tone::kHelps,
            .emphasis = true},
           {.name = "would have come anyway",
            .aside = "captured",
            .figure = "371 (346 to 396)",
            .value = 371,
            .interval = Span{346, 396},
            .tone = Tone::kCredit,
            .dashed = true}},
          "what is counted",
          "orders"};
}

Qini some_qini(const std::string& suffix = "") {
  Qini chart;
  chart.frame = {"qini", "Whom it persuades" + suffix, "The score finds them." + suffix,
                 "orders gained per 1,000 visitors"};
  for (int i = 1; i <= 20; ++i) {
    const double x = i / 20.0;
    const double gain = 36.0 * x * (2.0 - x) - 6.0 * x;
    chart.points.push_back(
        {x, gain, gain - 9.0 * std::sqrt(x), gain + 9.0 * std::sqrt(x), "+3 (1 to 5)" + suffix});
  }
  chart.gain_head = "gained";
  chart.tone = Tone::kHelps;
  return chart;
}

Retention some_retention(const std::string& suffix = "") {
  Retention chart;
  chart.frame = {"retention", "Bought again" + suffix,
                 "Those who were shown it came back more often." + suffix,
                 "share who bought again"};
  chart.share_head = "bought again";
  const std::vector<std::string> names = {"shown" + suffix, "held back"};
  for (std::size_t arm = 0; arm < 2; ++arm) {
    RetentionArm line{names[arm], {}, arm == 0 ? Tone::kHelps : Tone::kPlain};
    for (int day = 0; day <= 84; day += 7) {
      const double share = (arm == 0 ? 0.24 : 0.19) * (1.0 - std::exp(-day / 30.0));
      line.steps.push_back(
          {static_cast<double>(day), share, share * 0.9, share * 1.1, day % 28 == 0 ? "24 %" : ""});
    }
    chart.arms.push_back(line);
  }
  return chart;
}

std::vector<std::string> all_charts(const std::string& suffix = "") {
  return {forest(some_forest(suffix)), interval_over_time(some_interval(suffix)),
          bars(some_bars(suffix)), qini(some_qini(suffix)), retention(some_retention(suffix))};
}

TEST(Charts, EveryOneHasATitleADescriptionAndItsNumbersAsATable) {
  for (const std::string& chart : all_charts()) {
    EXPECT_EQ(first_html_problem(chart), "");
    EXPECT_EQ(count(chart, "role=\"img\""), 1u) << chart.substr(0, 200);
    const std::size_t from = chart.find("aria-labelledby=\"") + 17;
    const std::string id = chart.substr(from, chart.find("-t ", from) - from);
    EXPECT_THAT(chart, HasSubstr("aria-labelledby=\"" + id + "-t " + id + "-d\""));
    EXPECT_THAT(chart, HasSubstr("<title id=\"" + id + "-t\">"));
    EXPECT_THAT(chart, HasSubstr("<desc id=\"" + id + "-d\">"));
    EXPECT_THAT(chart, HasSubstr("<details class=\"data\"><summary>"));
    EXPECT_THAT(chart, HasSubstr("<th scope=\"col\">"));
    EXPECT_GE(count(chart, "<th scope=\"row\">"), 3u);
    EXPECT_THAT(chart, Not(HasSubstr("style=")));
    EXPECT_THAT(chart, Not(HasSubstr("nan")));
  }
}

TEST(Charts, EveryTextIsEscaped) {
  for (const std::string& chart : all_charts(kAttack)) {
    EXPECT_EQ(first_html_problem(chart), "");
    EXPECT_THAT(chart, Not(HasSubstr("<script")));
    EXPECT_THAT(chart, HasSubstr("&lt;script&gt;alert(&#39;1&#39;)"));
  }
  EXPECT_EQ(first_html_problem(tiles({{kAttack, kAttack, kAttack}})), "");
  EXPECT_THAT(tiles({{kAttack, kAttack, kAttack}}), Not(HasSubstr("<script")));
}

TEST(Charts, NothingIsDrawnWithoutNumbers) {
  EXPECT_EQ(forest({}), "");
  EXPECT_EQ(interval_over_time({}), "");
  EXPECT_EQ(bars({}), "");
  EXPECT_EQ(qini({}), "");
  EXPECT_EQ(retention({}), "");
  EXPECT_EQ(tiles({}), "");
}

TEST(Charts, CoordinatesAreTheSameEverywhere) {
  EXPECT_EQ(coordinate(12.0), "12");
  EXPECT_EQ(coordinate(-0.001), "0");
  EXPECT_EQ(coordinate(0.125), "0.13");
  EXPECT_EQ(coordinate(-1234.5), "-1234.5");
  EXPECT_EQ(coordinate(kNan), "0");
  EXPECT_EQ(percent_at(0.5), "50%");
  EXPECT_EQ(percent_at(-3.0), "0%");
  EXPECT_EQ(percent_at(kInfinity), "0%");
}

TEST(Charts, ScalesHoldZeroAndSurviveAnything) {
  const Scale scale = scale_with_zero({10.0, 50.0}, 0.1);
  EXPECT_DOUBLE_EQ(scale.from(), 0.0);
  EXPECT_DOUBLE_EQ(scale.to(), 55.0);
  for (const std::vector<double>& values :
       {std::vector<double>{}, {0.0}, {kNan}, {kInfinity, -kInfinity}, {1e300, -1e300}, {-5.0}}) {
    const Scale any = scale_with_zero(values, 0.1);
    EXPECT_TRUE(std::isfinite(any.share(0.0)));
    EXPECT_GE(any.share(0.0), 0.0);
    EXPECT_LE(any.share(0.0), 1.0);
  }
}

TEST(Charts, TicksAreRoundAndFew) {
  EXPECT_THAT(ticks({0.0, 59.0}, 5), ElementsAre(0.0, 20.0, 40.0));
  EXPECT_THAT(ticks({-47.0, 59.0}, 5), ElementsAre(-40.0, -20.0, 0.0, 20.0, 40.0));
  EXPECT_THAT(ticks({0.0, 0.26}, 4), ElementsAre(0.0, 0.1, 0.2));
  EXPECT_EQ(tick_digits({0.0, 0.05}), 2);
  EXPECT_EQ(tick_digits({0.0, 20.0}), 0);
  for (const double span : {1e-9, 0.3, 7.0, 12'345.0, 1e12}) {
    for (const double from : {0.0, -0.4 * span, -span}) {
      const auto found = ticks({from, from + span}, 5);
      EXPECT_GE(found.size(), 2u) << from << " + " << span;
      EXPECT_LE(found.size(), 5u);
    }
  }
}

// 40 of −50 to 50 is at nine tenths, and the line is where the interval is.
TEST(Charts, TheForestIsDrawnWhereTheNumbersAre) {
  Forest chart;
  chart.rows = {{.name = "a", .figure = "x", .estimate = 40, .low = -50, .high = 50}};
  const std::string drawn = forest(chart);
  const Scale scale = scale_with_zero({-50, 50}, 0.06);
  EXPECT_THAT(drawn, HasSubstr("x1=\"" + percent_at(scale.share(-50)) + "\" x2=\"" +
                               percent_at(scale.share(50)) + "\"/>"));
  EXPECT_THAT(drawn, HasSubstr("x=\"" + percent_at(scale.share(40)) + "\" y=\"0\"><circle"));
  EXPECT_THAT(drawn, HasSubstr("class=\"zero\" x1=\"50%\""));
  EXPECT_THAT(drawn, HasSubstr("hollow"));
}

TEST(Charts, AFarIntervalEndsInAnArrowAndStaysInTheTable) {
  const std::string drawn = forest(some_forest());
  EXPECT_EQ(count(drawn, "M-2 0L7-5V5Z"), 1u);
  EXPECT_EQ(count(drawn, "M2 0L-7-5V5Z"), 1u);
  EXPECT_EQ(count(drawn, "+31 (−400 to 462)"), 2u);
  EXPECT_EQ(count(drawn, "hidden: fewer than 50 visitors"), 2u);
  EXPECT_EQ(count(drawn, "class=\"whisker"), 5u);
}

// Where a line crosses the zero line's words at the left, they stand at the right.
TEST(Charts, TheWordsOfZeroStandClearOfTheLines) {
  IntervalOverTime chart;
  for (int day = 0; day <= 40; ++day) {
    const double low = day < 12 ? -3.0 : 10.0;
    chart.looks.push_back({static_cast<double>(day), "", "", 20.0, low, 40.0, "", false});
  }
  EXPECT_THAT(interval_over_time(chart), HasSubstr("text-anchor=\"end\">no effect"));
  for (Look& look : chart.looks) look.low = 10.0;
  EXPECT_THAT(interval_over_time(chart), HasSubstr("text-anchor=\"start\">no effect"));
  for (Look& look : chart.looks) look.low = -3.0;  // crossed everywhere: where they always stand
  EXPECT_THAT(interval_over_time(chart), HasSubstr("text-anchor=\"start\">no effect"));
}

TEST(Charts, AnIntervalThatGoesALittleFurtherThanTheOthersIsDrawnWhole) {
  Forest chart;
  for (const double high : {40.0, 45.0, 50.0, 55.0, 130.0}) {
    ForestRow row;
    row.name = "x";
    row.low = -10.0;
    row.high = high;
    chart.rows.push_back(row);
  }
  EXPECT_EQ(count(forest(chart), "M2 0L-7-5V5Z"), 0u) << "2.6 times the median";
  chart.rows.back().high = 200.0;
  EXPECT_EQ(count(forest(chart), "M2 0L-7-5V5Z"), 1u) << "4 times";
  chart.whole = true;
  EXPECT_EQ(count(forest(chart), "M2 0L-7-5V5Z"), 0u) << "value, cost and what is left";
}

TEST(Charts, ArmsDifferInShapeAndLinesInDash) {
  const std::string drawn = forest(some_forest());
  EXPECT_THAT(drawn, HasSubstr("<rect x=\"-4.5\""));
  EXPECT_THAT(drawn, HasSubstr("<path d=\"M0-6L6"));
  const std::string lines = retention(some_retention());
  EXPECT_THAT(lines, HasSubstr("line helps arm-0"));
  EXPECT_THAT(lines, HasSubstr("line plain arm-1"));
}

TEST(Charts, WhatIsProvisionalIsDashedAndJoinsUp) {
  IntervalOverTime chart;
  chart.looks = {{0, "a", "a", 2, 1, 3, "f", false},
                 {10, "b", "b", 2, 1, 3, "f", false},
                 {20, "c", "c", 2, 1, 3, "f", true}};
  const std::string drawn = interval_over_time(chart);
  EXPECT_EQ(count(drawn, "dashed"), 3u);
  EXPECT_THAT(drawn, HasSubstr("class=\"line open\" d=\"M0 "));
  EXPECT_THAT(drawn, HasSubstr("class=\"line open dashed\" d=\"M500 "));
  EXPECT_THAT(drawn, HasSubstr("f, provisional"));
}

TEST(Charts, OneLookIsAWhisker) {
  IntervalOverTime chart;
  chart.looks = {{5, "a", "a", 2, 1, 3, "f", false}};
  chart.from_day = 5;
  const std::string drawn = interval_over_time(chart);
  EXPECT_EQ(first_html_problem(drawn), "");
  EXPECT_THAT(drawn, Not(HasSubstr("class=\"band")));
  EXPECT_THAT(drawn, HasSubstr("class=\"edge open\""));
}

TEST(Charts, BarsStartAtZeroAlsoBelowIt) {
  Bars chart;
  chart.bars = {{.name = "a", .figure = "-10", .value = -10},
                {.name = "b", .figure = "30", .value = 30}};
  const std::string drawn = bars(chart);
  const Scale scale = scale_with_zero({-10, 30}, 0.02);
  EXPECT_THAT(drawn, HasSubstr("x=\"" + percent_at(scale.share(-10)) + "\" width=\"" +
                               percent_at(scale.share(0) - scale.share(-10)) + "\""));
  EXPECT_THAT(drawn, HasSubstr("x=\"" + percent_at(scale.share(0)) + "\" width=\"" +
                               percent_at(scale.share(30) - scale.share(0)) + "\""));
}

// A step holds until the next one; the band goes back the way it came.
TEST(Charts, RetentionStepsHoldUntilTheNext) {
  Retention chart;
  chart.arms = {
      {"a", {{0, 0, 0, 0, ""}, {5, 0.5, 0.5, 0.5, ""}, {10, 0.5, 0.5, 0.5, ""}}, Tone::kHelps}};
  const std::string drawn = retention(chart);
  EXPECT_THAT(drawn, HasSubstr("d=\"M0 220H500V16.3H1000V16.3\""));
}

// For looking at: TACT_REPORT_DIR=/tmp/x measure_test --gtest_filter=Charts.Demo
TEST(Charts, Demo) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><title>Charts</title><style>";
  page += page::page_style();
  page += charts::style_sheet();
  page += "</style></head><body><main>\n";
  page += "<section class=\"card\">" +
          tiles({{"because of it", "+41", "16 to 66 orders", Tone::kHelps},
                 {"would have come anyway", "371", "of 412 credited", Tone::kCredit},
                 {"value", "€2,870", "€1,120 to €4,620", Tone::kHelps}}) +
          "</section>";
  for (const std::string& chart : all_charts())
    page += "<section class=\"card\">" + chart + "</section>\n";
  page += "</main></body></html>";
  EXPECT_EQ(first_html_problem(page), "");
  if (const char* folder = std::getenv("TACT_REPORT_DIR")) {
    std::ofstream(std::string(folder) + "/charts.html") << page;
  }
}

}  // namespace
}  // namespace tact::internal::charts
