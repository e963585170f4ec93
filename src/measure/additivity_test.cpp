// Do moments add up to the whole? In worlds where the truth is known, because every visitor is
// drawn with all that he meets.
#include "measure/internal/additivity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>

#include "measure/html_test_util.h"
#include "measure/internal/moment.h"
#include "measure/report_html.h"
#include "measure/report_json.h"
#include "measure/report_test_util.h"
#include "measure/report_text.h"

namespace tact {
namespace {

using internal::add_up;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Reading = AdditivityFinding::Reading;

constexpr Day kDays = 30, kNow = 60;

// Visitors of two moments, by how many of them they are shown.
struct Joint {
  int visitors = 60'000;
  double meets = 0.9;       // each of the moments; who meets none is not counted
  double hold_back = 0.15;  // of each moment
  double holdout = 0.2;     // of everything
  std::array<double, 3> rate = {0.05, 0.08, 0.11};  // by how many were shown
};

Experiment experiment(const std::string& moment) {
  Experiment out;
  out.id = moment.empty() ? 1 : hash64(moment);
  out.moment = moment;
  WatchedGoal orders;
  orders.goal.id = "orders";
  orders.goal.within = days(14);
  out.goals = {orders};
  return out;
}

// One experiment's rows as sums, and its report.
class Side {
 public:
  Side(const std::string& moment, double hold_back)
      : plan_(
            internal::plan_of(experiment(moment), {static_cast<int>(hold_back * 1e6 + 0.5)}, {})) {
    plan_.dimensions.clear();
    plan_.clustered = false;
    sums_.emplace(plan_);
    facts_.resize_for(plan_);
  }
  void add(Day day, bool shown, bool ordered) {
    facts_.arm = shown ? 1 : 0;
    facts_.at = start_of(day);
    facts_.metrics[0].value = ordered ? 1 : 0;
    EXPECT_TRUE(sums_->add(facts_).has_value());
  }
  Findings report() const {
    AnalyseOptions options;
    options.now = start_of(kNow);
    auto made = analyse(plan_, *sums_, options);
    EXPECT_TRUE(made.has_value());
    return std::move(made).value();
  }

 private:
  Plan plan_;
  std::optional<Sums> sums_;
  UnitFacts facts_;
};

AdditivityFinding live_through(const Joint& joint, std::mt19937_64& random) {
  std::uniform_real_distribution<double> draw(0.0, 1.0);
  Side whole("", joint.holdout);
  std::array<Side, 2> moments = {Side("a", joint.hold_back), Side("b", joint.hold_back)};
  for (int i = 0; i < joint.visitors; ++i) {
    const Day day = i % kDays;
    const bool out = draw(random) < joint.holdout;
    std::array<bool, 2> met{}, shown{};
    for (std::size_t m = 0; m < 2; ++m) {
      met[m] = draw(random) < joint.meets;
      shown[m] = draw(random) >= joint.hold_back && met[m] && !out;
    }
    if (!met[0] && !met[1]) continue;
    const auto seen = static_cast<std::size_t>(shown[0]) + static_cast<std::size_t>(shown[1]);
    const bool ordered = draw(random) < joint.rate[seen];
    whole.add(day, !out, ordered);
    for (std::size_t m = 0; m < 2; ++m) {
      if (met[m] && !out) moments[m].add(day, shown[m], ordered);
    }
  }
  const std::vector<Findings> reports = {moments[0].report(), moments[1].report()};
  auto found = add_up(whole.report(), reports, {}, 0.05);
  EXPECT_TRUE(found.has_value() && found->has_value());
  return **found;
}

// The sum and the whole are on one scale: their gap is 0 on average, and never called one. A
// promise of 5 % would be broken more than 8 times in 40 once in 10,000 seeds.
TEST(Additivity, EffectsThatAddUpLeaveNoGap) {
  std::mt19937_64 random(20'251'124);
  constexpr int kWorlds = 40;
  double sum = 0.0, squares = 0.0, whole = 0.0;
  int false_findings = 0;
  for (int world = 0; world < kWorlds; ++world) {
    const AdditivityFinding found = live_through({.visitors = 30'000}, random);
    false_findings += found.reading != Reading::kNotClear;
    sum += found.gap.estimate;
    squares += found.gap.estimate * found.gap.estimate;
    whole += found.whole.incremental.estimate;
  }
  const double mean = sum / kWorlds;
  const double error = std::sqrt((squares / kWorlds - mean * mean) / kWorlds);
  EXPECT_LT(std::fabs(mean), 4.0 * error);
  EXPECT_LT(error, 0.05 * whole / kWorlds);  // so that another scale would be seen
  EXPECT_LE(false_findings, 8);
}

// The second moment shown adds nothing: with one held back, the other still brings the order, and
// neither is credited with it.
TEST(Additivity, MomentsThatStandInForEachOtherSumToLess) {
  std::mt19937_64 random(7);
  for (int world = 0; world < 5; ++world) {
    const AdditivityFinding found = live_through({.rate = {0.05, 0.15, 0.15}}, random);
    EXPECT_EQ(found.reading, Reading::kSumSmaller) << found.says;
    EXPECT_LT(found.gap.high, 0.0);
    EXPECT_THAT(found.says, HasSubstr("bring more than one by one: orders are counted for no"));
  }
}

// An order takes both: each is credited with it.
TEST(Additivity, MomentsThatNeedEachOtherSumToMore) {
  std::mt19937_64 random(8);
  for (int world = 0; world < 5; ++world) {
    const AdditivityFinding found = live_through({.rate = {0.05, 0.05, 0.15}}, random);
    EXPECT_EQ(found.reading, Reading::kSumLarger) << found.says;
    EXPECT_THAT(found.says, HasSubstr("bring less than one by one: orders that take several"));
  }
}

TEST(Additivity, LossesAreToldAsLosses) {
  std::mt19937_64 random(9);
  const AdditivityFinding any = live_through({.rate = {0.15, 0.05, 0.05}}, random);
  EXPECT_EQ(any.reading, Reading::kSumLarger);
  EXPECT_THAT(any.says, HasSubstr("less than one by one: lost orders are counted for no moment"));
  const AdditivityFinding both = live_through({.rate = {0.15, 0.15, 0.05}}, random);
  EXPECT_EQ(both.reading, Reading::kSumSmaller);
  EXPECT_THAT(both.says, HasSubstr("more than one by one: lost orders that take several"));
}

Findings of_counts(const std::string& moment, double hold_back, std::array<int, 2> visitors,
                   std::array<int, 2> ordered, Day last = kDays) {
  Side side(moment, hold_back);
  for (std::size_t arm = 0; arm < 2; ++arm) {
    for (int i = 0; i < visitors[arm]; ++i) {
      // Days are mixed, so that every day has every kind of visitor.
      side.add((i * 7) % last, arm == 1, i < ordered[arm]);
    }
  }
  return side.report();
}

Findings half(const std::string& moment, int held_back, int shown) {
  return of_counts(moment, 0.5, {4'000, 4'000}, {held_back, shown});
}

std::optional<AdditivityFinding> added(const Findings& whole, const std::vector<Findings>& moments,
                                       const std::vector<std::string>& gone = {}) {
  auto found = add_up(whole, moments, gone, 0.05);
  EXPECT_TRUE(found.has_value());
  return std::move(found).value();
}

TEST(Additivity, ByHand) {
  const auto found = added(half("", 200, 360), {half("a", 200, 300), half("b", 200, 280)});
  ASSERT_TRUE(found.has_value());
  EXPECT_NEAR(found->sum.estimate, 180.0, 1e-9);
  EXPECT_NEAR(found->whole.incremental.estimate, 160.0, 1e-9);
  EXPECT_NEAR(found->gap.estimate, 20.0, 1e-9);
  EXPECT_EQ(found->days_apart, 0.0);
  EXPECT_EQ(found->moments[0].shown, 4'000);
  // No correlation is assumed: the ends are the sums of ends that hold together, at alpha / 3.
  const double p = 300.0 / 4'000, q = 200.0 / 4'000;
  const double error = 4'000 * std::sqrt((p * (1 - p) + q * (1 - q)) / 3'999.0);
  stats::SequenceOptions options;
  options.alpha = 0.05 / 3;
  const auto critical = stats::sequence_critical(8'000, options);
  ASSERT_TRUE(critical.has_value());
  EXPECT_NEAR(found->moments[0].incremental.high, 100.0 + *critical * error, 1e-3);
  EXPECT_EQ(found->sum.high,
            found->moments[0].incremental.high + found->moments[1].incremental.high);
  EXPECT_EQ(found->gap.high, found->sum.high - found->whole.incremental.low);
}

TEST(Additivity, SwappedArmsFlipEverySign) {
  const auto there = added(half("", 200, 360), {half("a", 200, 300), half("b", 180, 290)});
  const auto back = added(half("", 360, 200), {half("a", 300, 200), half("b", 290, 180)});
  const auto flipped = [](const Estimate& a, const Estimate& b) {
    return a.estimate == -b.estimate && a.low == -b.high && a.high == -b.low;
  };
  EXPECT_TRUE(flipped(there->sum, back->sum));
  EXPECT_TRUE(flipped(there->gap, back->gap));
  EXPECT_TRUE(flipped(there->whole.incremental, back->whole.incremental));
  EXPECT_TRUE(flipped(there->moments[1].incremental, back->moments[1].incremental));
}

// Behind the gate there is no figure, not of the whole and not of a moment.
TEST(Additivity, TooLittleDataIsNotAdded) {
  const std::vector<Findings> moments = {half("a", 200, 300), half("b", 200, 280)};
  const auto thin = added(half("", 49, 360), moments);
  ASSERT_TRUE(thin.has_value());
  EXPECT_EQ(thin->reading, Reading::kNotAdded);
  EXPECT_TRUE(thin->moments.empty());
  EXPECT_EQ(thin->gap.high, 0.0);
  const auto one = added(half("", 200, 360), {half("a", 200, 300), half("b", 49, 280)});
  EXPECT_EQ(one->reading, Reading::kNotAdded);
  EXPECT_EQ(one->not_counted[0].why, "not enough data yet");
  EXPECT_THAT(one->says, HasSubstr("not added up yet"));
  Side nobody("c", 0.5);
  EXPECT_FALSE(added(half("", 200, 360), {nobody.report()}).has_value());
}

// What was shown and is not in the sum takes the meaning from a gap, however clear.
TEST(Additivity, WhatIsNotCountedIsNamed) {
  const std::vector<Findings> moments = {half("a", 200, 2'000), half("b", 200, 2'000),
                                         half("c", 49, 280),
                                         of_counts("d", 0.5, {4'000, 3'000}, {200, 300})};
  Findings other = half("e", 200, 300);
  other.plan.metrics[0].name = "trials";
  std::vector<Findings> all = moments;
  all.push_back(other);
  const auto found = added(half("", 200, 360), all, {"old-sale"});
  EXPECT_EQ(found->reading, Reading::kIncomplete);
  EXPECT_EQ(found->moments.size(), 2u);
  EXPECT_GT(found->gap.low, 0.0);
  std::vector<std::string> named;
  for (const auto& one : found->not_counted) named.push_back(one.name + ": " + one.why);
  EXPECT_THAT(named,
              ElementsAre("c: not enough data yet", "d: its arms are not what they should be",
                          "e: does not count orders", "old-sale: no longer in the playbook"));
  EXPECT_THAT(found->says, HasSubstr("cannot be said: c, d, e, old-sale are not in the sum."));
  EXPECT_THAT(found->says, Not(HasSubstr("one by one")));
}

// A moment that ended early has nothing more to count; one whose visitors are still to come does.
TEST(Additivity, DaysThatOneCountsAloneWidenTheGap) {
  const Findings whole = half("", 200, 360), b = half("b", 200, 280);
  Findings ended = of_counts("a", 0.5, {4'000, 4'000}, {200, 300}, 20);
  EXPECT_EQ(added(whole, {ended, b})->days_apart, 0.0);
  ended.waiting = true;
  const auto apart = added(whole, {ended, b});
  EXPECT_NEAR(apart->days_apart, 0.5 * apart->moments[0].incremental.high, 1e-9);
  EXPECT_EQ(apart->gap.high, (apart->sum.high - apart->whole.incremental.low) + apart->days_apart);
}

class Shown : public ::testing::Test {
 protected:
  Shown() {
    for (const char* moment : {"fit-help", "gift-note"}) {
      world_.add({.visitors = 9'000, .reached = 900, .treated = true}, moment);
      world_.add({.visitors = 1'000, .reached = 60, .treated = false}, moment);
    }
    world_.add({.visitors = 19'000, .reached = 2'100, .treated = true}, "");
    world_.add({.visitors = 1'000, .reached = 60, .treated = false}, "");
  }
  Reports universal() {
    auto made = report_one(world_.store(), world_.book(), world_.playbook(), "", {World::kNow});
    EXPECT_TRUE(made.has_value());
    return std::move(made).value();
  }
  World world_;
};

TEST_F(Shown, InTheReportOfAllAndOfTheUniversalHoldoutAlike) {
  const json::object all = to_json(*world_.all().universal);
  const json::object alone = to_json(*universal().universal);
  EXPECT_EQ(all.at("additivity"), alone.at("additivity"));
  EXPECT_NEAR(all.at("additivity").at("sum").at("estimate").as_double(), 720.0, 1e-6);
  EXPECT_NE(universal().data_hash, Reports{}.data_hash);
  EXPECT_FALSE(to_json(world_.report()).contains("additivity"));
}

TEST_F(Shown, JsonHasTheMembersThatTheDocumentNames) {
  const json::value found = to_json(*world_.all().universal).at("additivity");
  std::vector<std::string> members;
  for (const auto& [key, value] : found.as_object()) members.emplace_back(key);
  EXPECT_THAT(members, ElementsAre("goal", "reading", "says", "moments", "not_counted", "universal",
                                   "sum", "gap", "days_apart"));
  EXPECT_EQ(found.at("reading").as_string(), "not clear");
  EXPECT_EQ(found.at("moments").at(1).at("moment").as_string(), "gift-note");
  members.clear();
  for (const auto& [key, value] : found.at("moments").at(0).as_object()) members.emplace_back(key);
  EXPECT_THAT(members, ElementsAre("moment", "visitors", "incremental", "from", "to"));
  EXPECT_EQ(found.at("universal").at("visitors").as_int64(), 19'000);
}

TEST_F(Shown, InWordsAndAsADrawingWithATable) {
  const Reports reports = universal();
  const std::string text = to_text(reports);
  EXPECT_THAT(text, HasSubstr("adds up?"));
  EXPECT_THAT(text, HasSubstr("  sum less everything"));
  const std::string html = to_html(reports);
  EXPECT_EQ(first_html_problem(html), "");
  EXPECT_THAT(html, HasSubstr("Do the moments add up?"));
  EXPECT_THAT(html, HasSubstr("Sum of the moments&#39;"));
  EXPECT_THAT(html, HasSubstr("sum of the moments"));
}

TEST_F(Shown, AMomentTakenOutOfThePlaybookIsNamed) {
  world_.playbook().moments.pop_back();
  world_.add_moments({{"new-help", "begin"}});
  world_.add({.visitors = 9'000, .reached = 900, .treated = true}, "new-help");
  world_.add({.visitors = 1'000, .reached = 60, .treated = false}, "new-help");
  const auto found = *world_.all().universal->additivity;
  EXPECT_EQ(found.reading, Reading::kIncomplete);
  ASSERT_EQ(found.not_counted.size(), 1u);
  EXPECT_EQ(found.not_counted[0].name, "gift-note");
}

}  // namespace
}  // namespace tact
