// What a report may tell of whom, beside its sums (cut_test.cpp): nothing of who is in no block
// yet, nothing that moves by the hour, and of who answered, and of who was followed for so long, 50
// or nobody.
#include <gmock/gmock.h>

#include <array>
#include <set>

#include "base/rng.h"
#include "measure/analyse_test_util.h"
#include "measure/cut.h"
#include "measure/report_json.h"
#include "measure/report_test_util.h"

namespace tact {
namespace {

using ::testing::HasSubstr;

constexpr Day kDay = 20'000;

FollowUp came_back_and_answered() {
  FollowUp after;
  after.visit_days.add(3);
  after.order_days.add(1);
  after.order_days.add(5);
  after.ratings = 1;
  after.rating_milli = 8'000;
  after.recall_asked = after.recalled = 1;
  return after;
}

// Sixty days of visitors who come at all hours, then a few whom no block holds.
class Told : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.playbook().site.hold_back = {500'000};
    for (Moment& moment : world_.playbook().moments) moment.hold_back = {500'000};
    world_.relearn();
    for (int day = 60; day > 3; --day) {
      for (const int hour : {-9, -2, 1, 6}) {
        for (const bool treated : {true, false}) {
          const int reached = (treated ? 3 : 1) + (hour < 0 ? 8 : 0);
          Group group{.visitors = 20, .reached = reached, .treated = treated};
          group.days_ago = day;
          group.later = std::chrono::hours(hour);
          group.followed = 9;
          group.after = came_back_and_answered();
          group.before.region = hour < 0 ? "DE-BY" : "AT-9";
          group.before.intent = "fit";
          group.before.intent_level = IntentLevel::kLikely;
          world_.add(group);
          world_.add(group, "");
        }
      }
    }
  }

  void add(const Group& group) { world_.add(group); }
  // All that the reports of everything and of one moment tell, strata and persuaded with it.
  std::string told(Time now = World::kNow) {
    ReportOptions options{now};
    auto all = report_all(world_.store(), world_.book(), world_.playbook(), options);
    options.uplift = true;
    auto one = report_one(world_.store(), world_.book(), world_.playbook(), "fit-help", options);
    EXPECT_TRUE(all.has_value() && one.has_value());
    return told(*all) + told(*one);
  }
  // Their hashes are of all rows, and nobody can read these from them.
  static std::string told(Reports reports) {
    reports.as_of = {};
    reports.data_hash.clear();
    for (Findings& report : reports.moments) report.data_hash.clear();
    if (reports.universal) reports.universal->data_hash.clear();
    return to_string(json::value(to_json(reports)));
  }

  World world_;
};

TEST_F(Told, NothingMovesByTheHour) {
  const std::string noon = told();
  EXPECT_THAT(noon, HasSubstr("came back"));
  for (const char* part : {"at_risk", "fitted on", "learner", "DE-BY", "hesitated again"}) {
    EXPECT_THAT(noon, HasSubstr(part)) << "nothing of it can move";
  }
  for (const int hours : {-15, -6, -1, 1, 3, 7}) {
    EXPECT_EQ(told(World::kNow + std::chrono::hours(hours)), noon) << hours;
  }
}

TEST_F(Told, WhoIsInNoBlockYetChangesNothing) {
  const auto come = [&](Group group) {
    for (const int days_ago : {1, 0}) {
      group.days_ago = days_ago;
      group.later = days_ago == 0 ? Duration(-1h) : Duration{};
      world_.add(group);
      world_.add(group, "");
    }
  };
  come({.visitors = 7, .reached = 3, .treated = false});
  const std::string before = told();
  for (const bool treated : {true, false}) {
    Group group{.visitors = 8, .reached = 8, .treated = treated, .returned = 5};
    group.crossovers = 3;
    group.followed = 8;
    group.after = came_back_and_answered();
    group.withdrew = 4;
    group.before.intent_level = IntentLevel::kSure;
    group.before.intent = "gift";
    group.before.region = "CH-ZH";
    come(group);
    group.visitors = 60;  // known by the end of today
    group.days_ago = 0;
    group.later = -2h;
    world_.add(group);
  }
  EXPECT_EQ(told(), before);
}

// A date reckoned from those, too, would tell how many of them did what.
TEST_F(Told, NorTheDayWhenItIsExpected) {
  World world;
  world.add({.visitors = 90, .reached = 20, .treated = true, .days_ago = 30});
  world.add({.visitors = 90, .reached = 20, .treated = false, .days_ago = 30});
  const auto expected = [&] {
    const auto found = report_moment(world.store(), world.experiment(), Probability{500'000},
                                     ReportOptions{World::kNow});
    return found->primary()->expected_at;
  };
  const auto before = expected();
  ASSERT_TRUE(before);
  EXPECT_EQ(*before, start_of(day_of(*before))) << "a whole day";
  world.add({.visitors = 30, .reached = 30, .treated = true, .days_ago = 20});
  world.add({.visitors = 30, .reached = 30, .treated = false, .days_ago = 20});
  EXPECT_EQ(expected(), before);
}

Plan with_question(Asked asked) {
  Plan plan = two_arms();
  Metric question;
  question.name = "a question";
  question.kind = MetricKind::kRatio;
  question.second = SecondIs::kDenominator;
  question.asked = asked;
  question.within = days(30);
  plan.metrics.push_back(question);
  return plan;
}

// Every pair of reports, of many days: who answered in an arm is told of none or of 50, and so is
// any difference.
TEST(ToldOfAnswers, ReportsSubtractedTellNoFewerThan50) {
  const Plan plan = with_question(Asked::kScore);
  Rng rng(23);
  std::int64_t most = 0;
  for (int world = 0; world < 20; ++world) {
    UnitList units(plan);
    const double share = 0.02 + 0.015 * world;
    for (Day day = kDay; day < kDay + 40; ++day) {
      for (const std::uint32_t arm : {0u, 1u}) {
        for (std::uint64_t i = 20 + rng.below(60); i > 0; --i) {
          MetricFacts& answer = units.add(arm, day).metrics[1];
          answer.observed = rng.chance(share);
          answer.value = answer.observed ? 1 + static_cast<std::int64_t>(rng.below(10)) : 0;
          answer.second = answer.observed ? 1 : 0;
        }
      }
    }
    std::vector<ArmCounts> seen;
    for (Day now = kDay; now < kDay + 90; now += 3) {
      const MetricFinding answers = found(plan, units, now).metrics[1];
      for (const ArmCounts& arm : answers.arms) seen.push_back(arm);
    }
    for (std::size_t i = 0; i < seen.size(); ++i) {
      ASSERT_EQ(seen[i].provisional(), 0) << "they may still answer";
      for (std::size_t j = i % 2; j < i; j += 2) {
        const std::int64_t more = seen[i].units - seen[j].units;
        ASSERT_TRUE(more == 0 || more >= kSmallCell) << more;
      }
      most = std::max(most, seen[i].units);
    }
  }
  EXPECT_GT(most, 500) << "it must not be true because nothing is shown";
}

TEST(ToldOfAnswers, FewAreInNoFigure) {
  const Plan plan = with_question(Asked::kShare);
  UnitList units(plan);
  for (const std::uint32_t arm : {0u, 1u}) {
    for (int i = 0; i < 600; ++i) {
      MetricFacts& answer = units.add(arm, kDay + i % 10, i % 11 == 0 ? 1 : 0).metrics[1];
      answer.observed = i < 49;
      answer.second = answer.value = i < 49 ? 1 : 0;
    }
  }
  const MetricFinding few = found(plan, units, kDay + 60).metrics[1];
  EXPECT_TRUE(few.waiting);
  EXPECT_FALSE(few.expected_at) << "of so few the pace would tell how many they are";
  for (const ArmCounts& arm : few.arms) {
    EXPECT_EQ(arm.units + arm.reached + arm.exposed + arm.provisional_reached, 0);
    EXPECT_EQ(arm.total + arm.second_total + arm.provisional_total, 0.0);
  }
}

// Visitors come in pairs, of whom one comes back on the first day and one never does: so a curve's
// next days count the pairs that were followed for so long, and two of them, of one report or of
// two, differ by none or by as many as make 50.
TEST(ToldOfCurves, WhoIsFollowedForSoLongIsToldOfNoneOrOf50) {
  Plan plan = two_arms();
  plan.curves = {{"came back", true, 90}};
  std::size_t compared = 0;
  for (std::uint64_t world = 0; world < 10; ++world) {
    Rng rng(31 + world);
    UnitList units(plan);
    for (Day day = kDay; day < kDay + 60; ++day) {
      const std::uint64_t pairs = rng.below(20);
      for (const std::uint32_t arm : {0u, 1u}) {
        for (std::uint64_t i = 0; i < 2 * pairs; ++i) {
          UnitFacts& unit = units.add(arm, day);
          unit.at += std::chrono::minutes(rng.below(1'440));
          unit.curves[0].event = i % 2 == 0;
        }
      }
    }
    std::array<std::set<std::int64_t>, 2> followed;
    for (Time now = start_of(kDay + 20); now < start_of(kDay + 80); now += std::chrono::hours(17)) {
      for (UnitFacts& unit : units.units()) {  // as a row of facts tells it by now
        CurveFacts& curve = unit.curves[0];
        const int over = static_cast<int>((now - unit.at) / days(1)) - 1;
        curve.counts = over >= 0;
        curve.day = curve.event ? 0 : over;
      }
      AnalyseOptions options;
      options.now = now;
      const auto findings = analyse(plan, units, options);
      ASSERT_TRUE(findings.has_value());
      ASSERT_EQ(findings->curves.size(), 1U);
      for (std::size_t arm = 0; arm < findings->curves[0].arms.size(); ++arm) {
        for (const CurvePoint& point : findings->curves[0].arms[arm]) {
          if (point.day > 0) followed[arm].insert(point.at_risk);
        }
      }
    }
    for (const auto& counts : followed) {
      for (auto here = counts.begin(); here != counts.end(); ++here) {
        for (auto there = counts.begin(); there != here; ++there, ++compared) {
          ASSERT_GE(*here - *there, kSmallCell / 2) << "world " << world;
        }
      }
    }
  }
  EXPECT_GT(compared, 500u);
}

}  // namespace
}  // namespace tact
