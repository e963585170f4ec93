// Hesitation that returned, by arm: in words, of those who hesitated and nobody else, never of
// fewer than 50 of them, in every rendering.
#include <gmock/gmock.h>

#include "base/rng.h"
#include "measure/analyse_test_util.h"
#include "measure/cut.h"
#include "measure/report_html.h"
#include "measure/report_json.h"
#include "measure/report_text.h"

namespace tact {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Day kDay = 20'000;
constexpr std::size_t kAgain = 1;

Plan with_again() {
  Plan plan = two_arms();
  Metric again;
  again.name = "hesitated again";
  again.of_whom = "hesitated";
  again.kind = MetricKind::kProportion;
  again.more = false;
  again.within = days(30);
  plan.metrics.push_back(again);
  return plan;
}

// On ten days, `visitors` in all: every second one hesitates, of these `again` of 20 do so again.
void add_arm(UnitList& units, std::uint32_t arm, int visitors, int again) {
  for (int i = 0; i < visitors; ++i) {
    UnitFacts& unit = units.add(arm, kDay + i % 10, i % 11 == 0 ? 1 : 0);
    unit.metrics[kAgain].observed = i % 2 == 0;
    unit.metrics[kAgain].value = i % 2 == 0 && i / 2 % 20 < again ? 1 : 0;
  }
}

struct Rendered {
  std::string text, html, json;
};
// As one line: where the terminal's page breaks a sentence does not matter.
std::string unbroken(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\n') {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

Rendered render(const Findings& findings) {
  Reports reports;
  reports.moments.push_back(findings);
  return {unbroken(to_text(reports, {})), to_html(reports),
          to_string(json::value(to_json(reports)))};
}

Findings of_arms(int control, int treatment, int visitors = 4'000) {
  const Plan plan = with_again();
  UnitList units(plan);
  add_arm(units, 0, visitors, control);
  add_arm(units, 1, visitors, treatment);
  return found(plan, units, kDay + 41);
}

TEST(Again, APlantedDifferenceIsFoundInWordsAndFigures) {
  const Findings findings = of_arms(8, 4);
  const MetricFinding& again = findings.metrics[kAgain];
  ASSERT_EQ(again.against.size(), 1U);
  EXPECT_NEAR(again.against[0].difference.estimate, -0.2, 1e-12);
  EXPECT_LT(again.against[0].difference.high, 0.0);
  EXPECT_EQ(again.arms[1].units, 2'000) << "who did not hesitate is not asked";
  EXPECT_EQ(again.arms[1].exposed, 2'000);
  const Rendered rendered = render(findings);
  for (const std::string& shown : {rendered.text, rendered.html}) {
    EXPECT_THAT(shown, HasSubstr("Fewer of those who hesitated did so again on a later visit with "
                                 "it: −20"));
    EXPECT_THAT(shown, HasSubstr("20.0\u00a0%"));
    EXPECT_THAT(shown, HasSubstr("40.0\u00a0%"));
  }
  EXPECT_THAT(rendered.text, HasSubstr("treatment 20.0\u00a0% of 2,000 who hesitated; control "
                                       "40.0\u00a0% of 2,000 who hesitated."));
  EXPECT_THAT(rendered.text, Not(HasSubstr("also counted"))) << "it stands by itself";
  EXPECT_THAT(rendered.html, HasSubstr("Do doubts come back?"));
  EXPECT_THAT(rendered.json, HasSubstr("\"of_whom\":\"hesitated\""));
  EXPECT_THAT(rendered.json, HasSubstr("whether they came back or not"));
}

TEST(Again, SaysMoreAndNoSign) {
  EXPECT_THAT(render(of_arms(4, 8)).text,
              HasSubstr("More of those who hesitated did so again on a later visit with it: +20"));
  EXPECT_THAT(render(of_arms(4, 4)).text,
              HasSubstr("No sign that more or fewer of those who hesitated did so again on a later "
                        "visit with it: 0"));
}

TEST(Again, IsInNoVerdict) {
  EXPECT_EQ(of_arms(4, 16).verdict, of_arms(4, 4).verdict);
  EXPECT_EQ(of_arms(4, 16).metrics[kAgain].against[0].guard, std::nullopt);
}

// Bit for bit.
TEST(Again, SwappedArmsGiveTheOtherSign) {
  const Plan plan = with_again();
  UnitList units(plan), swapped(plan);
  add_arm(units, 0, 3'000, 7);
  add_arm(units, 1, 3'020, 4);
  add_arm(swapped, 1, 3'000, 7);
  add_arm(swapped, 0, 3'020, 4);
  const Findings here = found(plan, units, kDay + 41), there = found(plan, swapped, kDay + 41);
  ASSERT_NE(here.metrics[kAgain].of(1), nullptr);
  const Comparison& one = *here.metrics[kAgain].of(1);
  const Comparison& other = *there.metrics[kAgain].of(1);
  for (const auto& [a, b] :
       {std::pair{one.difference, other.difference}, std::pair{one.fixed, other.fixed}}) {
    EXPECT_EQ(a.estimate, -b.estimate);
    EXPECT_EQ(a.low, -b.high);
    EXPECT_EQ(a.high, -b.low);
  }
  EXPECT_EQ(one.log10_p, other.log10_p);
}

// 50 in each arm who did, and 50 who did not.
TEST(Again, NoRateStandsBeforeItsGate) {
  const Findings findings = of_arms(2, 2, 960);  // 48 of 480 in each arm did
  EXPECT_TRUE(findings.metrics[kAgain].against.empty());
  const Rendered rendered = render(findings);
  EXPECT_THAT(rendered.text, HasSubstr("Of those who hesitated, who did so again on a later visit: "
                                       "not enough data yet."));
  EXPECT_THAT(rendered.text, HasSubstr("treatment 480 who hesitated; control 480 who hesitated."));
  EXPECT_THAT(rendered.text, Not(HasSubstr("10.0")));
  EXPECT_FALSE(of_arms(19, 19, 960).metrics[kAgain].lacking.empty()) << "24 who did not";
}

TEST(Again, WhoAreTooFewAreNotCountedInAnyRendering) {
  const Plan plan = with_again();
  UnitList units(plan);
  for (std::uint32_t arm : {0u, 1u}) {
    for (int i = 0; i < 900; ++i) units.add(arm, kDay + i % 10).metrics[kAgain].observed = false;
  }
  const std::string none = render(found(plan, units, kDay + 41)).text;
  EXPECT_THAT(none, Not(HasSubstr("hesitated"))) << "nobody did";
  for (std::size_t i = 0; i < 49; ++i) {
    for (std::size_t arm : {0, 1}) {
      MetricFacts& again = units.units()[900 * arm + i].metrics[kAgain];
      again.observed = true;
      again.value = i % 2 == 0 ? 1 : 0;
    }
  }
  const Findings few = found(plan, units, kDay + 41);
  for (const ArmCounts& arm : few.metrics[kAgain].arms) {
    EXPECT_EQ(arm.units + arm.reached + arm.exposed + arm.provisional_reached, 0);
    EXPECT_EQ(arm.total + arm.provisional_total, 0.0);
  }
  const Rendered rendered = render(few);
  for (const std::string& shown : {rendered.text, rendered.html}) {
    EXPECT_THAT(shown, HasSubstr("Of those who hesitated, who did so again on a later visit: too "
                                 "few, or too young, to be shown yet."));
  }
  for (const std::string& shown : {rendered.text, rendered.html, rendered.json}) {
    EXPECT_THAT(shown, Not(HasSubstr("49")));
  }
}

// Or whoever asks every minute would learn it of the visitor who was there just now.
TEST(Again, WhoIsInNoBlockYetChangesNothing) {
  const Plan plan = with_again();
  UnitList units(plan);
  for (std::uint32_t arm : {0u, 1u}) {
    for (int i = 0; i < 900; ++i) units.add(arm, kDay + i % 10).metrics[kAgain].observed = false;
    units.add(arm, kDay + 12).metrics[kAgain].observed = false;
  }
  const Rendered before = render(found(plan, units, kDay + 41));
  units.units().back().metrics[kAgain].observed = true;
  const Rendered after = render(found(plan, units, kDay + 41));
  EXPECT_EQ(after.text, before.text);
  EXPECT_EQ(after.html, before.html);
  EXPECT_EQ(after.json, before.json);
}

TEST(Again, OneMoreOfThemThanCanBeToldWaits) {
  const Plan plan = with_again();
  UnitList units(plan);
  const auto add_days = [&](Day from, Day to, int each) {
    for (Day day = from; day < to; ++day) {
      for (std::uint32_t arm : {0u, 1u}) {
        for (int i = 0; i < 60; ++i) units.add(arm, day).metrics[kAgain].observed = i < each;
      }
    }
  };
  add_days(kDay, kDay + 6, 10);  // 50 after five days, 10 over
  const auto counted = [&](Day now) { return found(plan, units, now).metrics[kAgain].arms[1]; };
  EXPECT_EQ(counted(kDay + 100).units, 50);
  EXPECT_EQ(found(plan, units, kDay + 100).exposed[1], 360) << "everybody's blocks are not held up";
  EXPECT_EQ(counted(kDay + 34).units, 0) << "its days are not over";
  EXPECT_EQ(counted(kDay + 34).exposed, 50);
  add_days(kDay + 6, kDay + 9, 10);
  EXPECT_EQ(counted(kDay + 100).units, 50);
  add_days(kDay + 9, kDay + 10, 10);
  EXPECT_EQ(counted(kDay + 100).units, 100);
}

// No two reports of any two days differ by 1 to 49 of those who hesitated in an arm.
TEST(Again, ReportsSubtractedTellNoFewerThan50) {
  const Plan plan = with_again();
  Rng rng(11);
  for (int world = 0; world < 20; ++world) {
    UnitList units(plan);
    const double share = 0.02 + 0.3 * static_cast<double>(world) / 20;
    for (Day day = kDay; day < kDay + 40; ++day) {
      for (std::uint32_t arm : {0u, 1u}) {
        for (std::uint64_t i = 20 + rng.below(60); i > 0; --i) {
          MetricFacts& again = units.add(arm, day).metrics[kAgain];
          again.observed = rng.chance(share);
          again.value = again.observed && rng.chance(0.4) ? 1 : 0;
        }
      }
    }
    std::vector<ArmCounts> seen;
    for (Day now = kDay; now < kDay + 90; now += 3) {
      const MetricFinding again = found(plan, units, now).metrics[kAgain];
      for (const ArmCounts& arm : again.arms) seen.push_back(arm);
    }
    for (std::size_t i = 0; i < seen.size(); ++i) {
      for (std::size_t j = i % 2; j < i; j += 2) {
        for (const std::int64_t more :
             {seen[i].units - seen[j].units, seen[i].exposed - seen[j].exposed,
              seen[i].provisional() - 0}) {
          ASSERT_TRUE(more == 0 || more >= kSmallCell) << more;
        }
      }
    }
  }
}

// Whole accounts are drawn: variances count them, of the same visitors as are shown.
TEST(Again, OfAccountsTheSameAreCounted) {
  Plan plan = with_again();
  plan.clustered = true;
  plan.cluster_name = "account";
  UnitList units(plan);
  std::uint64_t account = 0;
  for (std::uint32_t arm : {0u, 1u}) {
    for (int i = 0; i < 3'000; ++i) {
      UnitFacts& unit = units.add(arm, kDay + i % 60, i % 11 == 0 ? 1 : 0);
      if (i % 2 == 0) ++account;
      unit.cluster = account;
      unit.metrics[kAgain].observed = i % 7 != 0;
      unit.metrics[kAgain].value = i % 7 != 0 && i % 10 < (arm == 0 ? 4 : 2) ? 1 : 0;
    }
  }
  const MetricFinding again = found(plan, units, kDay + 75).metrics[kAgain];
  ASSERT_NE(again.of(1), nullptr) << again.reason;
  EXPECT_LT(again.arms[1].units, again.arms[1].exposed) << "some are too young";
  const double difference = again.arms[1].mean() - again.arms[0].mean();
  EXPECT_NEAR(again.of(1)->difference.estimate, difference, 1e-12);
  EXPECT_TRUE(again.of(1)->clusters.has_value());
}

TEST(Again, NamesEachOfSeveralArms) {
  Plan plan = with_again();
  plan.arms.push_back({"warm", 1.0});
  UnitList units(plan);
  add_arm(units, 0, 4'000, 8);
  add_arm(units, 1, 4'000, 8);
  add_arm(units, 2, 4'000, 4);
  const std::string html = render(found(plan, units, kDay + 41)).html;
  EXPECT_THAT(html, HasSubstr("No sign that more or fewer of those who hesitated did so again on a "
                              "later visit with treatment: 0"));
  EXPECT_THAT(html,
              HasSubstr("Fewer of those who hesitated did so again on a later visit with warm: "
                        "−20"));
}

TEST(Again, APlanForSomeIsOfSomethingSecondary) {
  Plan plan = with_again();
  EXPECT_TRUE(check_plan(plan).has_value());
  plan.metrics[kAgain].role = MetricRole::kGuardrail;
  EXPECT_FALSE(check_plan(plan).has_value());
  plan = with_again();
  plan.metrics[kAgain].money = true;
  EXPECT_FALSE(check_plan(plan).has_value());
  plan = with_again();
  plan.metrics[0].of_whom = "hesitated";
  EXPECT_FALSE(check_plan(plan).has_value());
}

}  // namespace
}  // namespace tact
