// One scan that finds the values of the open dimensions sums what two scans do.
#include "measure/internal/open_sums.h"

#include <gtest/gtest.h>

#include <random>

#include "measure/cut.h"
#include "measure/internal/moment_sums.h"
#include "measure/report_test_util.h"

namespace tact::internal {
namespace {

TEST(ValueIndex, NumbersAreThoseOfTheFirstMeeting) {
  ValueIndex index;
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < 5'000; ++i) ASSERT_EQ(index.number_of(i % 2, std::to_string(i)), i);
  }
  EXPECT_EQ(index.number_of(0, ""), 5'000u);
  EXPECT_EQ(index.number_of(1, "4999"), 4'999u);
  EXPECT_EQ(index.number_of(0, "4999"), 5'001u) << "of another dimension";
  EXPECT_EQ(index.values().size(), 5'002u);
  EXPECT_EQ(index.values()[17].text, "17");
  EXPECT_EQ(index.values()[17].dimension, 1u);
}

std::string some(std::mt19937_64& random, const char* name, unsigned values) {
  const auto number = std::min(random() % values, random() % values);  // some are rare
  return number == 0 ? "" : name + std::to_string(number);
}

Exposure drawn(std::mt19937_64& random, const Experiment& experiment) {
  Exposure row;
  row.experiment = experiment.id;
  row.at = World::kNow - days(static_cast<int>(1 + random() % 90));
  row.treated = random() % 2 == 0;
  row.crossover = random() % 30 == 0;
  row.simulated = random() % 5 == 0;
  row.prior_orders = static_cast<std::uint32_t>(random() % 5);
  row.covariates.region = some(random, "R", 60);
  row.covariates.page_type = some(random, "page", 5);
  row.covariates.intent = some(random, "a longer name of an intent ", 25);
  row.covariates.stage = some(random, "stage", 4);
  if (random() % 2 == 0) row.covariates.intent_level = IntentLevel::kUnclear;
  if (random() % 4 == 0) {
    row.goals = {{.goal = experiment.goals[0].key, .count = 1, .value_minor = 4'999}};
  }
  return row;
}

void write_rows(World& world, const Experiment& experiment, std::uint64_t seed, int rows) {
  std::mt19937_64 random(seed);
  Batch batch;
  for (int i = 0; i < rows; ++i) {
    VisitorId visitor;
    for (auto& byte : visitor.bytes) byte = static_cast<std::uint8_t>(random());
    ByteWriter out;
    drawn(random, experiment).encode(out);
    batch.put(Family::kFacts, keys::facts(experiment.id, visitor), out.take());
  }
  world.write(batch);
}

void expect_same(const Sums& a, const Sums& b) {
  EXPECT_EQ(a.units(), b.units());
  EXPECT_EQ(a.left_out_simulated(), b.left_out_simulated());
  ASSERT_EQ(a.first_day(), b.first_day());
  ASSERT_EQ(a.end_day(), b.end_day());
  for (Day day = a.first_day(); day < a.end_day(); ++day) {
    const DaySums *one = a.day(day), *other = b.day(day);
    ASSERT_EQ(one == nullptr, other == nullptr);
    if (one == nullptr) continue;
    EXPECT_EQ(one->metrics, other->metrics);
    ASSERT_EQ(one->groups.size(), other->groups.size());
    for (std::size_t group = 0; group < one->groups.size(); ++group) {
      EXPECT_EQ(one->groups.primary(group), other->groups.primary(group));
      EXPECT_EQ(one->groups.count(group), other->groups.count(group));
    }
  }
}

class OneScan : public ::testing::TestWithParam<bool> {};

TEST_P(OneScan, SumsWhatTwoScansDo) {
  World world;
  const Experiment& experiment = world.experiment();
  write_rows(world, experiment, 7, 20'000);
  ReportOptions options{World::kNow};
  options.include_simulated = GetParam();
  const SumOptions how{true, options.include_simulated};

  const auto opened = open_dimensions(world.store(), experiment, options);
  ASSERT_TRUE(opened.has_value());
  const Plan plan = plan_of(experiment, {500'000}, options, *opened);
  const FactSource two(world.store(), experiment, plan, options.now, options.include_simulated,
                       *opened);
  const auto expected = sum_units(two, plan, how);
  ASSERT_TRUE(expected.has_value());

  const Plan closed = without_open(plan);
  const FactSource one(world.store(), experiment, closed, options.now, options.include_simulated);
  auto scan = scan_open(one, closed, how);
  ASSERT_TRUE(scan.has_value() && scan->has_value());
  const Opened found = (*scan)->name({});
  ASSERT_EQ(plan_of(experiment, {500'000}, options, found).dimensions.size(), 10u);
  for (std::size_t d = 0; d < found.size(); ++d) EXPECT_EQ(found[d].names(), (*opened)[d].names());
  EXPECT_EQ(found[0].names().size(), kMostNamed + 1);
  expect_same(std::move(**scan).finish(plan, found), *expected);
  EXPECT_EQ(one.data_hash(), two.data_hash());
}

INSTANTIATE_TEST_SUITE_P(Simulated, OneScan, ::testing::Bool());

TEST(OpenScan, GivesUpWhereThereAreTooManyValuesAndDays) {
  World world;
  const Experiment& experiment = world.experiment();
  write_rows(world, experiment, 8, 4'000);
  const Plan closed = without_open(plan_of(experiment, {500'000}, {}));
  const FactSource source(world.store(), experiment, closed, World::kNow, true);
  const auto enough = scan_open(source, closed, {}, 16u << 20);
  ASSERT_TRUE(enough.has_value());
  EXPECT_TRUE(enough->has_value());
  const auto scan = scan_open(source, closed, {}, 256u << 10);
  ASSERT_TRUE(scan.has_value());
  EXPECT_FALSE(scan->has_value());
}

// Fifty arms take so much memory for each value and day that a report needs both scans.
TEST(OpenScan, AReportThatGaveUpScansTwice) {
  World world;
  Experiment experiment;
  experiment.id = 77;
  experiment.name = "wide";
  experiment.goals.resize(1);
  experiment.goals[0].key = 1;
  experiment.goals[0].goal.id = "orders";
  experiment.goals[0].goal.within = days(7);
  for (int arm = 0; arm < 50; ++arm) {
    experiment.arms.push_back({.id = "arm" + std::to_string(arm), .weight = {20'000}});
  }
  Batch batch;
  std::mt19937_64 random(9);
  for (int i = 0; i < 20'000; ++i) {
    Exposure row;
    row.experiment = experiment.id;
    row.at = World::kNow - days(30);
    row.is_arm = true;
    row.variant = experiment.arms[static_cast<std::size_t>(i % 50)].id;
    row.covariates.region = i < 100 ? "DE" : "R" + std::to_string(i);
    ByteWriter out;
    row.encode(out);
    VisitorId visitor;
    for (auto& byte : visitor.bytes) byte = static_cast<std::uint8_t>(random());
    batch.put(Family::kFacts, keys::facts(experiment.id, visitor), out.take());
  }
  world.write(batch);
  const auto report = report_experiment(world.store(), experiment, {World::kNow});
  ASSERT_TRUE(report.has_value()) << report.error().to_text();
  EXPECT_EQ(report->plan.dimensions[6].cells, (std::vector<std::string>{"DE", "other"}));
  EXPECT_EQ(report->units(), 20'000);
}

}  // namespace
}  // namespace tact::internal
