// Captured against created by a model of what would have come anyway, in worlds whose truth is
// known. Seeded; bounds are said where they are used.
#include "measure/likelihood.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>
#include <thread>

#include "measure/analyse_test_util.h"
#include "measure/report.h"
#include "measure/report_json.h"

namespace tact {
namespace {

constexpr Day kFirst = 20'000;

// Orders within two weeks; a hint of what is likely, in [0, 1), and noise.
Plan plan_of_orders() {
  Plan plan = two_arms();
  plan.metrics[0].within = days(14);
  plan.dimensions = {{"device", {"desktop", "mobile"}}, {"orders before", {"none", "some"}, true}};
  plan.features = {"hint", "noise"};
  return plan;
}

struct Rates {
  double sure = 0.6, doubtful = 0.05;  // anyway: of those with a hint above 2/3, of the others
  double sure_more = 0.0, doubt_more = 0.0;  // by the treatment
};

// Half held back, over ten days; whoever was shown it and orders is credited to it.
UnitList world(const Plan& plan, const Rates& rates, int units, std::uint64_t seed) {
  UnitList list(plan);
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (int i = 0; i < units; ++i) {
    const double hint = unit(random);
    const bool sure = hint > 2.0 / 3.0;
    const std::uint32_t arm = i % 2 == 0 ? 0 : 1;
    const double anyway = sure ? rates.sure : rates.doubtful;
    const double chance = anyway + (arm == 0 ? 0.0 : sure ? rates.sure_more : rates.doubt_more);
    UnitFacts& facts = list.add(arm, kFirst + i / 2 % 10, unit(random) < chance ? 1 : 0);
    facts.key = random();
    facts.cells = {static_cast<std::int32_t>(random() % 2),
                   static_cast<std::int32_t>(random() % 2)};
    facts.features = {static_cast<float>(hint), static_cast<float>(unit(random))};
    if (arm == 1) facts.metrics[0].credit.last = facts.metrics[0].value;
  }
  return list;
}

Findings by_likelihood(const Plan& plan, const UnitSource& units, Day now = kFirst + 60,
                       bool once = true) {
  AnalyseOptions options;
  options.now = start_of(now);
  auto findings = analyse_by_likelihood(plan, units, options, {}, once);
  if (!findings.has_value()) {
    ADD_FAILURE() << findings.error().to_text();
    return {};
  }
  return std::move(*findings);
}

std::string last_of(const std::vector<std::string>& lines) {
  return lines.empty() ? std::string() : lines.back();
}

TEST(Likelihood, SureThingsAreCaptured) {
  const Plan plan = plan_of_orders();
  const Findings found = by_likelihood(plan, world(plan, {}, 40'000, 1));
  ASSERT_EQ(found.credit.strata.size(), 3u) << last_of(found.method);
  EXPECT_EQ(found.credit.strata_by, "likely anyway");
  const auto& most = found.credit.strata.back();
  // A third of 20,000 shown at 60 %: nearly all of the credit, and none of it created.
  EXPECT_NEAR(most.credited, 4'000, 300);
  EXPECT_GT(most.credited, 0.7 * found.credit.credited.last);
  for (const auto& stratum : found.credit.strata) {
    ASSERT_TRUE(stratum.created.has_value()) << stratum.name;
    EXPECT_LE(stratum.created->low, 0.0) << stratum.name;
    EXPECT_GE(stratum.created->high, 0.0) << stratum.name;
  }
  EXPECT_LT(most.created->high, 0.15 * most.credited);
  ASSERT_TRUE(found.credit.captured.has_value());
  EXPECT_GT(found.credit.captured->low, 0.8 * found.credit.credited.last);
}

TEST(Likelihood, ThePersuadedAreCreatedWhereTheyAre) {
  const Plan plan = plan_of_orders();
  const Findings found = by_likelihood(plan, world(plan, {.doubt_more = 0.10}, 40'000, 2));
  ASSERT_EQ(found.credit.strata.size(), 3u) << last_of(found.method);
  // Two thirds of 20,000 shown, a tenth of them persuaded: about 667 in each of the lower strata,
  // and in the highest none.
  for (std::size_t stratum = 0; stratum < 2; ++stratum) {
    const Estimate created = found.credit.strata[stratum].created.value();
    EXPECT_GT(created.low, 0.0) << stratum;
    EXPECT_LT(created.low, 667.0) << stratum;
    EXPECT_GT(created.high, 667.0) << stratum;
  }
  const auto& most = found.credit.strata.back();
  EXPECT_LE(most.created->low, 0.0);
  EXPECT_LT(most.created->high, 0.15 * most.credited);
}

TEST(Likelihood, EverybodyIsInAStratumAndArmsAreAlike) {
  const Plan plan = plan_of_orders();
  const Findings found = by_likelihood(plan, world(plan, {}, 40'000, 3));
  const SegmentFinding& segment = found.segments.back();
  EXPECT_EQ(segment.not_shown, 0);
  EXPECT_FALSE(found.plan.dimensions[1].propensity);
  for (const SegmentCell& cell : segment.cells) {
    ASSERT_FALSE(cell.withheld);
    EXPECT_FALSE(cell.ratio_failed);
    // Of the fit's few hundred a third, of everybody nearly so.
    for (const ArmCounts& arm : cell.arms) EXPECT_NEAR(arm.units, 6'667, 2'000) << cell.name;
  }
  // The model sees the hint: the strata part in what happens without the treatment.
  EXPECT_LT(segment.cells[0].arms[0].mean(), 0.08);
  EXPECT_GT(segment.cells[2].arms[0].mean(), 0.45);
}

// Who is in which stratum is settled by the first days that are enough: later days, in which all is
// the other way round, move nobody. Where the model may learn from everybody, they do.
TEST(Likelihood, NobodyChangesHisStratumLater) {
  const Plan plan = plan_of_orders();
  UnitList units = world(plan, {}, 20'000, 4);
  const auto lowest = [&](Day now, bool once) {
    const Findings found = by_likelihood(plan, units, now, once);
    const SegmentCell& cell = found.segments.back().cells.front();
    return cell.withheld ? std::vector<std::int64_t>{}
                         : std::vector<std::int64_t>{cell.arms[0].units, cell.arms[1].units};
  };
  const auto before = lowest(kFirst + 60, true), refitted_before = lowest(kFirst + 60, false);
  std::mt19937_64 random(5);
  for (int i = 0; i < 40'000; ++i) {
    UnitFacts& facts = units.add(i % 2 == 0 ? 0 : 1, kFirst + 20 + i / 2 % 10, 0);
    facts.key = random();
    facts.cells = {i / 2 % 2, i / 4 % 2};
    facts.features = {0.95F, 0.5F};  // sure before, and none of them orders
  }
  ASSERT_EQ(before.size(), 2u);
  EXPECT_EQ(lowest(kFirst + 120, true), before);
  EXPECT_NE(lowest(kFirst + 120, false), refitted_before);
}

TEST(Likelihood, WithTooLittleDataThePresentStrataStay) {
  const Plan plan = plan_of_orders();
  const Findings found =
      by_likelihood(plan, world(plan, {.sure = 0.10, .doubtful = 0.10}, 1'800, 6));
  EXPECT_EQ(found.plan.dimensions.size(), 2u);
  EXPECT_EQ(found.credit.strata_by, "orders before");
  EXPECT_NE(last_of(found.method).find("it takes 100 held back"), std::string::npos);
  // While the windows are open nothing may be learnt either.
  const Findings young = by_likelihood(plan, world(plan, {}, 40'000, 7), kFirst + 12);
  EXPECT_EQ(young.plan.dimensions.size(), 2u);
}

TEST(Likelihood, WithoutAnythingToTellThePresentStrataStay) {
  const Plan plan = plan_of_orders();
  const Findings found =
      by_likelihood(plan, world(plan, {.sure = 0.2, .doubtful = 0.2}, 20'000, 8));
  EXPECT_EQ(found.credit.strata_by, "orders before");
  EXPECT_NE(last_of(found.method).find("does not tell who is likelier"), std::string::npos)
      << last_of(found.method);
}

TEST(Likelihood, TheSameDataGiveTheSameBytes) {
  const Plan plan = plan_of_orders();
  const UnitList units = world(plan, {}, 10'000, 9);
  const auto bytes = [&] {
    Reports reports;
    reports.moments.push_back(by_likelihood(plan, units));
    return to_pretty_string(to_json(reports));
  };
  EXPECT_EQ(bytes(), bytes());
}

// One part takes so long that the other thread does all the others.
class Slow final : public UnitSource {
 public:
  Slow(const UnitSource& source, std::size_t part) : source_(source), part_(part) {}
  std::size_t parts() const override { return source_.parts(); }
  Status scan(std::size_t part, const Visit& visit) const override {
    if (part == part_) std::this_thread::sleep_for(std::chrono::milliseconds(30));
    return source_.scan(part, visit);
  }

 private:
  const UnitSource& source_;
  std::size_t part_;
};

// Of more than a model learns from, keys do not tell who comes first: one for each fold.
TEST(Likelihood, WhichThreadReadsWhatChangesNothing) {
  const Plan plan = plan_of_orders();
  UnitList units = world(plan, {}, 2 * 55'000, 9);
  for (UnitFacts& facts : units.units()) facts.key = facts.key % 5 << 32U;
  const auto bytes = [&](std::size_t slow) {
    Reports reports;
    reports.moments.push_back(by_likelihood(plan, Slow(units, slow), kFirst + 60, false));
    return to_pretty_string(to_json(reports));
  };
  const std::string first = bytes(0);
  EXPECT_NE(first.find("fitted on 50,000 held back"), std::string::npos);
  EXPECT_EQ(bytes(1), first);
}

// The treated teach nothing: whatever they did, everybody stands where he stood.
TEST(Likelihood, OnlyTheHeldBackTeach) {
  const Plan plan = plan_of_orders();
  UnitList units = world(plan, {}, 20'000, 10);
  const auto counts = [&] {
    std::vector<std::int64_t> out;
    const Findings found = by_likelihood(plan, units);
    for (const SegmentCell& cell : found.segments.back().cells) {
      for (const ArmCounts& arm : cell.arms) out.push_back(arm.units);
    }
    return out;
  };
  const auto before = counts();
  ASSERT_EQ(before.size(), 6u);
  for (UnitFacts& facts : units.units()) {
    if (facts.arm == 1) facts.metrics[0].value = 1 - facts.metrics[0].value;
  }
  EXPECT_EQ(counts(), before);
}

TEST(Likelihood, StopsBetweenTwoTrees) {
  const Plan plan = plan_of_orders();
  AnalyseOptions options;
  options.now = start_of(kFirst + 60);
  std::stop_source stop;
  stop.request_stop();
  options.stop = stop.get_token();
  const auto found = analyse_by_likelihood(plan, world(plan, {}, 4'000, 41), options, {}, true);
  EXPECT_EQ(found.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace tact
