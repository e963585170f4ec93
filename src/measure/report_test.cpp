// Rows written by hand into a real store, with known counts, give exact figures.
#include "measure/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "measure/report_json.h"
#include "measure/report_test_util.h"

namespace tact {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Report, ExactFiguresOfKnownCounts) {
  World world;
  world.add({.visitors = 9'000, .reached = 900, .treated = true, .attributed = 700});
  world.add({.visitors = 1'000, .reached = 60, .treated = false});
  const MomentReport report = world.report();
  ASSERT_EQ(report.primary()->shown.visitors, 9'000);
  EXPECT_EQ(report.primary()->shown.reached, 900);
  EXPECT_EQ(report.primary()->held_back.outcomes, 60);
  EXPECT_EQ(report.primary()->shown.attributed, 700);
  ASSERT_TRUE(report.primary()->effect.has_value());
  const Effect& effect = *report.primary()->effect;
  EXPECT_NEAR(effect.difference.estimate, 0.04, 1e-12);
  EXPECT_NEAR(effect.incremental.estimate, 360.0, 1e-8);
  EXPECT_EQ(report.verdict, Verdict::kHelps) << report.says;
  EXPECT_EQ(
      report.says,
      "It helps: about 40 more orders per 1,000 visitors who want to be sure about the size.");
  EXPECT_EQ(report.hypothesis_says, "The hypothesis held: more orders.");
  EXPECT_EQ(
      report.credited_says,
      "Last click would credit it with 700 orders; about 340 of those would have come anyway.");
  std::printf("%s\n", to_pretty_string(to_json(report)).c_str());
}

}  // namespace
}  // namespace tact
