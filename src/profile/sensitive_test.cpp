// What is sensitive stays out of the profile, unless the visitor allowed it, and goes with the
// permission.
#include "profile/fold_test_util.h"

namespace tact {
namespace {

using namespace fold_test;

Event sensitive(Event event) {
  event.where.sensitive = true;
  if (!event.products.empty()) event.products[0].sensitive = true;
  return event;
}

Event says(ConsentState state) {
  Event event = track(std::string(kConsentEvent));
  event.consent[static_cast<std::size_t>(Purpose::kSensitive)] = state;
  return event;
}

// One event of each kind that leaves a trace, of the category "medicines".
void browse(Folder& folder, Time at) {
  Event first = page("/p/insulin", "p9");
  first.query = "insulin";
  first.where.source = TrafficSource::kSearch;
  first.where.campaign.name = "diabetes";
  folder.add(sensitive(first), at);
  folder.add(sensitive(track("Product Viewed", "p9", "medicines")), at + 1s);
  folder.add(sensitive(track("Size Guide Opened", "p9", "medicines")), at + 2s);
  folder.add(sensitive(track("Product Compared", "p9", "medicines")), at + 3s);
  folder.add(sensitive(track("Delivery Info Opened")), at + 4s);
  Event bought = order("o-1", 900, "p9");
  bought.products.push_back({.id = "p7", .category = "shoes"});
  folder.add(sensitive(bought), at + 5s);
  Event added = track("Product Added", "p9", "medicines");
  added.products.push_back({.id = "p7", .category = "shoes"});
  folder.add(sensitive(added), at + 6s);
}

bool holds(const std::string& bytes, std::string_view text) {
  return bytes.find(text) != std::string::npos;
}

TEST(Sensitive, LeavesNoTraceInTheProfileButThatItWas) {
  Folder folder;
  browse(folder, kStart);
  const Core& core = folder.profile.core;
  const std::string bytes = folder.profile.encode();
  for (const char* trace : {"medicines", "insulin", "diabetes", "p9"}) {
    EXPECT_FALSE(holds(bytes, trace)) << trace;
  }
  EXPECT_TRUE(folder.profile.derived.signals.empty());
  EXPECT_TRUE(core.interests.empty());
  EXPECT_EQ(core.events, 7U);
  EXPECT_EQ(core.visit.pages, 1U);
  EXPECT_EQ(core.visit.source, TrafficSource::kSearch);
  EXPECT_EQ(core.orders_total, 1U);
  EXPECT_EQ(core.value_total_minor, 900);
  ASSERT_EQ(core.orders.size(), 1U);
  ASSERT_EQ(core.orders[0].products.size(), 1U);  // what else was in it is nobody's secret
  EXPECT_EQ(core.orders[0].products[0].id, "p7");
  ASSERT_EQ(core.cart.size(), 1U);
  EXPECT_FALSE(core.holds_sensitive);
}

TEST(Sensitive, IsLikeAnythingElseOnceAllowed) {
  Folder folder;
  folder.add(says(ConsentState::kGranted), kStart);
  browse(folder, kStart + 1s);
  const Core& core = folder.profile.core;
  EXPECT_TRUE(core.holds_sensitive);
  EXPECT_EQ(folder.profile.derived.signals.size(), 3U);
  EXPECT_NE(core.find_interest(InterestKind::kCategory, "medicines"), nullptr);
  EXPECT_EQ(core.visit.entry_path, "/p/insulin");
  EXPECT_EQ(core.orders[0].products.size(), 2U);
  const auto read = Profile::decode(folder.profile.encode());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, folder.profile);
}

TEST(Sensitive, GoesWithThePermission) {
  for (const ConsentState no : {ConsentState::kRefused, ConsentState::kObjected}) {
    Folder folder;
    folder.add(says(ConsentState::kGranted), kStart);
    browse(folder, kStart + 1s);
    folder.add(says(no), kStart + 1min);
    const std::string bytes = folder.profile.encode();
    for (const char* trace : {"medicines", "insulin", "diabetes", "p9"}) {
      EXPECT_FALSE(holds(bytes, trace)) << trace;
    }
    EXPECT_FALSE(folder.profile.core.holds_sensitive);
    EXPECT_TRUE(folder.profile.derived.signals.empty());
    EXPECT_EQ(folder.profile.core.orders_total, 1U);
    browse(folder, kStart + 2min);
    EXPECT_FALSE(holds(folder.profile.encode(), "p9"));
  }
}

// A source's own basis is none for special categories of data.
TEST(Sensitive, NeedsTheVisitorsOwnWord) {
  Folder folder;
  Record record = record_of(sensitive(track("Size Guide Opened", "p9", "medicines")), kStart);
  record.flags |= record_flags::kBasisGranted;
  folder.add(record);
  EXPECT_TRUE(folder.profile.derived.signals.empty());
}

// Allowed on one device, refused on the other later: joined, it is refused.
TEST(Sensitive, IsForgottenWhenAMergeEndsThePermission) {
  Folder allowed, refused;
  allowed.add(says(ConsentState::kGranted), kStart);
  browse(allowed, kStart + 1s);
  refused.add(says(ConsentState::kRefused), kStart + 1min);
  Record join;
  join.received_at = join.event_time = kStart + 2min;
  join.body = AbsorbRecord{.loser = VisitorId{{8}},
                           .loser_offset = Offset{9},
                           .core = allowed.profile.core.encode(),
                           .derived = allowed.profile.derived.encode()};
  refused.add(join);
  EXPECT_FALSE(refused.profile.core.holds_sensitive);
  EXPECT_FALSE(holds(refused.profile.encode(), "medicines"));
}

TEST(Sensitive, AContactOnASensitivePageKeepsItsReactions) {
  Folder folder;
  folder.add(page("/p"), kStart);
  folder.add(decision_at(kStart + 1s, decided("fit-help")));
  folder.add(sensitive(reaction("Message Dismissed", 2)), kStart + 2s);
  EXPECT_TRUE(folder.profile.core.contacts.at(0).dismissed);
}

TEST(Adult, IsWhatATrustedSourceLastSaid) {
  Folder folder;
  EXPECT_EQ(folder.profile.core.adult, Adult::kUnknown);
  Event declared = track("Anything");
  declared.adult = Adult::kYes;
  folder.add(declared, kStart);
  EXPECT_EQ(folder.profile.core.adult, Adult::kYes);
  folder.add(track("Anything"), kStart + 1s);
  EXPECT_EQ(folder.profile.core.adult, Adult::kYes);
  declared.adult = Adult::kNo;
  folder.add(declared, kStart + 2s);
  EXPECT_EQ(folder.profile.core.adult, Adult::kNo);
}

TEST(Adult, AChildOnOneDeviceIsOneOnAll) {
  Core known, device;
  known.adult = Adult::kYes;
  device.adult = Adult::kNo;
  known.absorb(device);
  EXPECT_EQ(known.adult, Adult::kNo);
  Core blank;
  device.adult = Adult::kYes;
  blank.absorb(device);
  EXPECT_EQ(blank.adult, Adult::kYes);
  blank.absorb(Core{});
  EXPECT_EQ(blank.adult, Adult::kYes);
}

}  // namespace
}  // namespace tact
