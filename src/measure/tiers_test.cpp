// What do moments of each tier create, and what do they only capture?
#include "measure/internal/tiers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "measure/html_test_util.h"
#include "measure/report_html.h"
#include "measure/report_json.h"
#include "measure/report_test_util.h"
#include "measure/report_text.h"

namespace tact {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Near the purchase nearly all orders come anyway, and their messages are credited with them; far
// from it few are credited, and more come because of it.
class Tiers : public ::testing::Test {
 protected:
  Tiers() {
    world_.add_moments({{"size-table", "know the size"},
                        {"stories", "see what it is for"},
                        {"old-help", "begin"}});
    set("fit-help", Tier::kConversion);
    set("size-table", Tier::kConversion);
    set("stories", Tier::kBroad);
    for (Moment& moment : world_.playbook().moments) moment.hold_back = kHalf;
    world_.playbook().site.hold_back = kHalf;
    world_.relearn();
  }
  static constexpr Probability kHalf{500'000};
  void set(const std::string& moment, Tier tier) {
    for (Moment& one : world_.playbook().moments) {
      if (one.id == moment) one.tier = tier;
    }
  }
  void meet(const std::string& moment, int ordered, int held_back_ordered, int credited) {
    world_.add({.visitors = 4'000, .reached = ordered, .treated = true, .attributed = credited},
               moment);
    world_.add({.visitors = 4'000, .reached = held_back_ordered, .treated = false}, moment);
  }
  void meet_all() {
    meet("fit-help", 600, 590, 500);
    meet("size-table", 500, 495, 400);
    meet("stories", 400, 200, 90);
    meet("gift-note", 300, 200, 60);
    world_.add({.visitors = 9'000, .reached = 1'800, .treated = true}, "");
    world_.add({.visitors = 9'000, .reached = 1'500, .treated = false}, "");
  }
  TierFinding found() {
    auto tiers = world_.all().universal->tiers;
    EXPECT_TRUE(tiers.has_value());
    return tiers.value_or(TierFinding{});
  }
  World world_;
};

TEST_F(Tiers, CreditAndEffectAreAddedUpWithinATier) {
  meet_all();
  const TierFinding tiers = found();
  ASSERT_EQ(tiers.groups.size(), 3U);
  const TierFinding::Group& broad = tiers.groups[0];
  const TierFinding::Group& conversion = tiers.groups[1];
  const TierFinding::Group& none = tiers.groups[2];
  EXPECT_EQ(broad.tier, "broad");
  EXPECT_EQ(conversion.tier, "conversion");
  EXPECT_EQ(none.tier, "");
  EXPECT_THAT(conversion.moments, ElementsAre("fit-help", "size-table"));
  EXPECT_THAT(none.moments, ElementsAre("gift-note"));  // nobody met old-help
  EXPECT_EQ(conversion.credited, 900.0);
  EXPECT_NEAR(conversion.created->estimate, 15.0, 1e-9);
  EXPECT_NEAR(conversion.captured->estimate, 885.0, 1e-9);
  EXPECT_EQ(broad.credited, 90.0);
  EXPECT_NEAR(broad.created->estimate, 200.0, 1e-9);
  EXPECT_GT(broad.created->low, 0.0);
  EXPECT_EQ(tiers.says,
            "Last click credits broad moments with 90 orders; about 200 came because of them. "
            "Last click credits conversion moments with 900 orders; at least 662 of those "
            "would have come anyway, perhaps all. "
            "Last click credits moments without a tier with 60 orders; about 100 came because of "
            "them. That is more than everything together is credited with: each moment counts its "
            "own days.");
}

// The figures are those of "adds up?", so no second look at them costs any certainty.
TEST_F(Tiers, IntervalsHoldTogetherWithTheSumOfAllMoments) {
  meet_all();
  const Findings universal = *world_.all().universal;
  ASSERT_EQ(universal.additivity->moments.size(), 4U);
  double low = 0.0, high = 0.0;
  for (const auto& group : universal.tiers->groups) {
    low += group.created->low;
    high += group.created->high;
    EXPECT_EQ(group.captured->low, group.credited - group.created->high);
    EXPECT_EQ(group.captured->high, group.credited - group.created->low);
  }
  EXPECT_NEAR(low, universal.additivity->sum.low, 1e-6);
  EXPECT_NEAR(high, universal.additivity->sum.high, 1e-6);
}

TEST_F(Tiers, SwappedArmsFlipTheSigns) {
  meet("stories", 400, 200, 0);
  meet("gift-note", 200, 400, 0);
  world_.add({.visitors = 100, .reached = 10, .treated = true}, "");
  const TierFinding tiers = found();
  const Estimate& there = *tiers.groups[0].created;
  const Estimate& back = *tiers.groups[1].created;
  EXPECT_EQ(there.estimate, -back.estimate);
  EXPECT_EQ(there.low, -back.high);
  EXPECT_EQ(there.high, -back.low);
  EXPECT_THAT(tiers.says, HasSubstr("without a tier with 0 orders; in truth about 200 were lost."));
}

// Behind the gate there is no figure, nor its part in a sum.
TEST_F(Tiers, AMomentBehindTheGateIsNamedAndNotCounted) {
  meet("fit-help", 600, 590, 500);
  meet("size-table", 500, 49, 400);
  meet("stories", 49, 49, 20);
  world_.add({.visitors = 100, .reached = 10, .treated = true}, "");
  const TierFinding tiers = found();
  ASSERT_EQ(tiers.groups.size(), 2U);
  EXPECT_FALSE(tiers.groups[0].created.has_value());
  EXPECT_FALSE(tiers.groups[0].captured.has_value());
  EXPECT_THAT(tiers.groups[0].moments, IsEmpty());
  EXPECT_EQ(tiers.groups[0].not_counted.at(0).why, "not enough data yet");
  EXPECT_EQ(tiers.groups[1].credited, 500.0);
  EXPECT_EQ(tiers.groups[1].not_counted.at(0).name, "size-table");
  EXPECT_THAT(tiers.says, HasSubstr("What broad moments create cannot be said yet."));
  const json::value group = to_json(*world_.all().universal).at("tiers").at("groups").at(0);
  EXPECT_TRUE(group.at("created").is_null());
  EXPECT_TRUE(group.at("credited").is_null());
}

TEST_F(Tiers, WithoutATierThereIsNothingToCompare) {
  meet("gift-note", 300, 200, 60);
  world_.add({.visitors = 100, .reached = 10, .treated = true}, "");
  EXPECT_FALSE(world_.all().universal->tiers.has_value());
  const Reports all = world_.all();
  EXPECT_TRUE(to_json(*all.universal).at("tiers").is_null());
  EXPECT_THAT(to_text(all), Not(HasSubstr("by tier")));
  EXPECT_THAT(to_html(all), Not(HasSubstr("Which tier")));
}

TEST_F(Tiers, InWordsInJsonAndAsADrawing) {
  meet_all();
  const Reports all = world_.all();
  const std::string text = to_text(all);
  EXPECT_THAT(text, HasSubstr("  by tier               Last click credits broad moments"));
  EXPECT_THAT(text, HasSubstr("    conversion          900 credited, created +15 ("));
  EXPECT_THAT(text, HasSubstr("all these intervals hold at once"));
  const json::value json = to_json(*all.universal).at("tiers");
  std::vector<std::string> members;
  for (const auto& [key, value] : json.as_object()) members.emplace_back(key);
  EXPECT_THAT(members, ElementsAre("goal", "says", "groups"));
  members.clear();
  for (const auto& [key, value] : json.at("groups").at(2).as_object()) members.emplace_back(key);
  EXPECT_THAT(members,
              ElementsAre("tier", "moments", "not_counted", "credited", "created", "captured"));
  EXPECT_TRUE(json.at("groups").at(2).at("tier").is_null());
  EXPECT_EQ(json.at("groups").at(1).at("credited").as_int64(), 900);
  const std::string html = to_html(all);
  EXPECT_EQ(first_html_problem(html), "");
  EXPECT_THAT(html, HasSubstr("Which tier creates, which captures?"));
  EXPECT_THAT(html, HasSubstr("Captured against created, by tier of the moments"));
}

// The report of the universal holdout alone says the same.
TEST_F(Tiers, AreThoseOfTheUniversalReportToo) {
  meet_all();
  auto alone = report_one(world_.store(), world_.book(), world_.playbook(), "", {World::kNow});
  ASSERT_TRUE(alone.has_value());
  EXPECT_EQ(to_json(*alone->universal).at("tiers"), to_json(*world_.all().universal).at("tiers"));
}

}  // namespace
}  // namespace tact
