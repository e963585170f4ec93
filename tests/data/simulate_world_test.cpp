#include "cli/simulate/world.h"

#include <gtest/gtest.h>

#include <set>

namespace tact::cli {
namespace {

WorldOptions a_world(std::uint64_t seed = 7) {
  return {.visitors = 2000, .seed = seed, .start = *parse_time("2026-01-05"), .span = days(30)};
}

// Everything of a plan that shows.
std::string text_of(const VisitorPlan& plan) {
  std::string text = plan.anonymous_id + "/" + std::string(to_string(plan.wish)) + "/" +
                     std::to_string(static_cast<int>(plan.choice)) + std::string(plan.locale) +
                     std::string(plan.device);
  for (const Visit& visit : plan.visits) {
    text += "\n" + format_time(visit.at) + " " + std::to_string(visit.order_draw) + " " +
            std::to_string(visit.small_draws) + " " +
            std::to_string(visit.sent_back.value_or(Duration{}).count());
    for (const Step& step : visit.steps) {
      text += " " + std::to_string(step.after.count()) + step.path + ":" + step.event +
              (step.item == nullptr ? "" : std::string(step.item->id));
    }
  }
  return text;
}

TEST(World, SameSeedSamePlansAnotherSeedOthers) {
  std::set<std::string> seen;
  for (std::uint64_t v = 0; v < 50; ++v) {
    EXPECT_EQ(text_of(plan_visitor(a_world(), v)), text_of(plan_visitor(a_world(), v)));
    EXPECT_TRUE(seen.insert(text_of(plan_visitor(a_world(), v))).second);
    EXPECT_TRUE(seen.insert(text_of(plan_visitor(a_world(8), v))).second);
  }
}

TEST(World, AnEffectChangesNoPlan) {
  WorldOptions helped = a_world();
  helped.effects["fit-help"] = 1.0;
  for (std::uint64_t v = 0; v < 200; ++v) {
    EXPECT_EQ(text_of(plan_visitor(a_world(), v)), text_of(plan_visitor(helped, v)));
  }
}

TEST(World, TimeGoesForwardsInTicksAndVisitsAreApart) {
  const WorldOptions world = a_world();
  for (std::uint64_t v = 0; v < world.visitors; ++v) {
    const VisitorPlan plan = plan_visitor(world, v);
    ASSERT_FALSE(plan.visits.empty());
    EXPECT_GE(plan.visits.front().at, world.start);
    EXPECT_LT(plan.visits.front().at, world.start + world.span - world.settle);
    Time last = world.start - days(1);
    for (const Visit& visit : plan.visits) {
      EXPECT_GT(visit.at - last, Duration{1h});  // a visit of the engine's ends after half an hour
      ASSERT_FALSE(visit.steps.empty());
      EXPECT_FALSE(visit.steps.front().type.empty());
      last = visit.at;
      for (const Step& step : visit.steps) {
        EXPECT_LT(step.after, Duration{30min});
        EXPECT_EQ(step.after % kTick, Duration{});
        last += step.after;
      }
    }
  }
}

TEST(World, SharesAreAsWritten) {
  const WorldOptions world = a_world();
  double consent = 0, unsure = 0;
  for (std::uint64_t v = 0; v < world.visitors; ++v) {
    const VisitorPlan plan = plan_visitor(world, v);
    consent += plan.choice != Choice::kNever;
    unsure += plan.wish == Wish::kUnsureOfSize;
  }
  // Four standard errors at n = 2,000 are 0.041 and 0.037.
  EXPECT_NEAR(consent / 2000, 0.70, 0.041);
  EXPECT_NEAR(unsure / 2000, 0.22, 0.037);
}

TEST(World, HelpCanDoubleTheChanceToOrder) {
  for (const double base : {0.0, 0.01, 0.2, 0.45}) {
    WorldOptions world = a_world();
    world.base = base;
    double reached = 0, ordered = 0, visits = 0;
    for (std::uint64_t v = 0; v < world.visitors; ++v) {
      for (const Visit& visit : plan_visitor(world, v).visits) {
        EXPECT_LE(visit.order_chance, 0.5);
        ++visits;
        const bool at_checkout = visit.steps.back().checkout;
        reached += at_checkout;
        ordered += at_checkout && visit.order_draw < visit.order_chance;
      }
    }
    EXPECT_GE(reached, ordered);
    EXPECT_NEAR(ordered / visits, base, 0.04);  // four standard errors at n = 2,700 and base 0.45
  }
}

// Who has decided goes straight to the checkout and buys there; nobody is so unless asked for.
TEST(World, SureThingsBuyAlmostSurely) {
  WorldOptions world = a_world();
  for (std::uint64_t v = 0; v < world.visitors; ++v)
    EXPECT_NE(plan_visitor(world, v).wish, Wish::kSureThing);
  world.wishes = {Wish::kSureThing};
  double ordered = 0;
  for (std::uint64_t v = 0; v < world.visitors; ++v) {
    const Visit visit = plan_visitor(world, v).visits.front();
    ASSERT_TRUE(visit.steps.back().checkout);
    ordered += visit.order_draw < visit.order_chance;
  }
  EXPECT_NEAR(ordered / 2000, 0.95, 0.02);  // four standard errors
}

TEST(World, OnlyTheWishesAskedFor) {
  WorldOptions world = a_world();
  world.wishes = {Wish::kGift, Wish::kComparing};
  std::set<Wish> met;
  for (std::uint64_t v = 0; v < 200; ++v) met.insert(plan_visitor(world, v).wish);
  EXPECT_EQ(met, (std::set<Wish>{Wish::kGift, Wish::kComparing}));
  for (std::size_t i = 0; i < kWishes; ++i) {
    EXPECT_EQ(parse_wish(to_string(static_cast<Wish>(i))), static_cast<Wish>(i));
  }
  EXPECT_EQ(parse_wish("riches"), std::nullopt);
}

TEST(World, WavesAreTicksApart) {
  for (const std::uint64_t visitors : {1U, 100U, 10'000U, 10'000'000U}) {
    WorldOptions world = a_world();
    world.visitors = visitors;
    EXPECT_EQ(wave_distance(world) % kTick, Duration{});
    EXPECT_GE(wave_distance(world), Duration{5min});
    EXPECT_LE(wave_distance(world), Duration{6h});
  }
}

}  // namespace
}  // namespace tact::cli
