// What every report watches, whatever its author names.
#include "measure/internal/moment_guards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "measure/internal/moment.h"
#include "measure/report_html.h"
#include "measure/report_json.h"
#include "measure/report_test_util.h"
#include "measure/report_text.h"
#include "stats/non_inferiority.h"

namespace tact {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kMonthOver = 31, kHalfYearOver = 181;

Experiment hold_back() {
  Experiment experiment;
  experiment.moment = "fit-help";
  experiment.goals.resize(2);
  experiment.goals[0].key = 1;
  experiment.goals[0].goal.id = "orders";
  experiment.goals[1].key = 2;
  experiment.goals[1].goal.id = "returns";
  experiment.goals[1].goal.seen.name = "Order Returned";
  return experiment;
}

Experiment tone() {
  Experiment experiment = hold_back();
  experiment.name = "tone";
  experiment.arms = {{"plain", Arm::Kind::kMoment, {500'000}},
                     {"warm", Arm::Kind::kMoment, {500'000}}};
  experiment.all_arms_show = true;
  return experiment;
}

std::vector<std::string> watched(const Experiment& experiment) {
  std::vector<std::string> says;
  const Plan plan = internal::plan_of(experiment, {100'000}, {});
  EXPECT_TRUE(check_plan(plan).has_value());
  for (const Metric& metric : plan.metrics) {
    if (metric.standing) says.push_back(metric.says);
  }
  return says;
}

TEST(Guards, MessagesAreIgnoredOnlyWhereEveryArmShowsOne) {
  const auto of_all =
      ElementsAre("unsubscribed", "complained", "returned something", "were refunded");
  EXPECT_THAT(watched(hold_back()), of_all);
  Experiment universal = hold_back();
  universal.moment = "";
  EXPECT_THAT(watched(universal), of_all);
  Experiment experiment = tone();
  EXPECT_THAT(watched(experiment),
              ElementsAre("unsubscribed", "complained", "returned something", "were refunded",
                          "ignored a message", "dismissed a message"));
  experiment.all_arms_show = false;  // an arm of the default, or that shows later
  EXPECT_THAT(watched(experiment), of_all);
}

TEST(Guards, WhatTheAuthorsOwnCountsIsNotCountedTwice) {
  Experiment experiment = hold_back();
  experiment.not_at_the_cost_of = {true, 1};
  EXPECT_THAT(watched(experiment), ElementsAre("unsubscribed", "complained", "were refunded"));
  experiment.goals[1].goal.seen.kind = Seen::Kind::kPage;  // a page that is called so
  EXPECT_EQ(watched(experiment).size(), 4u);
}

TEST(Guards, ARowTellsWhoDidAndNotHowOften) {
  const Experiment experiment = tone();
  const Plan plan = internal::plan_of(experiment, {}, {});
  Exposure row;
  row.at = World::kNow - days(10);
  row.is_arm = true;
  row.variant = "warm";
  UnitFacts facts;
  facts.resize_for(plan);
  const auto did = [&] {  // of the plan's: which are 1, and "-" for who does not count
    EXPECT_TRUE(fill_stored(row, experiment, plan, World::kNow, facts));
    std::string text;
    for (std::size_t m = 0; m < plan.metrics.size(); ++m) {
      if (!plan.metrics[m].standing) continue;
      text += facts.metrics[m].observed ? std::to_string(facts.metrics[m].value) : "-";
    }
    return text;
  };
  EXPECT_EQ(did(), "000000");
  std::string expected = "100000";
  for (std::uint32_t FollowUp::* count :
       {&FollowUp::unsubscribes, &FollowUp::complaints, &FollowUp::returns, &FollowUp::refunds,
        &FollowUp::ignored, &FollowUp::dismissed}) {
    row.follow_up = {};
    row.follow_up.*count = 3;
    EXPECT_EQ(did(), expected);
    expected = "0" + expected.substr(0, 5);
  }
  row.follow_up = {};
  EXPECT_EQ(did(), "000000");
}

// A row holds how often, of the month or the half year it follows, and not when.
TEST(Guards, SpeakWhenWhatARowFollowsIsOver) {
  const Plan plan = internal::plan_of(tone(), {}, {});
  for (const Metric& metric : plan.metrics) {
    if (!metric.standing) continue;
    const bool of_orders = metric.says == "returned something" || metric.says == "were refunded";
    EXPECT_EQ(metric.within, days(of_orders ? 180 : 30)) << metric.name;
    EXPECT_EQ(metric.kind, MetricKind::kProportion);
    EXPECT_FALSE(metric.more);
  }
}

FollowUp unsubscribed() {
  FollowUp after;
  after.unsubscribes = 1;
  return after;
}

// Helps, and so many of each arm unsubscribe.
void add_helping(World& world, int shown, int held_back, int days_ago = kMonthOver) {
  world.add({.visitors = 9'000,
             .reached = 900,
             .treated = true,
             .days_ago = days_ago,
             .followed = shown,
             .after = unsubscribed()});
  world.add({.visitors = 1'000,
             .reached = 60,
             .treated = false,
             .days_ago = days_ago,
             .followed = held_back,
             .after = unsubscribed()});
}

const MetricFinding& finding(const Findings& report, const std::string& says) {
  const auto found =
      std::find_if(report.metrics.begin(), report.metrics.end(), [&](const MetricFinding& one) {
        return report.metric(one).standing && report.metric(one).says == says;
      });
  EXPECT_NE(found, report.metrics.end()) << says;
  return *found;
}

Reports alone(Findings report) {
  Reports reports;
  reports.as_of = World::kNow;
  reports.moments.push_back(std::move(report));
  return reports;
}

int times(const std::string& text, const std::string& what) {
  int n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

TEST(Guards, WhoIsShownToUnsubscribeMoreIsInTheVerdict) {
  World world;
  add_helping(world, 2'000, 60);
  const Findings report = world.report();
  EXPECT_EQ(report.verdict, Verdict::kAtACost);
  EXPECT_EQ(report.says,
            "It helps, but at a cost: about 40 more orders per 1,000 visitors who want to be sure "
            "about the size, at the price of 162 more visitors who unsubscribed.");
  EXPECT_THAT(report.guardrails_says,
              HasSubstr("Not at the cost of more visitors who unsubscribed: worse by more than "
                        "10\u00a0%."));
  const json::object text = to_json(report);
  EXPECT_EQ(text.at("not_at_the_cost_of").at("goal").as_string(), "returns") << "the author's";
  const json::array& guardrails = text.at("guardrails").as_array();
  ASSERT_EQ(guardrails.size(), 4u) << "refunds are the author's";
  EXPECT_FALSE(guardrails[0].at("standing").as_bool());
  EXPECT_TRUE(guardrails[1].at("standing").as_bool());
  EXPECT_EQ(guardrails[1].at("not_at_the_cost_of").as_string(), "more visitors who unsubscribed");
  EXPECT_EQ(guardrails[1].at("verdict").as_string(), "worse");
  EXPECT_EQ(guardrails[1].at("margin").as_double(), 0.1);
  EXPECT_EQ(guardrails[2].at("verdict").as_string(), "cannot tell yet");
}

TEST(Guards, AsManyAreNotWorseAndOneSentenceTellsOfAll) {
  World world;
  world.playbook().moments[0].hold_back = {500'000};
  world.playbook().moments[0].not_at_the_cost_of = {};
  world.relearn();
  for (const bool treated : {true, false}) {
    FollowUp after = unsubscribed();
    after.complaints = 2;
    world.add({.visitors = 20'000,
               .reached = treated ? 2'400 : 2'000,
               .treated = treated,
               .days_ago = kMonthOver,
               .followed = 8'000,
               .after = after});
  }
  const Findings report = world.report();
  EXPECT_EQ(report.verdict, Verdict::kHelps);
  EXPECT_EQ(report.guardrails_says,
            "Not at the cost of more visitors who unsubscribed or complained: not worse by "
            "10\u00a0%.");
  EXPECT_TRUE(to_json(report).at("not_at_the_cost_of").is_null());
}

// The common case must not be noise.
TEST(Guards, BehindTheirGateAreOneShortLine) {
  World world;
  world.playbook().moments[0].not_at_the_cost_of = {};
  world.relearn();
  add_helping(world, 900, 49);
  const Findings report = world.report();
  EXPECT_EQ(report.verdict, Verdict::kHelps);
  EXPECT_EQ(report.guardrails_says, "");
  EXPECT_TRUE(finding(report, "unsubscribed").against.empty());
  const std::string line =
      "more visitors who unsubscribed, complained, returned something or were refunded: not enough "
      "data yet.";
  std::string text = to_text(alone(report));
  EXPECT_EQ(times(text, "not at the cost of"), 1) << text;
  EXPECT_EQ(times(text, "unsubscribed"), 1) << text;
  const std::string html = to_html(alone(report));
  EXPECT_EQ(times(html, "Not at the cost of " + line), 1);
  EXPECT_EQ(times(html, "cannot tell yet"), 0);
  const json::object out = to_json(report);
  for (const json::value& guardrail : out.at("guardrails").as_array()) {
    EXPECT_EQ(guardrail.at("verdict").as_string(), "cannot tell yet");
  }
}

TEST(Guards, OneMoreOpensTheGateAndYoungVisitorsDoNot) {
  World world;
  add_helping(world, 900, 49);
  world.add(
      {.visitors = 10, .treated = false, .days_ago = 30, .followed = 10, .after = unsubscribed()});
  EXPECT_TRUE(finding(world.report(), "unsubscribed").against.empty());
  world.add({.visitors = 10,
             .treated = false,
             .days_ago = kMonthOver,
             .followed = 1,
             .after = unsubscribed()});
  const Findings report = world.report();
  const MetricFinding& found = finding(report, "unsubscribed");
  ASSERT_EQ(found.against.size(), 1u);
  EXPECT_EQ(found.arms[0].reached, 50);
  EXPECT_EQ(found.arms[0].units, 1'010);
}

TEST(Guards, ReturnsAndRefundsAreOutcomesOfTheirOwn) {
  World world;
  world.playbook().moments[0].not_at_the_cost_of = {};
  world.relearn();
  FollowUp returned, refunded;
  returned.returns = 2;
  refunded.refunds = 1;
  refunded.refund_minor = 4'000;
  for (const auto& [treated, visitors] : {std::pair{true, 9'000}, {false, 1'000}}) {
    world.add({.visitors = visitors / 2,
               .treated = treated,
               .days_ago = kHalfYearOver,
               .followed = 200,
               .after = returned});
    world.add({.visitors = visitors / 2,
               .treated = treated,
               .days_ago = kHalfYearOver,
               .followed = 100,
               .after = refunded});
  }
  const Findings report = world.report();
  EXPECT_EQ(finding(report, "returned something").arms[1].reached, 200);
  EXPECT_EQ(finding(report, "returned something").arms[1].total, 200.0);
  EXPECT_EQ(finding(report, "were refunded").arms[0].reached, 100);
  EXPECT_EQ(finding(report, "were refunded").against.size(), 1u);
}

// A report that watches several must not err more often than one that watches one.
TEST(Guards, ShareOneLevel) {
  const auto check = [](int treated, double alpha) {
    stats::Guardrail rail;
    rail.margin = 0.1;
    rail.relative = true;
    rail.more_is_better = false;
    rail.alpha = alpha;
    const auto arm = [](double n, double k) {
      return *stats::summarize({static_cast<std::int64_t>(n), k, k, static_cast<std::int64_t>(k)},
                               stats::OutcomeKind::kProportion);
    };
    return stats::check_non_inferiority(arm(9'000, treated), arm(1'000, 100), rail)
        ->at_every_look.verdict;
  };
  int treated = 900;
  while (check(treated, 0.05) != stats::GuardrailVerdict::kWorse) ++treated;
  ASSERT_EQ(check(treated, 0.05 / 3), stats::GuardrailVerdict::kCannotTell);
  int surely = treated;
  while (check(surely, 0.05 / 3) != stats::GuardrailVerdict::kWorse) ++surely;
  for (const int shown : {treated, surely - 1, surely}) {
    World world;  // the author's guardrail leaves three
    add_helping(world, shown, 100);
    EXPECT_EQ(world.report().verdict, shown < surely ? Verdict::kHelps : Verdict::kAtACost);
  }
}

// They are in the universal report, too, and do not open it.
TEST(Guards, AreInTheReportOfEverythingTogether) {
  World world;
  FollowUp after = unsubscribed();
  world.add({.visitors = 9'500,
             .reached = 40,
             .treated = true,
             .days_ago = kMonthOver,
             .followed = 3'000,
             .after = after},
            "");
  world.add({.visitors = 500,
             .reached = 4,
             .treated = false,
             .days_ago = kMonthOver,
             .followed = 60,
             .after = after},
            "");
  const Findings report = world.report("");
  EXPECT_EQ(report.verdict, Verdict::kNotEnoughData);
  EXPECT_THAT(report.guardrails_says, HasSubstr("visitors who unsubscribed: worse by more than"));
  EXPECT_THAT(report.guardrails_says, Not(HasSubstr("ignored")));
}

}  // namespace
}  // namespace tact
