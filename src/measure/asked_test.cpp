// What visitors answered, by arm: in words, once its own window is over, in every rendering.
#include <gmock/gmock.h>

#include "measure/analyse_test_util.h"
#include "measure/report_html.h"
#include "measure/report_json.h"
#include "measure/report_text.h"

namespace tact {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Day kDay = 20'000;

Plan with_questions() {
  Plan plan = two_arms();
  plan.metrics[0].within = days(90);  // longer than the questions'
  Metric satisfaction;
  satisfaction.name = "satisfaction";
  satisfaction.kind = MetricKind::kRatio;
  satisfaction.second = SecondIs::kDenominator;
  satisfaction.asked = Asked::kScore;
  satisfaction.digits = 3;
  satisfaction.within = days(30);
  Metric recall = satisfaction;
  recall.name = "remembered";
  recall.asked = Asked::kShare;
  recall.digits = 0;
  plan.metrics.push_back(satisfaction);
  plan.metrics.push_back(recall);
  return plan;
}

// Every fourth of 1,200 visitors an arm is asked; scores are around `score`, so many in ten
// remember.
void add_arm(UnitList& units, std::uint32_t arm, int score, int remember) {
  for (int i = 0; i < 1'200; ++i) {
    UnitFacts& unit = units.add(arm, kDay + i % 10, i % 11 == 0 ? 1 : 0);
    unit.metrics[1].observed = unit.metrics[2].observed = i % 4 == 0;
    if (i % 4 != 0) continue;
    unit.metrics[1].value = score * 1'000 + (i % 8 == 0 ? 500 : -500);
    unit.metrics[2].value = i / 4 % 10 < remember ? 1 : 0;
    unit.metrics[1].second = unit.metrics[2].second = 1;
  }
}

struct Rendered {
  std::string text, html, json;
};
Rendered render(const Findings& findings) {
  Reports reports;
  reports.moments.push_back(findings);
  return {to_text(reports, {}), to_html(reports), to_string(json::value(to_json(reports)))};
}

TEST(Asked, SpeaksInWordsWhenItsOwnWindowIsOver) {
  const Plan plan = with_questions();
  UnitList units(plan);
  add_arm(units, 0, 7, 3);
  add_arm(units, 1, 8, 6);
  const Findings findings = found(plan, units, kDay + 42);
  ASSERT_EQ(findings.verdict, Verdict::kNotEnoughData) << "the goal's own window is open";
  const Rendered rendered = render(findings);
  for (const std::string& shown : {rendered.text, rendered.html}) {
    EXPECT_THAT(shown, HasSubstr("Satisfaction is higher with it: +1."));
    EXPECT_THAT(shown, HasSubstr("More remembered with it: +30 ("));
    EXPECT_THAT(shown, HasSubstr("60.0\u00a0%"));
    EXPECT_THAT(shown, HasSubstr("30.0\u00a0%"));
    EXPECT_THAT(shown, HasSubstr("8.00"));
  }
  EXPECT_THAT(rendered.html, HasSubstr("What do they say?"));
  EXPECT_THAT(rendered.text, HasSubstr("treatment 8.00 from 300 answers; control 7.00 from 300"));
  EXPECT_THAT(rendered.json, HasSubstr("whether an arm answers more readily is not corrected for"));
}

// Swapping the arms turns the words, too.
TEST(Asked, SaysLowerFewerAndNoSign) {
  const Plan plan = with_questions();
  UnitList worse(plan), same(plan);
  add_arm(worse, 0, 8, 6);
  add_arm(worse, 1, 7, 3);
  add_arm(same, 0, 8, 6);
  add_arm(same, 1, 8, 6);
  const std::string lower = render(found(plan, worse, kDay + 42)).text;
  EXPECT_THAT(lower, HasSubstr("Satisfaction is lower with it: −1."));
  EXPECT_THAT(lower, HasSubstr("Fewer remembered with it: −30 ("));
  const std::string neither = render(found(plan, same, kDay + 42)).text;
  EXPECT_THAT(neither, HasSubstr("No sign that satisfaction differs with it: 0."));
  EXPECT_THAT(neither, HasSubstr("No sign that more or fewer remembered with it: 0 ("));
}

TEST(Asked, SaysNoRateBeforeItsGateAndNothingWhereNobodyWasAsked) {
  const Plan plan = with_questions();
  UnitList few(plan), none(plan);
  add_arm(few, 0, 7, 1);  // 30 remembered
  add_arm(few, 1, 8, 9);
  for (std::uint32_t arm : {0u, 1u}) {
    for (int i = 0; i < 600; ++i) none.add(arm, kDay, 1).metrics[1].observed = false;
  }
  for (UnitFacts& unit : none.units()) unit.metrics[2].observed = false;
  const std::string thin = render(found(plan, few, kDay + 42)).text;
  EXPECT_THAT(thin, HasSubstr("Remembered: not enough answers yet."));
  EXPECT_THAT(thin, HasSubstr("treatment from 300 answers; control from 300 answers."));
  EXPECT_THAT(thin, Not(HasSubstr("90.0")));
  const Rendered silent = render(found(plan, none, kDay + 42));
  EXPECT_THAT(silent.html, Not(HasSubstr("What do they say?")));
  EXPECT_THAT(silent.text, Not(HasSubstr("answers")));
  const std::string young = render(found(plan, few, kDay + 30)).text;
  EXPECT_THAT(young, HasSubstr("Satisfaction: too few answers, or too young, to be shown yet."));
  EXPECT_THAT(young, Not(HasSubstr("from 300"))) << "its window is still open";
}

TEST(Asked, NamesEachOfSeveralArms) {
  Plan plan = with_questions();
  plan.arms.push_back({"warm", 1.0});
  UnitList units(plan);
  add_arm(units, 0, 7, 5);
  add_arm(units, 1, 7, 5);
  add_arm(units, 2, 9, 8);
  const std::string html = render(found(plan, units, kDay + 42)).html;
  EXPECT_THAT(html, HasSubstr("No sign that satisfaction differs with treatment: 0."));
  EXPECT_THAT(html, HasSubstr("Satisfaction is higher with warm: +2."));
  EXPECT_THAT(html, HasSubstr("More remembered with warm: +30 ("));
}

}  // namespace
}  // namespace tact
