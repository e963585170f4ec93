// Who was lost on the way: counted by arm, warned of where the arms differ, and not where chance
// makes them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "measure/analyse_test_util.h"
#include "measure/internal/words.h"
#include "measure/report_json.h"
#include "measure/report_test_util.h"
#include "measure/report_text.h"

namespace tact {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Day kDay = 20'000;

Plan plan_with_fates(double held_back = 0.5) {
  Plan plan = two_arms();
  plan.attrition = true;
  plan.arms = {{"held back", held_back}, {"shown", 1.0 - held_back}};
  return plan;
}

// Of an arm: how many of the followed exposures were seen, told not to be, and withdrawn later.
struct Lost {
  int units = 1'000, seen = 1'000, not_seen = 0, withdrew = 0, followed = 1'000;
};

void add(UnitList& units, std::uint32_t arm, const Lost& of) {
  for (int i = 0; i < of.units; ++i) {
    UnitFacts& unit = units.add(arm, kDay, i % 10 == 0 ? 1 : 0);
    unit.fate = {i < of.followed, i < of.seen, i >= of.seen && i < of.seen + of.not_seen,
                 i < of.withdrew};
  }
}

Findings found_with(const Lost& held_back, const Lost& shown) {
  const Plan plan = plan_with_fates();
  UnitList units(plan);
  add(units, 0, held_back);
  add(units, 1, shown);
  return found(plan, units, kDay + 1);
}

TEST(Attrition, IsCountedByArm) {
  const Findings report =
      found_with({10'000, 9'500, 400, 70, 10'000}, {10'000, 9'050, 390, 80, 9'550});
  ASSERT_TRUE(report.attrition);
  const auto& held = report.attrition->arms[0];
  EXPECT_EQ(held.units, 10'000);
  EXPECT_EQ(held.followed, 10'000);
  EXPECT_EQ(held.seen, 9'500);
  EXPECT_EQ(held.not_seen, 400);
  EXPECT_EQ(held.lost, 500) << "of a hundred nothing was reported";
  EXPECT_EQ(held.withdrew, 50) << "70, of which 50 are told";
  EXPECT_EQ(report.attrition->arms[1].lost, 500);
  EXPECT_TRUE(report.attrition->loss.compared && report.attrition->withdrawal.compared);
  EXPECT_EQ(
      report.attrition->loss.says,
      "5.0 to 5.5\u00a0% of held back, 5.2 to 5.7\u00a0% of shown were never in view; the arms "
      "differ by no more than chance");
  EXPECT_EQ(
      report.attrition->withdrawal.says,
      "0.5 to 1.0\u00a0% of held back, 0.5 to 1.0\u00a0% of shown, and less or nothing is known "
      "of them since; the arms differ by no more than chance");
  EXPECT_EQ(report.note, "");
}

// Who was lost, withdrew or met both arms is a cell like any: 1 to 49 are not told, nor what they
// would follow from.
TEST(Attrition, FewerThanFiftyAreNotTold) {
  const Findings report = found_with({1'000, 951, 49, 49}, {1'000, 900, 60, 50});
  const auto& held = report.attrition->arms[0];
  EXPECT_FALSE(held.seen || held.not_seen || held.lost || held.withdrew);
  EXPECT_EQ(held.followed, 1'000);
  const auto& shown = report.attrition->arms[1];
  EXPECT_EQ(shown.seen, 900);
  EXPECT_EQ(shown.lost, 100);
  EXPECT_FALSE(shown.not_seen) << "of 40 nothing was reported";
  EXPECT_EQ(shown.withdrew, 50);
  EXPECT_TRUE(report.attrition->loss.compared && report.attrition->withdrawal.compared);
  EXPECT_FALSE(report.attrition->loss.log10_p || report.attrition->withdrawal.log10_p)
      << "with one arm's count p tells the other's";
  EXPECT_THAT(
      report.attrition->loss.says,
      HasSubstr("fewer than 50 of held back, 10.0 to 14.9\u00a0% of shown were never in view"));
  EXPECT_THAT(report.attrition->withdrawal.says,
              HasSubstr("fewer than 50 of held back, 5.0 to 9.9\u00a0% of shown"));
  const json::object out = to_json(report).at("attrition").as_object();
  const json::object& arm = out.at("arms").as_array()[0].as_object();
  for (const char* member : {"seen", "not_seen", "lost", "withdrew"}) {
    EXPECT_TRUE(arm.at(member).is_null()) << member;
  }
  EXPECT_FALSE(out.at("loss").as_object().contains("log10_p"));
  // Of whom nothing was reported are 10: who was reported not to be seen would tell them.
  const Findings rest = found_with({1'000, 900, 90}, {1'000, 900, 100});
  EXPECT_EQ(rest.attrition->arms[0].lost, 100);
  EXPECT_FALSE(rest.attrition->arms[0].not_seen);
  EXPECT_EQ(rest.attrition->arms[1].not_seen, 100);
  const Findings most = found_with({1'000, 20, 980}, {1'000, 30, 970});
  EXPECT_FALSE(most.attrition->arms[0].lost);
  EXPECT_THAT(most.attrition->loss.says, HasSubstr("all but fewer than 50 of held back"));
}

TEST(Attrition, CrossoversOfFewAreNotTold) {
  const Plan plan = plan_with_fates();
  UnitList units(plan);
  units.add_many(0, kDay, 1'000, 100);
  units.add_many(1, kDay, 1'000, 100);
  const auto cross = [&](std::size_t few, std::size_t many) {
    for (std::size_t i = 0; i < 1'000; ++i) {
      units.units()[i].crossover = i < few;
      units.units()[1'000 + i].crossover = i < many;
    }
    return found(plan, units, kDay + 1);
  };
  const auto json_arms = [](const Findings& report) {
    return to_json(report).at("arms").as_array();  // treatment first
  };
  const Findings both = cross(7, 60);
  EXPECT_TRUE(json_arms(both)[1].as_object().at("crossovers").is_null());
  EXPECT_EQ(json_arms(both)[0].as_object().at("crossovers").as_int64(), 50);
  EXPECT_THAT(internal::say_health(both), HasSubstr(", at least 50 met both arms"));
  EXPECT_THAT(internal::say_health(cross(7, 0)),
              HasSubstr(", a few (fewer than 50 an arm) met both arms"));
  EXPECT_THAT(internal::say_health(cross(50, 60)), HasSubstr(", at least 100 met both arms"));
  EXPECT_THAT(internal::say_health(cross(0, 0)), Not(HasSubstr("met both")));
}

// The flag lifts it where all are simulated, and nowhere else.
TEST(Attrition, SimulatedFewAreToldOnRequest) {
  const Plan plan = plan_with_fates();
  UnitList units(plan);
  add(units, 0, {1'000, 990, 10, 7});
  add(units, 1, {1'000, 990, 10, 8});
  AnalyseOptions options;
  options.now = start_of(kDay + 1);
  options.small_cells = true;
  EXPECT_FALSE(analyse(plan, units, options)->attrition->arms[0].withdrew);
  for (UnitFacts& unit : units.units()) unit.simulated = true;
  const auto shown = analyse(plan, units, options);
  EXPECT_EQ(shown->attrition->arms[0].withdrew, 7);
  EXPECT_EQ(shown->attrition->arms[0].lost, 10);
  EXPECT_TRUE(shown->attrition->loss.log10_p.has_value());
}

TEST(Attrition, AnArmThatLosesMoreIsWarnedOf) {
  const Findings report = found_with({1'000, 950, 50}, {1'000, 830, 0});
  EXPECT_TRUE(report.attrition->loss.differs);
  EXPECT_FALSE(report.attrition->withdrawal.differs);
  EXPECT_THAT(report.note,
              HasSubstr("Never in view were 5.0 to 9.9\u00a0% of held back, 15.0 to 19.9\u00a0% of "
                        "shown, which is not by chance (p at most "));
  EXPECT_THAT(report.note, HasSubstr("may be biased"));
  EXPECT_FALSE(report.metrics[0].against.empty()) << "a warning, and no block";
  const Findings other = found_with({1'000, 1'000, 0, 60}, {1'000, 1'000, 0, 5});
  EXPECT_FALSE(other.attrition->loss.differs);
  EXPECT_TRUE(other.attrition->withdrawal.differs);
  EXPECT_THAT(
      other.note,
      HasSubstr("Consent was withdrawn by 5.0 to 9.9\u00a0% of held back, fewer than 50 of shown, "
                "which is not by chance (over all looks)"));
}

TEST(Attrition, WhereNoPageReportsNothingIsCompared) {
  const Findings silent = found_with({1'000, 0, 0}, {1'000, 0, 0});
  EXPECT_FALSE(silent.attrition->reported);
  EXPECT_FALSE(silent.attrition->loss.compared);
  EXPECT_EQ(silent.attrition->loss.says, "no page tells whether its slot was seen");
  const Findings older = found_with({1'000, 0, 0, 0, 0}, {1'000, 0, 0, 0, 0});
  EXPECT_EQ(older.attrition->loss.says, "") << "rows of an older version";
  EXPECT_EQ(older.attrition->withdrawal.says, "nobody");
  EXPECT_EQ(found_with({}, {}).attrition->loss.says, "none, as far as pages tell");
}

TEST(Attrition, ArmsFollowedUnlikeAreNotCompared) {
  const Findings report = found_with({1'000, 900, 100}, {1'000, 500, 0, 0, 600});
  EXPECT_TRUE(report.attrition->reported);
  EXPECT_FALSE(report.attrition->loss.compared);
  EXPECT_THAT(report.attrition->loss.says, HasSubstr("the arms are not compared in this"));
  EXPECT_EQ(report.note, "");
}

TEST(Attrition, OfWholeClustersIsToldAndNotCompared) {
  Plan plan = plan_with_fates();
  plan.clustered = true;
  plan.cluster_name = "account";
  UnitList units(plan);
  for (std::uint32_t arm = 0; arm < 2; ++arm) {
    for (int account = 0; account < 60; ++account) {
      for (int i = 0; i < 20; ++i) {
        UnitFacts& unit = units.add(arm, kDay, i % 4 == 0 ? 1 : 0);
        unit.cluster = 1 + arm * 1'000 + static_cast<std::uint64_t>(account);
        unit.fate = {true, arm == 0 || account >= 20, false, false};
      }
    }
  }
  const Findings report = found(plan, units, kDay + 1);
  ASSERT_TRUE(report.attrition && report.attrition->reported);
  EXPECT_EQ(report.attrition->arms[1].lost, 400);
  EXPECT_FALSE(report.attrition->loss.compared || report.attrition->withdrawal.compared);
  EXPECT_THAT(report.note, Not(HasSubstr("biased")));
}

TEST(Attrition, OfATableOrOfTooFewIsNotThere) {
  Plan table = plan_with_fates();
  table.attrition = false;
  UnitList units(table);
  add(units, 0, {});
  add(units, 1, {});
  EXPECT_FALSE(found(table, units, kDay + 1).attrition);
  const Plan plan = plan_with_fates();
  UnitList few(plan);
  add(few, 0, {40, 0, 40, 40, 40});
  add(few, 1, {1'000, 900});
  EXPECT_FALSE(found(plan, few, kDay + 1).attrition) << "40 held back are not shown";
}

// --- worlds --------------------------------------------------------------------------------------

struct Rates {
  double held_back = 0.1, lost_held = 0.05, lost_shown = 0.05;
  double withdrew_held = 0.01, withdrew_shown = 0.01;
};

// Warned of at any of 20 looks, one a day?
bool ever_warned(std::uint64_t seed, const Rates& rates) {
  constexpr int kLooks = 20, kADay = 400;
  std::mt19937_64 random(seed);
  const auto share = [&] { return std::uniform_real_distribution<double>(0.0, 1.0)(random); };
  const Plan plan = plan_with_fates(rates.held_back);
  Sums sums(plan);
  UnitFacts unit;
  AnalyseOptions options;
  for (int day = 0; day < kLooks; ++day) {
    for (int i = 0; i < kADay; ++i) {
      unit.resize_for(plan);
      unit.arm = share() < rates.held_back ? 0 : 1;
      unit.at = start_of(kDay + day);
      const bool lost = share() < (unit.arm == 0 ? rates.lost_held : rates.lost_shown);
      unit.fate = {true, !lost, lost && share() < 0.8,
                   share() < (unit.arm == 0 ? rates.withdrew_held : rates.withdrew_shown)};
      EXPECT_TRUE(sums.add(unit).has_value());
    }
    options.now = start_of(kDay + day + 1);
    const auto report = analyse(plan, sums, options);
    EXPECT_TRUE(report.has_value());
    if (report->attrition &&
        (report->attrition->loss.differs || report->attrition->withdrawal.differs)) {
      return true;
    }
  }
  return false;
}

int warned_of(int worlds, std::uint64_t first, const Rates& rates) {
  int warned = 0;
  for (int i = 0; i < worlds; ++i) {
    warned += ever_warned(first + static_cast<std::uint64_t>(i), rates) ? 1 : 0;
  }
  return warned;
}

// A promise of 1 % over all looks: of 400 worlds at most 11 (exceeded by chance once in 1,000).
TEST(AttritionWorlds, WhereTheArmsLoseAlikeAreHardlyEverWarnedOf) {
  const int few = warned_of(400, 1, {});
  const int even = warned_of(400, 1'001, {0.5, 0.3, 0.3, 0.02, 0.02});
  RecordProperty("10 % held back, 5 % lost", few);
  RecordProperty("50 % held back, 30 % lost", even);
  EXPECT_LE(few, 11);
  EXPECT_LE(even, 11);
}

TEST(AttritionWorlds, WhereAnArmLosesMoreAreFound) {
  EXPECT_GE(warned_of(50, 1, {0.1, 0.05, 0.12}), 45);
  EXPECT_GE(warned_of(50, 1, {0.5, 0.10, 0.05}), 45);
  EXPECT_GE(warned_of(50, 1, {0.5, 0.05, 0.05, 0.01, 0.03}), 45);
}

// --- in a report ---------------------------------------------------------------------------------

Findings report_of_rows(int lost_shown) {
  World world;
  world.playbook().moments[0].hold_back = {500'000};
  world.relearn();
  const auto group = [&](bool treated, int visitors, SlotSeen slot, int withdrew) {
    Group of;
    of.visitors = visitors;
    of.reached = visitors / 10;
    of.treated = treated;
    of.slot = slot;
    of.withdrew = withdrew;
    world.add(of);
  };
  group(false, 1'950, SlotSeen::kSeen, 3);
  group(false, 50, SlotSeen::kNotSeen, 0);
  group(true, 2'000 - lost_shown, SlotSeen::kSeen, 2);
  group(true, lost_shown, SlotSeen::kUntold, 0);
  return world.report();
}

TEST(Attrition, OfRowsIsInEveryRendering) {
  Reports reports;
  reports.moments = {report_of_rows(300)};
  const std::string text = to_text(reports, {});
  EXPECT_THAT(text, HasSubstr("exposures"));
  EXPECT_THAT(text, HasSubstr("may be biased"));
  const json::object out = to_json(reports.moments[0]);
  const json::object& attrition = out.at("attrition").as_object();
  EXPECT_EQ(attrition.at("level").as_double(), 0.01);
  const json::object& shown = attrition.at("arms").as_array()[1].as_object();
  EXPECT_EQ(shown.at("arm").as_string(), "shown");
  EXPECT_EQ(shown.at("followed").as_int64(), 2'000);
  EXPECT_EQ(shown.at("lost").as_int64(), 300);
  EXPECT_EQ(shown.at("not_seen").as_int64(), 0);
  EXPECT_TRUE(shown.at("withdrew").is_null()) << "2 are fewer than 50";
  EXPECT_TRUE(attrition.at("loss").as_object().at("differs").as_bool());
  EXPECT_LT(attrition.at("loss").as_object().at("log10_p").as_double(), -10.0);
  EXPECT_FALSE(attrition.at("withdrawal").as_object().at("differs").as_bool());
  EXPECT_EQ(report_of_rows(50).note, "");
}

// --- consent coverage ----------------------------------------------------------------------------

void count(World& world, const std::string& key, std::uint64_t answers) {
  ByteWriter value;
  value.varint(answers);
  Batch batch;
  batch.put(Family::kMeta, key, value.take());
  world.write(batch);
}

TEST(Coverage, IsTheShareOfTheDaysOfWhichBothAreKnown) {
  World world;
  EXPECT_THAT(to_text(world.all()), Not(HasSubstr("without consent")));
  count(world, keys::unconsented(20'000, "fit-help"), 1'000);  // before answers with it counted
  const json::object alone = to_json(world.all()).at("without_consent").as_object();
  EXPECT_EQ(alone.at("answers").as_int64(), 1'000);
  EXPECT_TRUE(alone.at("share").is_null());
  count(world, keys::consented(20'001), 600);
  count(world, keys::consented(20'002), 300);
  count(world, keys::unconsented(20'001, ""), 60);
  count(world, keys::unconsented(20'002, "fit-help"), 40);
  const Reports reports = world.all();
  const json::object both = to_json(reports).at("without_consent").as_object();
  EXPECT_EQ(both.at("answers").as_int64(), 1'100);
  EXPECT_EQ(both.at("of").as_int64(), 1'000);
  EXPECT_DOUBLE_EQ(both.at("share").as_double(), 0.1);
  EXPECT_THAT(internal::say_without_consent(reports.without_consent),
              HasSubstr("made from the page alone (10.0\u00a0% of the 1,000 answers since those "
                        "with it are counted): "));
  World consented;
  count(consented, keys::consented(20'001), 7);
  EXPECT_EQ(internal::say_without_consent(consented.all().without_consent),
            "None of the 7 answers was made without consent.");
}

}  // namespace
}  // namespace tact
