// What a visitor looks at adds up to affinities: bounded, decayed, by category, brand and topic.
#include "profile/affinity.h"

#include "profile/fold_test_util.h"

namespace tact {
namespace {

using namespace fold_test;

Event viewed(std::string category, std::string brand) {
  Event event = track("Product Viewed", "p1", std::move(category));
  event.products[0].brand = std::move(brand);
  return event;
}

Event about(std::string topic) {
  Event event = page("/guides/x");
  event.where.topic = std::move(topic);
  return event;
}

std::int64_t of(const Folder& folder, InterestKind kind, std::string_view name, Time now = kStart) {
  return affinity_milli(folder.profile.core, kind, name, now);
}

TEST(Affinity, IsTheShareOfWhatWasLookedAtAndTwoLooksElsewhere) {
  Folder folder;
  EXPECT_EQ(of(folder, InterestKind::kBrand, "salomon"), 0);
  folder.add(viewed("shoes/trail", "salomon"), kStart);
  EXPECT_EQ(of(folder, InterestKind::kBrand, "salomon"), 333);
  EXPECT_EQ(of(folder, InterestKind::kCategory, "shoes"), 333) << "the top level";
  EXPECT_EQ(of(folder, InterestKind::kTopic, "salomon"), 0) << "another kind";
  for (int i = 0; i < 7; ++i) folder.add(viewed("shoes", "hoka"), kStart);
  EXPECT_EQ(of(folder, InterestKind::kCategory, "shoes"), 800);
  EXPECT_EQ(of(folder, InterestKind::kBrand, "salomon"), 100);
  EXPECT_EQ(of(folder, InterestKind::kBrand, "hoka"), 700);
}

TEST(Affinity, TopicsAreThoseOfPagesAndNotOfWhatIsTrackedOnThem) {
  Folder folder;
  folder.add(about("fit"), kStart);
  Event tracked = track("Size Guide Opened", "p1", "shoes");
  tracked.where.topic = "fit";
  folder.add(tracked, kStart + 1s);
  EXPECT_EQ(of(folder, InterestKind::kTopic, "fit"), 333);
  EXPECT_TRUE(folder.profile.core.interests.size() == 1U) << "no view of a product or list";
}

TEST(Affinity, FallsByHalfAndIsNeverMoreThanOne) {
  Folder folder;
  for (int i = 0; i < 8; ++i) folder.add(viewed("tents", "fjord"), kStart);
  const std::int64_t now = of(folder, InterestKind::kBrand, "fjord");
  EXPECT_EQ(now, 800);
  EXPECT_EQ(of(folder, InterestKind::kBrand, "fjord", kStart + days(30)), 667);  // 4 of 6
  EXPECT_EQ(of(folder, InterestKind::kBrand, "fjord", kStart + days(90)), 333);  // 1 of 3
  EXPECT_EQ(of(folder, InterestKind::kBrand, "fjord", kStart + days(900)), 0);
  for (int i = 0; i < 5'000; ++i) folder.add(viewed("tents", "fjord"), kStart);
  EXPECT_LE(of(folder, InterestKind::kBrand, "fjord"), 1'000);
}

TEST(Affinity, EachKindIsBoundedAndTheLeastRecentGoes) {
  Folder folder;
  const int most = static_cast<int>(Core::kMaxInterests);
  for (int i = 0; i < most + 3; ++i) {
    const std::string number = std::to_string(1000 + i);
    folder.add(viewed("c" + number, "b" + number), kStart + Duration{i});
    folder.add(about("t" + number), kStart + Duration{i + 60'000LL * i});
  }
  const Core& core = folder.profile.core;
  EXPECT_EQ(core.interests.size(), kInterestKinds * Core::kMaxInterests);
  for (const auto& [kind, name] : {std::pair(InterestKind::kCategory, "c100"),
                                   {InterestKind::kBrand, "b100"},
                                   {InterestKind::kTopic, "t100"}}) {
    EXPECT_EQ(core.find_interest(kind, std::string(name) + "2"), nullptr) << name;
    EXPECT_NE(core.find_interest(kind, std::string(name) + "3"), nullptr) << name;
  }
  folder.add(viewed("late", "late"), kStart + 1h, 2h);
  EXPECT_EQ(core.find_interest(InterestKind::kBrand, "late"), nullptr)
      << "older than all that is kept";
}

TEST(Affinity, DoesNotDependOnTheOrderOfLooks) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed);
    std::vector<Record> records;
    for (int i = 0; i < 60; ++i) {
      const std::string name = std::to_string(rng.below(10));
      const auto late = static_cast<std::int64_t>(rng.below(5 * 86'400'000ULL));
      records.push_back(record_of(rng.chance(0.5) ? viewed("c" + name, "b" + name) : about(name),
                                  kStart + days(5), Duration{late}));
    }
    const Folder before = folded(records);
    shuffle(records, rng);
    ASSERT_EQ(folded(records).profile.core.interests, before.profile.core.interests) << seed;
    Folder left, right;
    for (std::size_t i = 0; i < records.size(); ++i) (i % 2 == 0 ? left : right).add(records[i]);
    left.profile.core.absorb(right.profile.core);
    ASSERT_EQ(left.profile.core.interests, before.profile.core.interests) << "joined, " << seed;
  }
}

TEST(Affinity, OfWhatIsSensitiveThereIsNoneWithoutTheVisitorsWord) {
  Folder folder;
  Event event = viewed("medicines", "insulinum");
  event.where.topic = "diabetes";
  event.where.sensitive = event.products[0].sensitive = true;
  folder.add(event, kStart);
  Event read = about("diabetes");
  read.where.sensitive = true;
  folder.add(read, kStart + 1s);
  EXPECT_TRUE(folder.profile.core.interests.empty());
  Event yes = track(std::string(kConsentEvent));
  yes.consent[static_cast<std::size_t>(Purpose::kSensitive)] = ConsentState::kGranted;
  folder.add(yes, kStart + 2s);
  folder.add(event, kStart + 3s);
  folder.add(read, kStart + 4s);
  EXPECT_EQ(folder.profile.core.interests.size(), 3U);
  yes.consent[static_cast<std::size_t>(Purpose::kSensitive)] = ConsentState::kRefused;
  folder.add(yes, kStart + 5s);
  EXPECT_TRUE(folder.profile.core.interests.empty());
}

TEST(Affinity, BrandsStandInNoCartAndNoOrder) {
  Folder folder;
  for (const char* name : {"Product Added", "Order Completed"}) {
    Event event = track(name, "p1", "shoes");
    event.products[0].brand = "salomon";
    folder.add(event, kStart);
    const auto read = Profile::decode(folder.profile.encode());
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, folder.profile) << name;
  }
}

}  // namespace
}  // namespace tact
