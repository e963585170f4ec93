// Faster than a person can look: the rule, and what the fold makes of it.
#include "profile/pace.h"

#include "profile/fold_test_util.h"

namespace tact {
namespace {

using namespace fold_test;

// Page views each `apart`, the first one at kStart.
Pace after_pages(std::uint32_t pages, Duration apart) {
  Pace pace;
  for (std::uint32_t i = 0; i < pages; ++i) pace.note(kStart + apart * i, true);
  return pace;
}

TEST(Pace, IsBrokenByMorePagesThanAPersonCanOpen) {
  const Duration fast{100};
  EXPECT_FALSE(after_pages(kPacePages, fast).is_broken(kStart + fast * kPacePages));
  EXPECT_TRUE(after_pages(kPacePages + 1, fast).is_broken(kStart + fast * kPacePages));
  EXPECT_FALSE(after_pages(10 * kPacePages, kPaceWindow / kPacePages).is_broken(kStart + 1h));
}

TEST(Pace, CountsOnlyPageViews) {
  Pace pace;
  for (int i = 0; i < 1'000; ++i) pace.note(kStart, false);
  EXPECT_FALSE(pace.is_broken(kStart));
}

TEST(Pace, LateEventsAreNotCounted) {
  Pace pace = after_pages(1, 0s);
  for (int i = 1; i < 1'000; ++i) pace.note(kStart - Duration{i}, true);
  EXPECT_FALSE(pace.is_broken(kStart));
}

TEST(Pace, HealsAfterARest) {
  Pace pace = after_pages(kPacePages + 1, 0s);
  pace.note(kStart + kPaceRest, false);  // still at it, however slowly now
  EXPECT_TRUE(pace.is_broken(kStart + kPaceRest + kPaceRest));
  const Time rested = kStart + kPaceRest + kPaceRest + 1ms;
  EXPECT_FALSE(pace.is_broken(rested));
  pace.note(rested, true);
  EXPECT_EQ(pace, (Pace{.from = rested, .pages = 1, .broken = {}}));
}

// A run over the end of one window may go unseen; one of twice as many never does.
TEST(PaceProperty, NoLongRunGoesUnseen) {
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    Rng rng(seed);
    Pace pace;
    Time now = kStart;
    for (std::uint64_t before = rng.below(kPacePages); before > 0; --before) {
      pace.note(now += Duration{static_cast<std::int64_t>(rng.below(1'000))}, true);
    }
    now += Duration{static_cast<std::int64_t>(rng.below(12'000))};
    const Time end = now + kPaceWindow;
    for (std::uint32_t i = 0; i <= 2 * kPacePages; ++i) {
      pace.note(std::min(now += Duration{static_cast<std::int64_t>(rng.below(150))}, end - 1ms),
                true);
    }
    ASSERT_TRUE(pace.is_broken(end)) << "seed " << seed;
  }
}

Folder hurried(std::uint32_t pages) {
  Folder folder;
  for (std::uint32_t i = 0; i < pages; ++i) {
    folder.add(page("/p/x" + std::to_string(i)), kStart + Duration{i});
  }
  return folder;
}

TEST(Pace, FromThereOnNothingIsEvidenceOrOutcome) {
  Folder folder = hurried(3);
  folder.add(decision_at(kStart + 5ms, decided("fit-help")));
  for (int i = 0; i < 30; ++i) folder.add(page("/p"), kStart + 6ms);
  const Profile before = folder.profile;
  EXPECT_TRUE(before.core.pace.is_broken(kStart + 1min));
  folder.add(track("Delivery Info Opened"), kStart + 1min);
  folder.add(track("Product Viewed", "p7", "shoes"), kStart + 1min);
  folder.add(order("o-1", 100, "p7"), kStart + 2min);
  EXPECT_EQ(folder.profile.derived, before.derived);
  EXPECT_EQ(folder.profile.core.exposures, before.core.exposures);
  EXPECT_EQ(folder.profile.core.interests, before.core.interests);
  EXPECT_EQ(folder.profile.core.orders_total, 0U);
  EXPECT_EQ(folder.profile.core.visit, before.core.visit);
  // A person with the same device, after a rest.
  folder.add(track("Delivery Info Opened"), kStart + 1h);
  EXPECT_EQ(folder.profile.core.visit.number, 2U);
  EXPECT_EQ(folder.profile.derived.signals.size(), 1U);
}

TEST(Pace, ConsentIsNotedAllTheSame) {
  Folder folder = hurried(kPacePages + 1);
  Event withdrawal = track(std::string(kConsentEvent));
  withdrawal.consent[static_cast<std::size_t>(Purpose::kPersonalization)] = ConsentState::kRefused;
  folder.add(withdrawal, kStart + 1s);
  EXPECT_EQ(folder.profile.core.consent.state(Purpose::kPersonalization), ConsentState::kRefused);
}

TEST(Pace, GoesWithAMerge) {
  Core fast, slow;
  fast.pace = after_pages(kPacePages + 1, 0s);
  slow.absorb(fast);
  EXPECT_TRUE(slow.pace.is_broken(kStart));
  fast.absorb(Core{});
  EXPECT_TRUE(fast.pace.is_broken(kStart));
}

}  // namespace
}  // namespace tact
