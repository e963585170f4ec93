// The page of the HTML report: read in the right order, sound, escaped, silent about what may not
// be said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "measure/html_test_util.h"
#include "measure/internal/page/amounts.h"
#include "measure/internal/page/page.h"
#include "measure/internal/page/style.h"
#include "measure/page_test_util.h"

namespace tact::internal::page {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> all_after(const std::string& html, const std::string& start, char end) {
  std::vector<std::string> found;
  for (std::size_t at = html.find(start); at != std::string::npos; at = html.find(start, at + 1)) {
    const std::size_t from = at + start.size();
    found.push_back(html.substr(from, html.find(end, from) - from));
  }
  return found;
}

std::string body_of(const Page& page) {
  const std::string html = document(page);
  EXPECT_EQ(first_html_problem(html), "");
  return html.substr(html.find("</style>"));
}

std::string alone(const Findings& findings) {
  Page page;
  page.about = "Northfold Outdoor";
  page.reports = {&findings};
  page.data_hash = findings.data_hash;
  return body_of(page);
}

TEST(Page, IsReadInTheOrderOfTheDesign) {
  const std::string html = alone(full_findings());
  std::vector<std::size_t> at;
  for (const char* part :
       {"It helps: about 31 more orders", "The hypothesis held", "How large is the effect",
        "What would have come anyway?", "Is it worth its cost?", "For whom?",
        "Who can be persuaded?", "Does it last?", "What is it worth in the long run?",
        "At what cost?", "Can the numbers be trusted?", "How was it measured?", "b2:7a41"}) {
    ASSERT_NE(html.find(part), std::string::npos) << part;
    at.push_back(html.find(part));
  }
  EXPECT_TRUE(std::is_sorted(at.begin(), at.end()));
}

TEST(Page, TagsWhatIsForOneLook) {
  const std::string html = alone(full_findings());
  const std::string tag = " <span class=\"tag plain\">at one look</span></h3>";
  for (const char* question :
       {"Who can be persuaded?", "Does it last?", "What is it worth in the long run?"}) {
    EXPECT_THAT(html, HasSubstr(question + tag));
  }
  EXPECT_THAT(html, Not(HasSubstr("Is it worth its cost?" + tag)));
  EXPECT_THAT(html, Not(HasSubstr("how sure is it?" + tag)));
}

TEST(Page, EveryChartIsToldInWordsAndInATable) {
  const std::string html = alone(full_findings());
  const auto names = all_after(html, "aria-labelledby=\"r1-", '"');
  const std::size_t charts = all_after(html, "role=\"img\"", '>').size();
  EXPECT_EQ(charts, 9u);  // over time, credit, strata, return, two segments, Qini, retention, year
  EXPECT_EQ(all_after(html, "<details class=\"data\">", '\n').size(), charts);
  const auto listed = all_after(html, " id=\"", '"');
  const std::set<std::string> ids(listed.begin(), listed.end());
  EXPECT_EQ(ids.size(), listed.size()) << "an id twice";
  for (const std::string& pair : names) {
    if (pair == "h") continue;  // the card itself
    const std::size_t space = pair.find(' ');
    EXPECT_TRUE(ids.contains("r1-" + pair.substr(0, space))) << pair;
    EXPECT_TRUE(ids.contains(pair.substr(space + 1))) << pair;
  }
  for (const std::string& text : all_after(html, "-d\">", '<')) EXPECT_GT(text.size(), 20u);
}

TEST(Page, LoadsNothingAndRunsNothing) {
  const Findings full = full_findings(), arms = arms_findings();
  Page page;
  page.reports = {&full, &arms};
  const std::string html = document(page);
  for (const char* word : {"<script", "http:", "https:", "src=", "url(", "@import",
                           "style=", "onload", "javascript"}) {
    EXPECT_EQ(html.find(word), std::string::npos) << word;
  }
  EXPECT_THAT(html, HasSubstr("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"));
  EXPECT_THAT(html, HasSubstr("prefers-color-scheme:dark"));
  EXPECT_THAT(html, HasSubstr("@media print"));
}

TEST(Page, SaysItsFiguresWithTheirUncertainty) {
  const std::string html = alone(full_findings());
  EXPECT_THAT(html,
              HasSubstr("<dt>orders per 1,000 visitors</dt><dd><b>+31</b> <span>12 to 50</span>"));
  EXPECT_THAT(html, HasSubstr("would have come anyway"));
  EXPECT_THAT(html, HasSubstr("357 (138 to 575)"));
  EXPECT_THAT(html, HasSubstr("55 (−163 to 274)"));
  EXPECT_THAT(html, HasSubstr("+€0.82 (€0.10 to €1.54)"));
  EXPECT_THAT(html, HasSubstr("<b>+€9,430</b> <span>€1,150 to €17,710</span>"));
  EXPECT_THAT(html, HasSubstr("+42 (18 to 66)"));
}

TEST(Page, HiddenCellsAreNamedAsHidden) {
  const std::string html = alone(full_findings());
  EXPECT_THAT(html, HasSubstr("tablet"));
  EXPECT_THAT(html, HasSubstr("hidden: small cells"));
  EXPECT_THAT(html, HasSubstr("96 visitors are in none of the segments shown"));
  EXPECT_THAT(html, HasSubstr("not enough data yet"));  // returning visitors
}

// Sixteen languages of which one is shown: a row for the one, a line for the others.
TEST(Page, ManyHiddenCellsAreALineAndNotRows) {
  Findings findings = full_findings();
  SegmentFinding& segment = findings.segments[0];
  for (const char* name : {"sofa", "watch", "fridge"}) {
    segment.cells.push_back({name, true, {}, false, {std::nullopt}});
    findings.plan.dimensions[segment.dimension].cells.emplace_back(name);
  }
  const std::string html = alone(findings);
  EXPECT_THAT(html, HasSubstr("Hidden to protect small cells: "));
  EXPECT_THAT(html, HasSubstr("sofa, watch, fridge."));
  EXPECT_THAT(html, Not(HasSubstr("hidden: small cells")));
  EXPECT_THAT(html, HasSubstr("r1-by-0-t"));
}

// With more arms than a headline holds it says how many, and the list does not say names twice.
TEST(Page, TheHeadlineOfManyArmsIsOfAllThatShareTheVerdict) {
  Findings findings = arms_findings();
  findings.plan.arms.push_back({"third", 1.0});
  findings.exposed.push_back(1);
  findings.crossovers.push_back(0);
  findings.verdicts = {{1, Verdict::kHelps, "Mens E-Mail helps: about 77 more."},
                       {2, Verdict::kHelps, "Womens E-Mail helps: about 45 more."},
                       {3, Verdict::kNotClear, "third: not clear yet: anything."}};
  for (MetricFinding& metric : findings.metrics) metric.arms.push_back(metric.arms.back());
  for (SegmentCell& cell : findings.segments[0].cells) cell.difference.emplace_back();
  const std::string two = alone(findings);
  EXPECT_THAT(two, HasSubstr("<p class=\"verdict\">2 of 3 arms help.</p>"));
  EXPECT_THAT(two, HasSubstr("<span class=\"why\">Helps: about 45 more.</span>"));
  EXPECT_THAT(two, HasSubstr("<span class=\"why\">Not clear yet: anything.</span>"));
  findings.verdicts[1].verdict = Verdict::kAtACost;
  EXPECT_THAT(alone(findings), HasSubstr("<p class=\"verdict\">Mens E-Mail helps: about 77 more."));
  findings.verdict = Verdict::kNotClear;
  for (ArmVerdict& arm : findings.verdicts) arm.verdict = Verdict::kNotClear;
  EXPECT_THAT(alone(findings), HasSubstr("<p class=\"verdict\">All 3 arms are not clear yet.</p>"));
}

TEST(Page, WhatNobodyWasCountedForIsALineAndNoTable) {
  Findings findings = full_findings();
  ASSERT_GT(findings.metrics.size(), 1u);
  MetricFinding& last = findings.metrics.back();
  last.against.clear();
  for (ArmCounts& arm : last.arms) arm = {};
  const std::string name = goal_name(findings.metric(last).name);
  const std::string html = alone(findings);
  EXPECT_THAT(html, HasSubstr("Nothing to count yet for " + name + "."));
  EXPECT_THAT(html, Not(HasSubstr("<caption>" + name)));
}

// A chart of nothing but hidden cells would say nothing: their names do.
TEST(Page, ADimensionOfHiddenCellsIsNamedAndNotDrawn) {
  Findings findings = full_findings();
  for (SegmentCell& cell : findings.segments[0].cells) {
    cell.withheld = true;
    cell.difference = {std::nullopt};
  }
  const std::string html = alone(findings);
  EXPECT_THAT(html, HasSubstr("Hidden to protect small cells: phone, desktop, tablet."));
  EXPECT_THAT(html, Not(HasSubstr("r1-by-0-t")));
  EXPECT_THAT(html, HasSubstr("r1-by-1-t"));
}

TEST(Page, WithoutACostNoneIsDrawn) {
  Findings findings = full_findings();
  EXPECT_THAT(alone(findings), HasSubstr("title=\"cost\""));
  findings.returns[0].cost = {};
  EXPECT_THAT(alone(findings), Not(HasSubstr("title=\"cost\"")));
  EXPECT_THAT(alone(findings), HasSubstr("No cost is known"));
}

// Without comparisons there is nothing but counts and words: no mean, no difference, no interval.
TEST(Page, AClosedGateLetsNothingOut) {
  for (const Findings& findings : {waiting_findings(), broken_findings()}) {
    const std::string html = alone(findings);
    for (const char* word : {"per 1,000 visitors, may be read", "<b>", "+31", "121.0", "90.1",
                             "p =", "because of it", "For whom?", "Is it worth", ">relative"}) {
      EXPECT_EQ(html.find(word), std::string::npos) << findings.plan.name << ": " << word;
    }
    EXPECT_THAT(all_after(html, "data-of=\"each\">", '<'), IsEmpty());
  }
  EXPECT_THAT(alone(waiting_findings()), HasSubstr("9 of 50"));
  EXPECT_THAT(alone(waiting_findings()), HasSubstr("Expected on 6 Dec 2025."));
  EXPECT_THAT(alone(broken_findings()), HasSubstr("not by chance: nothing is compared"));
  EXPECT_THAT(alone(broken_findings()), Not(HasSubstr("<svg")));
}

TEST(Page, WhatThereIsNoDataForIsAbsent) {
  const std::string html = alone(moment_findings("plain", {0.031, 0.012, 0.050}, Verdict::kHelps));
  for (const char* part : {"What would have come anyway?", "Is it worth its cost?", "For whom?",
                           "Who can be persuaded?", "Does it last?", "may be read on any day"}) {
    EXPECT_EQ(html.find(part), std::string::npos) << part;
  }
  EXPECT_THAT(html, HasSubstr("How large is the effect"));
}

TEST(Page, SeveralReportsHaveAnIndexFirst) {
  const Findings full = full_findings(), waiting = waiting_findings(), broken = broken_findings();
  Page page;
  page.lead = "Of 3 moments, 1 helps.";
  page.reports = {&full, &waiting, &broken};
  page.waiting = {{"kit", "Nobody has met it yet."}};
  const std::string html = body_of(page);
  EXPECT_LT(html.find("Of 3 moments, 1 helps."), html.find("id=\"all-t\""));
  EXPECT_LT(html.find("Nobody has met it yet."), html.find("How large is the effect"));
  const auto ids = all_after(html, " id=\"", '"');
  const auto links = all_after(html, "href=\"", '"');
  EXPECT_THAT(links, ElementsAre("#r1", "#r2", "#r3", "#top", "#top", "#top"));
  for (const std::string& link : links) {
    EXPECT_EQ(std::count(ids.begin(), ids.end(), link.substr(1)), 1) << link;
  }
  EXPECT_THAT(alone(full), Not(HasSubstr("href=")));
}

TEST(Page, SeveralArmsAreToldApartByNameAndShape) {
  const std::string html = alone(arms_findings());
  EXPECT_THAT(html, HasSubstr("more or fewer than No E-Mail"));
  EXPECT_THAT(html, HasSubstr("<rect x=\"-4.5\""));  // the second arm's square
  EXPECT_THAT(html, HasSubstr("Mens E-Mail: visit per 1,000 customers, may be read on any day"));
  EXPECT_THAT(html, HasSubstr("Womens E-Mail: visit per 1,000 customers, may be read on any day"));
  EXPECT_THAT(html, HasSubstr("everybody, Womens E-Mail"));
}

TEST(Page, EveryTextIsEscaped) {
  const std::string attack = "\"><script>alert('1')</script>&";
  Findings findings = full_findings();
  for (std::string* text : {&findings.plan.name,
                            &findings.plan.unit,
                            &findings.plan.currency,
                            &findings.says,
                            &findings.hypothesis_says,
                            &findings.credited_says,
                            &findings.guardrails_says,
                            &findings.note,
                            &findings.hypothesis.because,
                            &findings.data_hash,
                            &findings.credit.says,
                            &findings.credit.strata[0].name,
                            &findings.returns[0].says,
                            &findings.uplift[0].says,
                            &findings.uplift[0].learner,
                            &findings.novelty[0].says,
                            &findings.curves[0].says,
                            &findings.plan.curves[0].name,
                            &findings.segments[0].says,
                            &findings.segments[0].cells[0].name,
                            &findings.plan.dimensions[0].name,
                            &findings.metrics[0].against[0].adjusted->covariate,
                            &findings.metrics[0].against[0].adjusted->says,
                            &findings.method[0]}) {
    *text += attack;
  }
  for (ArmPlan& arm : findings.plan.arms) arm.name += attack;
  for (Metric& metric : findings.plan.metrics) metric.name += attack;
  Page page;
  page.about = page.lead = page.as_of = page.data_hash = attack;
  page.notes = {attack};
  page.reports = {&findings, &findings};
  page.waiting = {{attack, attack}};
  const std::string html = body_of(page);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(&#39;1&#39;)"));
}

TEST(Page, AmountsAreWrittenWithTheirUnit) {
  Plan plan;
  Metric orders = page_metric("free_trials", MetricRole::kPrimary);
  const Amounts count(plan, orders);
  EXPECT_EQ(count.name(), "free trials");
  EXPECT_EQ(count.per(), "per 1,000 visitors");
  EXPECT_EQ(count.interval({0.031, 0.012, 0.05}), "+31 (12 to 50)");
  EXPECT_EQ(count.interval({0.00031, 0.00012, 0.0005}), "+0.31 (0.12 to 0.50)");
  EXPECT_EQ(count.total({357, 138, 575}), "+357 (138 to 575)");
  orders.money = true;
  const Amounts money(plan, orders);
  EXPECT_EQ(money.per(), "per visitor");
  EXPECT_EQ(money.interval({-0.5, -1.25, 0.25}), "−€0.50 (−€1.25 to €0.25)");
  EXPECT_EQ(money.sum(12'345.6), "€12,346");
  EXPECT_EQ(money.level(7.031), "€7.03");
  orders.money = false;
  orders.kind = MetricKind::kRatio;
  EXPECT_EQ(Amounts(plan, orders).per(), "");
  EXPECT_EQ(Amounts(plan, orders).interval({0.2, 0.1, 0.3}), "+0.20 (0.10 to 0.30)");
  EXPECT_EQ(split("+31 (12 to 50)").estimate, "+31");
  EXPECT_EQ(split("+31 (12 to 50)").interval, "12 to 50");
  EXPECT_EQ(split("the data do not bound it").interval, "");
}

// --- contrast of the tokens (WCAG 2.1, 1.4.3 and 1.4.11) ---

double channel(const std::string& hex, std::size_t at) {
  const double value = std::stoi(hex.substr(at, 2), nullptr, 16) / 255.0;
  return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(std::string hex) {  // "1d2327" or "fff"
  if (hex.size() == 3) hex = {hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]};
  return 0.2126 * channel(hex, 0) + 0.7152 * channel(hex, 2) + 0.0722 * channel(hex, 4);
}

double contrast(const std::string& a, const std::string& b) {
  const auto [low, high] = std::minmax({luminance(a), luminance(b)});
  return (high + 0.05) / (low + 0.05);
}

TEST(Page, WordsAndMarksStandOutInBothThemes) {
  const std::string css(page_style());
  const std::size_t dark = css.find("prefers-color-scheme:dark");
  ASSERT_NE(dark, std::string::npos);
  for (const std::string& theme : {css.substr(0, dark), css.substr(dark)}) {
    const auto token = [&](const std::string& name) {
      const std::size_t at = theme.find("--" + name + ":#") + name.size() + 4;
      return theme.substr(at, theme.find_first_of(";}", at) - at);
    };
    for (const char* words : {"ink", "soft"}) {
      for (const char* ground : {"card", "paper", "rail", "calm-2", "info-2", "stop-2", "held-2"}) {
        EXPECT_GE(contrast(token(words), token(ground)), 4.5) << words << " on " << ground;
      }
    }
    for (const std::string mark : {"calm", "stop", "info", "held"}) {
      EXPECT_GE(contrast(token(mark), token(mark + "-2")), 4.5) << mark;
      EXPECT_GE(contrast(token(mark), token("card")), 3.0) << mark;
    }
    EXPECT_GE(contrast(token("mark"), token("card")), 3.0);
  }
  EXPECT_NEAR(contrast("000", "fff"), 21.0, 1e-9);
}

}  // namespace
}  // namespace tact::internal::page
